"""What stands on a case's page for one person: facts, story, and the forms of what they can do."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.case.rows import rows_of
from incidents.forms import ClosingForm, ReopeningForm, SeriousForm
from incidents.models import TOLD, Identity, Incident, IncidentState, IncidentStatus
from incidents.reader import reader_of
from incidents.sight import Sight
from organisation import clock
from organisation.access import Scope
from organisation.models import User
from organisation.permissions import VIEW_BODY
from organisation.responsibility import who_handles
from organisation.sharing import share_with, shares_of


def case_page(incident: Incident, person: User, *, sent: Any = None) -> dict[str, Any]:
    """Return the context of the case's page for ``person``; ``sent`` is a form to show again with its errors."""
    sight = Sight.of(incident, person)
    forms = _forms(incident, sent) if sight.handles else {}
    shares = shares_of(incident)
    return {
        "case": incident,
        "sight": sight,
        "text": _text(incident) if sight.reads_text else "",
        "facts": _facts(incident, sight),
        # The workplace's, whoever reported: who reads this very report stands among the facts, for those who may know.
        "handler": who_handles(incident.body, clock.today()),
        "sees_seats": Scope.of(person).holds(VIEW_BODY),
        "story": _story(incident, sight),
        "rows": rows_of(incident, sight),
        "forms": forms,
        "sent": sent,
        # What was typed in a form that can't be shown again, since the case has changed meanwhile.
        "unsaved": "" if sent is None or sent in forms.values() else _typed(sent),
        "page_error": sent is not None,
        "way_here": _way_here(sight),
        "may_log_risk": Scope.of(person).allows("risks.add_risk", incident),
        "shares": shares if sight.handles else [],
        "shared_with_me": share_with(person, shares),
    }


def _way_here(sight: Sight) -> list[tuple[str, str]]:
    if sight.is_reporter:
        return [(_("My reports"), reverse("incidents:mine"))]
    return [(_("Cases"), reverse("incidents:inbox"))]


def _text(incident: Incident) -> str:
    return incident.narratives.filter(key=TOLD).values_list("text", flat=True).first() or ""


def _facts(incident: Incident, sight: Sight) -> list[dict[str, Any]]:
    facts = [
        (_("What"), incident.get_kind_display()),
        (_("Workplace"), incident.body.name),
        (_("Happened"), _happened(incident)),
        (_("Came in"), _moment(incident.reported_at)),
        (_("Answer by"), date_format(incident.answer_by, "j F Y") if incident.answer_by else None),
    ]
    # Who reads depends on who reported: a superior in the manager's place would tell that the manager did.
    if sight.sees_reporter and (reporter := _reporter(incident)):
        reader = reader_of(incident.body, reporter, incident.reported_on)
        facts.append((_("Reads and answers"), f"{reader.person.name}, {reader.title}" if reader else None))
        facts.append((_("Reported by"), reporter.name))
    return [{"key": key, "value": value} for key, value in facts]


def _happened(incident: Incident) -> str:
    day = date_format(incident.occurred_on, "j F Y")
    return day if incident.occurred_on != incident.reported_on else f"{incident.get_occurred_when_display()}, {day}"


def _reporter(incident: Incident) -> User | None:
    found = incident.identities.filter(role=Identity.Role.REPORTER).select_related("person").first()
    return found.person if found else None


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def _story(incident: Incident, sight: Sight) -> list[dict[str, Any]]:
    """Return what has happened to the case, newest first; the words only for those who may read the text."""
    statuses = incident.statuses.select_related("by").order_by("-at", "-pk")
    return [
        {
            "when": _moment(status.at),
            "who": status.by.name if status.by else "",
            "title": _title(status),
            "text": status.reason if sight.reads_text else "",
        }
        for status in statuses
    ]


def _title(status: IncidentStatus) -> str:
    if status.change != IncidentStatus.Change.STATE:
        return str(IncidentStatus.Change(status.change).label)
    if status.to_state == IncidentState.NEW:
        return _("The report came in")
    if status.to_state == IncidentState.CLOSED:
        return _("Answered and closed")
    return _("Taken up again") if status.from_state == IncidentState.CLOSED else _("Read")


def _typed(sent: Any) -> str:
    return "\n".join(str(field.value() or "") for field in sent)


def _forms(incident: Incident, sent: Any) -> dict[str, Any]:
    """Return the forms of what can be done now, with ``sent`` in place of an empty one."""
    kinds: dict[str, Any] = (
        {"reopen": ReopeningForm}
        if incident.is_closed
        else {
            "close": ClosingForm,
            "serious": SeriousForm,
        }
    )
    return {name: sent if isinstance(sent, kind) else kind() for name, kind in kinds.items()}
