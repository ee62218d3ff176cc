"""A case held for one change at a time, and the row that every change leaves in its story."""

from datetime import datetime

from incidents.errors import OwnReport, ReasonMissing
from incidents.models import Incident, IncidentStatus
from incidents.permissions import HANDLE_INCIDENT
from organisation import clock
from organisation.access import require
from organisation.models import User


def require_handler(incident: Incident, by: User) -> None:
    """Raise ``NotAllowed``, or ``OwnReport``, unless ``by`` handles the case."""
    require(by, HANDLE_INCIDENT, incident)
    if incident.is_reported_by(by):
        raise OwnReport


def locked(incident: Incident) -> Incident:
    """Return the case as it stands, held until the transaction ends."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("body__municipality", "municipality")
    return rows.get(pk=incident.pk)


def locked_for_handler(incident: Incident, by: User) -> Incident:
    """Return the case as ``locked`` does. Raises ``NotAllowed`` or ``OwnReport`` unless ``by`` handles it."""
    incident = locked(incident)
    require_handler(incident, by)
    return incident


def note(
    incident: Incident, change: str, *, by: User | None, reason: str = "", at: datetime | None = None
) -> IncidentStatus:
    """Append to the case's story what was changed (an ``IncidentStatus.Change``), by whom and why.

    ``by`` is none where it was the reporter, whose name stands in ``Identity`` alone, or the portal itself.
    """
    return incident.statuses.create(
        change=change, from_state=incident.state, to_state=incident.state, by=by, at=at or clock.now(), reason=reason
    )


def said(words: str) -> str:
    """Return the words without space around. Raises ``ReasonMissing`` when there are none."""
    if not words.strip():
        raise ReasonMissing
    return words.strip()
