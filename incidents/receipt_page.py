"""What stands on the receipt: number and code, what happens now and who to talk to."""

import re
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.models import Identity, Incident
from incidents.reader import reader_of_case
from incidents.services.codes import code_of, grouped
from organisation.answer_words import in_a_sentence
from organisation.models import SeatKind, User
from organisation.union.representatives import those_told_of


def receipt_page(incident: Incident, reporter: User | None) -> dict[str, Any]:
    """Return the context of the receipt; built from the day of the report, so that it stays the same.

    ``reporter`` is none where the report came without log-in.
    """
    return {
        "incident": incident,
        "municipality": incident.municipality,
        "is_demo": incident.municipality.is_demo,
        "reporter": reporter,
        "code": grouped(code_of(incident)),
        "happens": _happens(incident, reporter),
        "contacts": [_reachable(contact) for contact in incident.municipality.support_contacts],
    }


def reporter_of(incident: Incident) -> User | None:
    """Return the account of whoever reported, if it came from one."""
    of_reporter = incident.identities.filter(role=Identity.Role.REPORTER, person__isnull=False)
    found = of_reporter.select_related("person").first()
    return found.person if found else None


def _happens(incident: Incident, reporter: User | None) -> list[dict[str, Any]]:
    sent = date_format(localtime(incident.reported_at), "DATETIME_FORMAT")
    steps = [{"title": _("The report is sent"), "detail": sent, "done": True}, reading_step(incident, reporter)]
    kept_from = set(incident.withheld.values_list("person_id", flat=True))
    standing = those_told_of(incident.body, incident.reported_on)
    told = [one for one in standing if one.person != reporter and one.person_id not in kept_from]
    if told:
        is_chief = told[0].seat.seat_type.kind == SeatKind.CHIEF_SAFETY_REPRESENTATIVE
        words = _("Chief safety representative %(name)s is told"), _("Safety representative %(name)s is told")
        steps.append(
            {
                "title": words[not is_chief] % {"name": ", ".join(one.person.name for one in told)},
                "detail": _("That something has happened, not who reported it"),
            }
        )
    return steps


def reading_step(incident: Incident, reporter: User | None) -> dict[str, Any]:
    """Return the step that says who reads, or honestly that nobody is appointed."""
    reader = reader_of_case(incident, reporter)
    if reader is None:
        return {
            "title": _("Those who coordinate the safety work see to it that somebody reads it"),
            "detail": _("No manager is appointed for the workplace just now."),
        }
    day = date_format(incident.answer_by, "l j F Y") if incident.answer_by else ""
    who = {"name": reader.person.name, "title": in_a_sentence(reader.title)}
    return {
        "title": _("%(name)s, %(title)s, reads it") % who,
        "detail": _("You get an answer by %(day)s at the latest") % {"day": day} if day else "",
    }


def _reachable(contact: dict[str, Any]) -> dict[str, Any]:
    """Return the contact with its number as a telephone dials it."""
    return contact | {"dial": re.sub(r"[^+\d]", "", contact.get("phone") or "")}
