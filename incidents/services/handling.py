"""Reading and answering a case: opened, marked as serious, closed with an answer, taken up again."""

from datetime import timedelta

from django.db import transaction

from incidents import notices
from incidents.errors import OwnReport, ReasonMissing
from incidents.models import Incident, IncidentState, IncidentStatus, ReadLog
from incidents.permissions import HANDLE_INCIDENT
from incidents.sight import Sight
from incidents.transitions import may_become
from organisation import clock
from organisation.access import require
from organisation.errors import WrongState
from organisation.models import User

# The same person who reads the same case again within this time has read it once.
ONE_READING = timedelta(hours=1)


@transaction.atomic
def open_case(*, incident: Incident, by: User) -> Incident:
    """Note that ``by`` opened the case; a handler's first opening makes it read.

    The reporter's own look at the case leaves no trace, nor does that of someone who may not read the text.
    """
    sight = Sight.of(incident, by)
    if sight.is_reporter or not sight.reads_text:
        return incident
    incident = _locked(incident)
    now = clock.now()
    if not incident.readings.filter(by=by, at__gt=now - ONE_READING).exists():
        ReadLog.objects.create(incident=incident, by=by, at=now)
    if sight.handles and incident.state == IncidentState.NEW:
        _move(incident, IncidentState.READ, by=by)
    return incident


def require_handler(incident: Incident, by: User) -> None:
    """Raise ``NotAllowed``, or ``OwnReport``, unless ``by`` handles the case."""
    require(by, HANDLE_INCIDENT, incident)
    if incident.is_reported_by(by):
        raise OwnReport


@transaction.atomic
def close_case(*, incident: Incident, feedback: str, by: User) -> Incident:
    """Close the case with ``feedback``, the answer that the reporter gets.

    Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``, ``WrongState``.
    """
    incident = _locked_for_handler(incident, by)
    status = _move(incident, IncidentState.CLOSED, by=by, reason=_said(feedback))
    notices.tell_reporter(status)
    return incident


@transaction.atomic
def reopen_case(*, incident: Incident, reason: str, by: User) -> Incident:
    """Take a closed case up again, with ``reason``; raises as ``close_case``."""
    incident = _locked_for_handler(incident, by)
    status = _move(incident, IncidentState.READ, by=by, reason=_said(reason))
    notices.tell_reporter(status)
    return incident


@transaction.atomic
def mark_serious(*, incident: Incident, serious: bool, reason: str, by: User) -> Incident:
    """Put the case above all others, or take the mark away; raises as ``close_case``."""
    incident = _locked_for_handler(incident, by)
    if incident.serious == serious or incident.is_closed:
        raise WrongState
    said = _said(reason)
    incident.serious = serious
    incident.save(update_fields=["serious"])
    change = IncidentStatus.Change.SERIOUS if serious else IncidentStatus.Change.NOT_SERIOUS
    incident.statuses.create(
        change=change, from_state=incident.state, to_state=incident.state, by=by, at=clock.now(), reason=said
    )
    return incident


def _locked(incident: Incident) -> Incident:
    return Incident.objects.select_for_update(of=("self",)).select_related("body", "municipality").get(pk=incident.pk)


def _locked_for_handler(incident: Incident, by: User) -> Incident:
    incident = _locked(incident)
    require_handler(incident, by)
    return incident


def _said(words: str) -> str:
    if not words.strip():
        raise ReasonMissing
    return words.strip()


def _move(incident: Incident, wanted: str, *, by: User, reason: str = "") -> IncidentStatus:
    """Change the state by the table of transitions and append the row that says who and why."""
    if not may_become(incident.state, wanted):
        raise WrongState
    before, incident.state = incident.state, wanted
    incident.save(update_fields=["state"])
    return incident.statuses.create(from_state=before, to_state=wanted, by=by, at=clock.now(), reason=reason)
