"""While a threat remains: who was warned before the next visit and what changed; and when it no longer remains."""

from datetime import timedelta

from django.db import transaction

from incidents.errors import ReasonMissing, ThreatEnded
from incidents.models import Incident, IncidentStatus, Precaution
from incidents.services.locking import locked_for_handler, note
from organisation import clock
from organisation.models import User

# The same words within this time are the same precaution: a double click, a page sent anew.
SAME_FORM = timedelta(minutes=30)

Change = IncidentStatus.Change


@transaction.atomic
def answer_whether_threat_remains(*, incident: Incident, remains: bool, reason: str, by: User) -> Incident:
    """Note whether the threat remains; that it no longer does takes a ``reason``.

    The same answer again changes nothing. Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``.
    """
    incident = locked_for_handler(incident, by)
    if not remains and not reason.strip():
        raise ReasonMissing
    if incident.threat_remains == remains:
        return incident
    incident.threat_remains = remains
    incident.save(update_fields=["threat_remains"])
    note(incident, Change.THREAT_REMAINS if remains else Change.THREAT_ENDED, by=by, reason=reason.strip())
    return incident


@transaction.atomic
def note_precaution(
    *, incident: Incident, warned: str, two_staff: bool, alarm: bool, changed: str, by: User
) -> Precaution:
    """Note a precaution: ``warned`` is a group or a function, never the client; ``changed`` is what else is done.

    Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing`` when nobody was warned and nothing is done,
    ``ThreatEnded`` unless the threat remains.
    """
    incident = locked_for_handler(incident, by)
    if not incident.threat_remains:
        raise ThreatEnded
    facts = {"warned": warned.strip(), "two_staff": two_staff, "alarm": alarm, "changed": changed.strip()}
    if not facts["warned"]:
        raise ReasonMissing
    lately = incident.precautions.filter(**facts, by=by, at__gt=clock.now() - SAME_FORM)
    if already := lately.first():
        return already
    precaution = incident.precautions.create(**facts, by=by, at=clock.now())
    note(incident, Change.PRECAUTION, by=by)
    return precaution
