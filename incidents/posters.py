"""A workplace's poster: its address as a code to scan and as text, and the numbers to call."""

from typing import Any

from django.utils.translation import gettext as _

from incidents.services import takes_without_login
from organisation import clock
from organisation.models import Body

# Name in the address → the page of the print sheet.
SIZES = {"a4": "poster", "a6": "card"}
# On a poster there is room for the first of the municipality's own contacts.
MOST_CONTACTS = 4


def poster_of(body: Body, address: str) -> dict[str, Any]:
    """Return what the poster says; ``address`` is the whole address of the workplace's report."""
    municipality = body.municipality
    contacts = [one for one in municipality.support_contacts if one.get("phone")]
    return {
        "municipality": municipality,
        "is_demo": municipality.is_demo,
        "body": body,
        "address": address,
        "shown_address": address.split("://", 1)[-1].rstrip("/"),
        "without_login": takes_without_login(municipality.rules(clock.today())),
        "contacts": contacts[:MOST_CONTACTS],
        "qr_title": _("The address of the report for %(body)s") % {"body": body.name},
    }
