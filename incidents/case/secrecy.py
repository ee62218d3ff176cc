"""The secrecy of a case on its first page, and on a page of its own."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.disclosure.items import moment
from incidents.forms.secrecy import LiftMarkForm, MarkForm
from incidents.models import Incident, SecrecyMark
from incidents.permissions import DISCLOSE_CASE
from incidents.sight import Sight
from organisation.access import Scope
from organisation.models import User


def secrecy_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """For those who handle the case: whether secrecy may apply."""
    if not sight.handles:
        return None
    return CaseRow(
        title=_("Secrecy"),
        url=reverse("incidents:secrecy", args=[incident.public_id]),
        status=_("Carries a secrecy mark") if incident.secret else _("No mark"),
        tone="wait" if incident.secret else "",
    )


def register_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """For those who handle the case: its registry number."""
    if not sight.handles:
        return None
    return CaseRow(
        title=_("Register"),
        url=reverse("incidents:case_register", args=[incident.public_id]),
        status=incident.registry_number or _("No registry number"),
    )


def readings_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """For the reporter: how often what they told has been opened."""
    if not sight.is_reporter:
        return None
    number = incident.readings.count()
    words = ngettext("Opened %(number)s time", "Opened %(number)s times", number) % {"number": number}
    return CaseRow(
        title=_("Who has read it"),
        url=reverse("incidents:case_readings", args=[incident.public_id]),
        status=words if number else _("Nobody yet"),
    )


def secrecy_page(incident: Incident, person: User, *, sent: Any = None) -> dict[str, Any]:
    """Return the context of the secrecy page; ``sent`` is a form to show again with its errors."""
    marks = list(incident.secrecy_marks.select_related("by", "lifted_by"))
    standing = [mark.provision for mark in marks if mark.lifted_at is None]
    may = Scope.of(person).allows(DISCLOSE_CASE, incident)
    lift = sent if isinstance(sent, LiftMarkForm) else LiftMarkForm(marks=standing)
    return {
        "case": incident,
        "marks": [_told(mark) for mark in marks],
        "form": sent if isinstance(sent, MarkForm) else MarkForm(),
        "lift": lift if standing else None,
        "sent": sent,
        "page_error": sent is not None,
        "may_lift": may,
        "way_here": way_to(incident),
    }


def _told(mark: SecrecyMark) -> dict[str, Any]:
    marked = _("%(when)s by %(name)s") % {"when": moment(mark.at), "name": mark.by.name}
    told = {"provision": mark.provision, "reason": mark.reason, "marked": marked, "stands": mark.lifted_at is None}
    if mark.lifted_by is not None:
        lifted = {"when": moment(mark.lifted_at), "name": mark.lifted_by.name}
        told |= {"lifted": _("%(when)s by %(name)s") % lifted, "why": mark.lifted_reason}
    return told


def way_to(incident: Incident) -> list[tuple[str, str]]:
    """Return the way to a page of a case."""
    return [
        (_("Cases"), reverse("incidents:inbox")),
        (incident.label, reverse("incidents:case", args=[incident.public_id])),
    ]
