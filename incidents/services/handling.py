"""Reading and answering a case: opened, marked as serious, closed with an answer, taken up again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language

from incidents import notices
from incidents.errors import DecisionsOpen
from incidents.models import Incident, IncidentState, IncidentStatus, NoticeState, ReadLog
from incidents.services.assigning import close_by, take_on, take_up
from incidents.services.case_tasks import answered, suggest_tasks
from incidents.services.locking import locked, locked_for_handler, note, require_handler, said
from incidents.sight import Sight
from incidents.transitions import may_become
from organisation import clock
from organisation.errors import WrongState
from organisation.models import User

__all__ = ["close_case", "mark_serious", "open_case", "open_decisions", "reopen_case", "require_handler"]

# The same person who reads the same case again within this time has read it once.
ONE_READING = timedelta(hours=1)


@transaction.atomic
def open_case(*, incident: Incident, by: User) -> Incident:
    """Note that ``by`` opened the case; a handler's first opening makes it read, and suggests what is to be done.

    Whoever has the case has taken it on by that. The reporter's own look at the case leaves no trace, nor does that of
    someone who may not read the text.
    """
    sight = Sight.of(incident, by)
    if sight.is_reporter or not sight.reads_text:
        return incident
    incident = locked(incident)
    now = clock.now()
    read = incident.readings.filter(by=by, what=ReadLog.What.CASE, at__gt=now - ONE_READING)
    if not read.exists():
        ReadLog.objects.create(incident=incident, by=by, at=now)
    if sight.handles:
        first = incident.state == IncidentState.NEW
        if first:
            incident.read_at = now
            move(incident, IncidentState.READ, by=by, also=["read_at"])
            suggest_tasks(incident, to=by, now=now)
        take_on(incident, by=by, now=now, tell=not first)
    return incident


@transaction.atomic
def close_case(*, incident: Incident, feedback: str, by: User, unanswered_because: str = "") -> Incident:
    """Close the case with ``feedback``, the answer that the reporter gets.

    Or without an answer, and then with the reason why there is none. Raises ``NotAllowed``, ``OwnReport``,
    ``ReasonMissing`` when there is neither, ``DecisionsOpen``, ``WrongState``.
    """
    incident = locked_for_handler(incident, by)
    is_answered = not unanswered_because.strip()
    words = said(feedback if is_answered else unanswered_because)
    require_decisions(incident)
    now = clock.now()
    change = IncidentStatus.Change.STATE if is_answered else IncidentStatus.Change.CLOSED_UNANSWERED
    if is_answered:
        answered(incident, by=by, now=now)
    incident.closed_at = now
    status = move(
        incident, IncidentState.CLOSED, by=by, reason=words, change=change, also=["closed_at", "first_answered_at"]
    )
    close_by(incident, by=by, now=now)
    notices.tell_reporter(status)
    return incident


@transaction.atomic
def reopen_case(*, incident: Incident, reason: str, by: User) -> Incident:
    """Take a closed case up again, with ``reason``; one that was merged stands by itself again.

    Raises as ``close_case``.
    """
    incident = locked_for_handler(incident, by)
    incident.closed_at = incident.merged_into = None
    status = move(incident, IncidentState.READ, by=by, reason=said(reason), also=["closed_at", "merged_into"])
    take_up(incident, by=by, now=clock.now())
    notices.tell_reporter(status)
    return incident


@transaction.atomic
def mark_serious(*, incident: Incident, serious: bool, reason: str, by: User) -> Incident:
    """Put the case above all others, or take the mark away; raises as ``close_case``."""
    incident = locked_for_handler(incident, by)
    if incident.serious == serious or incident.is_closed:
        raise WrongState
    words = said(reason)
    incident.serious = serious
    incident.save(update_fields=["serious"])
    change = IncidentStatus.Change.SERIOUS if serious else IncidentStatus.Change.NOT_SERIOUS
    note(incident, change, by=by, reason=words)
    return incident


def open_decisions(incident: Incident) -> list[str]:
    """Return what must be decided before the case can be closed, each duty to notify in words; one query."""
    language = (get_language() or "sv").split("-")[0]
    waiting = incident.notices.filter(state=NoticeState.TO_DECIDE).select_related("rule")
    return [notice.rule.title.get(language) or notice.rule.title.get("sv") or notice.rule.key for notice in waiting]


def require_decisions(incident: Incident) -> None:
    """Raise ``DecisionsOpen``, which names them, while duties to notify are undecided."""
    if waiting := open_decisions(incident):
        raise DecisionsOpen(waiting)


def move(
    incident: Incident,
    wanted: str,
    *,
    by: User,
    at: datetime | None = None,
    reason: str = "",
    change: str = IncidentStatus.Change.STATE,
    also: list[str] | None = None,
) -> IncidentStatus:
    """Change a locked case's state by the table of transitions and append the row that says who and why.

    ``also`` names fields that were set along with it. Raises ``WrongState``.
    """
    if not may_become(incident.state, wanted):
        raise WrongState
    before, incident.state = incident.state, wanted
    incident.save(update_fields=["state", *(also or ())])
    return incident.statuses.create(
        change=change, from_state=before, to_state=wanted, by=by, at=at or clock.now(), reason=reason
    )
