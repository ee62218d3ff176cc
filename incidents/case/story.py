"""What has happened in a case, told to one person: newest first, and no more than they may know."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.models import Assignment, Incident, IncidentState, IncidentStatus
from incidents.sight import Sight

Change = IncidentStatus.Change
# Words that are meant for the reporter; all others are those of the handlers among themselves.
FOR_THE_REPORTER = frozenset(
    {
        Change.STATE,
        Change.CLOSED_UNANSWERED,
        Change.MERGED,
        Change.COPIED,
        Change.FROM_REPORTER,
        Change.WITHDRAWN,
    }
)
# Who it came to, and in which order, may tell who reported: a superior in the manager's place.
ABOUT_HANDLERS = frozenset({Change.ASSIGNED, Change.ACKNOWLEDGED, Change.REMINDED, Change.PASSED_ON})


def story_of(incident: Incident, sight: Sight) -> list[dict[str, Any]]:
    """Return what has happened to the case; the words only for those who may read the text. Two queries."""
    statuses = incident.statuses.select_related("by").order_by("-at", "-pk")
    given = _given(incident) if sight.sees_reporter else {}
    return [
        {
            "when": moment(status.at),
            "who": _who(status, sight),
            "title": _title(status, given.get(status.at)),
            "text": status.reason if _reads(status, sight) else "",
        }
        for status in statuses
    ]


def moment(at: Any) -> str:
    """Return the day and time as they are written on a page."""
    return date_format(localtime(at), "DATETIME_FORMAT")


def _given(incident: Incident) -> dict[Any, Assignment]:
    return {one.assigned_at: one for one in incident.assignments.select_related("person")}


def _who(status: IncidentStatus, sight: Sight) -> str:
    if status.by is None or (status.change in ABOUT_HANDLERS and not sight.sees_reporter):
        return ""
    return status.by.name


def _reads(status: IncidentStatus, sight: Sight) -> bool:
    return status.change in FOR_THE_REPORTER if sight.is_reporter else sight.reads_text


def _title(status: IncidentStatus, given: Assignment | None) -> str:
    if given is not None and status.change in (Change.ASSIGNED, Change.PASSED_ON):
        words = {"name": given.person.name, "title": given.title}
        return _("Given to %(name)s, %(title)s") % words if given.title else _("Given to %(name)s") % words
    if status.change != Change.STATE:
        return str(Change(status.change).label)
    if status.to_state == IncidentState.NEW:
        return _("The report came in")
    if status.to_state == IncidentState.CLOSED:
        return _("Answered and closed")
    return _("Taken up again") if status.from_state == IncidentState.CLOSED else _("Read")
