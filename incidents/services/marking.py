"""Secrecy marks and the registry number of a case."""

from django.db import transaction
from django.db.models import QuerySet

from incidents.errors import MarkedAlready, OwnReport, ProvisionMissing
from incidents.models import Incident, IncidentStatus, SecrecyMark
from incidents.permissions import DISCLOSE_CASE
from incidents.services.locking import locked, locked_for_handler, note, said
from organisation import clock
from organisation.access import require
from organisation.errors import WrongState
from organisation.models import User


def require_discloser(incident: Incident, by: User) -> None:
    """Raise ``NotAllowed``, or ``OwnReport``, unless ``by`` decides about disclosure of the case (OSL 6:3)."""
    require(by, DISCLOSE_CASE, incident)
    if incident.is_reported_by(by):
        raise OwnReport


@transaction.atomic
def mark_secret(*, incident: Incident, provision: str, reason: str, by: User) -> SecrecyMark:
    """Mark that secrecy may apply by ``provision``, such as "OSL 39:3" (OSL 5:5).

    A mark is a warning, set by whoever handles the case; each disclosure is assessed anyway. Raises ``NotAllowed``,
    ``OwnReport``, ``ProvisionMissing``, ``ReasonMissing``, ``MarkedAlready``.
    """
    incident = locked_for_handler(incident, by)
    if not provision.strip():
        raise ProvisionMissing
    why = said(reason)
    if _standing(incident).filter(provision=provision.strip()).exists():
        raise MarkedAlready
    mark = SecrecyMark.objects.create(incident=incident, provision=provision.strip(), reason=why, by=by, at=clock.now())
    _follow(incident, IncidentStatus.Change.MARKED_SECRET, by)
    return mark


@transaction.atomic
def lift_mark(*, incident: Incident, provision: str, reason: str, by: User) -> SecrecyMark:
    """Lift the mark by ``provision``, with a reason: for whoever decides about disclosure.

    Raises as ``mark_secret``, and ``WrongState`` without a mark.
    """
    incident = locked(incident)
    require_discloser(incident, by)
    why = said(reason)
    mark = _standing(incident).filter(provision=provision).first()
    if mark is None:
        raise WrongState
    mark.lifted_at, mark.lifted_by, mark.lifted_reason = clock.now(), by, why
    mark.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    _follow(incident, IncidentStatus.Change.MARK_LIFTED, by)
    return mark


@transaction.atomic
def set_registry_number(*, incident: Incident, number: str, by: User) -> Incident:
    """Keep the registry number (diarienummer) as the registry gave it; empty takes it away (OSL 5:2).

    Raises ``NotAllowed``, ``OwnReport``.
    """
    incident = locked_for_handler(incident, by)
    incident.registry_number = number.strip()
    incident.save(update_fields=["registry_number"])
    return incident


def _standing(incident: Incident) -> "QuerySet[SecrecyMark]":
    return incident.secrecy_marks.filter(lifted_at__isnull=True)


def _follow(incident: Incident, change: str, by: User) -> None:
    """Let the case say whether any mark stands, and append the row that says who changed it."""
    incident.secret = _standing(incident).exists()
    incident.save(update_fields=["secret"])
    note(incident, change, by=by)
