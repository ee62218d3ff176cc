"""Support on a case's pages: its row on the first one, and its own page for handlers and for the reporter."""

import re
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.forms.support import AnswerForm, OfferForm, given_form
from incidents.models import Incident, IncidentStatus, SupportOffer
from incidents.services import crisis_group_for
from incidents.sight import Sight
from incidents.support import concerns_somebody
from organisation.pages.group import contacts_of

Answer = SupportOffer.Answer


def support_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return where support stands, to those who handle the case and to the reporter."""
    if not (sight.handles or sight.is_reporter) or not concerns_somebody(incident):
        return None
    if incident.withdrawn_at or incident.disposed_at:
        return None
    offers = list(incident.support_offers.all())
    tone, status = _standing(offers, sight)
    title = _("Support for you") if sight.is_reporter else _("Support for the one affected")
    return CaseRow(title, reverse("incidents:support", args=[incident.public_id]), status, tone)


def _standing(offers: list[SupportOffer], sight: Sight) -> tuple[str, str]:
    """Return tone and words. What waits for somebody comes first."""
    if any(offer.answer == Answer.ACCEPTED and not offer.given_at for offer in offers):
        return "new", _("Wanted, not given yet")
    if any(not offer.answer for offer in offers):
        return "new", _("Waits for your answer") if sight.is_reporter else _("Offered, not answered yet")
    if any(offer.given_at for offer in offers):
        return "done", _("Given")
    if offers:
        return "", _("Declined")
    return ("", _("You can ask for it")) if sight.is_reporter else ("new", _("Not offered yet"))


def support_page(incident: Incident, sight: Sight, *, sent: Any = None) -> dict[str, Any]:
    """Return the context of the page; ``sent`` is a form to show again with its errors."""
    offers = list(incident.support_offers.select_related("by"))
    stands = concerns_somebody(incident) and not incident.withdrawn_at and not incident.disposed_at
    waits = next((offer for offer in reversed(offers) if not offer.answer), None)
    group = crisis_group_for(incident) if sight.handles else None
    forms = _forms(sight, waits) if stands else {}
    forms = {name: sent if isinstance(sent, type(form)) else form for name, form in forms.items()}
    if "answer" in forms and not sight.is_reporter:
        forms["answer"]["answer"].label = _("What did the one affected answer?")
    return {
        "case": incident,
        "sight": sight,
        "stands": stands,
        "offers": [_told(offer, sight) for offer in offers],
        "waits": waits,
        "wanted": any(offer.answer == Answer.ACCEPTED and not offer.given_at for offer in offers),
        "forms": forms,
        "sent": sent,
        "page_error": sent is not None,
        "group": group,
        "group_contacts": _reachable(contacts_of(group)) if group else [],
        "group_called": _called(incident) if group else "",
        "contacts": _reachable(incident.municipality.support_contacts),
        "way_here": way_to_part(incident, sight),
    }


def _reachable(contacts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the contacts, each with its number as a telephone dials it."""
    return [contact | {"dial": re.sub(r"[^+\d]", "", contact.get("phone") or "")} for contact in contacts]


def _called(incident: Incident) -> str:
    calls = incident.statuses.filter(change=IncidentStatus.Change.CRISIS_GROUP).select_related("by")
    last = calls.order_by("-at", "-pk").first()
    if last is None or last.by is None:
        return ""
    when = date_format(localtime(last.at), "DATETIME_FORMAT")
    return _("Last called by %(name)s, %(when)s.") % {"name": last.by.name, "when": when}


def _forms(sight: Sight, waits: SupportOffer | None) -> dict[str, Any]:
    if sight.is_reporter:
        return {"answer": AnswerForm()}
    return ({"answer": AnswerForm()} if waits else {"offer": OfferForm()}) | {"given": given_form()}


def _told(offer: SupportOffer, sight: Sight) -> dict[str, str]:
    """Return one offer as a row of the page's table."""
    days = _("after %(n)s days") % {"n": offer.day} if offer.day else ""
    by = offer.by.name if offer.by and not sight.is_reporter else ""
    return {
        "when": _day(offer.offered_at),
        "how": ", ".join(filter(None, (days, by))),
        "answer": f"{offer.get_answer_display()}, {_day(offer.answered_at)}" if offer.answer else "",
        "given": f"{offer.given_by}, {_day(offer.given_at)}" if offer.given_at else "",
    }


def _day(moment: Any) -> str:
    return date_format(localtime(moment), "j F Y")
