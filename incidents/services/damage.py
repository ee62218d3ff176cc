"""What an event led to and cost, in the municipality's dimensions, and claims on the insurer (R24, R38, R84, R112)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Sum

from incidents.errors import ClaimRefused, OwnReport
from incidents.models import Claim, ClaimState, Consequence, Incident, IncidentStatus
from incidents.services.locking import locked, note
from incidents.sight import Sight
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import User
from policies.models import Dimension


@dataclass(frozen=True)
class Judged:
    """How grave an event was in one dimension (``Consequence.Level``), and what it cost there in öre, if known."""

    level: int
    cost_ore: int | None = None


@dataclass(frozen=True)
class ClaimValues:
    """A claim as the form tells it; amounts in öre, none where nothing is known yet."""

    insurer: str
    number: str = ""
    state: str = ClaimState.TO_SEND
    sent_on: date | None = None
    claimed_ore: int | None = None
    paid_ore: int | None = None
    decided_on: date | None = None
    deductible_ore: int | None = None


def require_keeper(incident: Incident, person: User) -> None:
    """Raise ``NotAllowed``, or ``OwnReport``, unless the person keeps what the case cost."""
    sight = Sight.of(incident, person)
    if sight.is_reporter:
        raise OwnReport
    if not sight.keeps_damage:
        raise NotAllowed


@transaction.atomic
def judge_consequences(*, incident: Incident, judged: Mapping[Dimension, Judged | None], by: User) -> Incident:
    """Write how grave the event was in each dimension and what it cost there; none takes a judgement away.

    The case's cost is the sum of what is known, and unknown as long as nothing is. Raises ``NotAllowed``,
    ``OwnReport``.
    """
    incident = _locked(incident, by)
    standing = {one.dimension_id: one for one in incident.consequences.all()}
    changed = False
    for dimension, wanted in judged.items():
        if dimension.municipality_id != incident.municipality_id:
            raise NotAllowed
        changed |= _judge(incident, dimension, standing.get(dimension.pk), wanted)
    if changed:
        incident.cost_ore = incident.consequences.aggregate(total=Sum("cost_ore"))["total"]
        incident.save(update_fields=["cost_ore"])
        note(incident, IncidentStatus.Change.CONSEQUENCE, by=by)
    return incident


@transaction.atomic
def open_claim(*, incident: Incident, values: ClaimValues, by: User) -> Claim:
    """Begin a claim on the insurer; the same claim again, from a form sent twice, is the same.

    Raises ``NotAllowed``, ``OwnReport``, ``ClaimRefused``.
    """
    incident = _locked(incident, by)
    _check(incident, values)
    if same := incident.claims.filter(**vars(values)).first():
        return same
    claim = Claim.objects.create(municipality=incident.municipality, incident=incident, **vars(values))
    note(incident, IncidentStatus.Change.CLAIM, by=by)
    return claim


@transaction.atomic
def change_claim(*, claim: Claim, values: ClaimValues, by: User) -> Claim:
    """Write down how a claim goes on. Raises as ``open_claim``, and ``WrongState`` for a deductible that is paid."""
    incident = _locked(claim.incident, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    _check(incident, values)
    if values.deductible_ore != claim.deductible_ore and claim.fund_entries.exists():
        raise WrongState
    if all(getattr(claim, name) == value for name, value in vars(values).items()):
        return claim
    for name, value in vars(values).items():
        setattr(claim, name, value)
    claim.save()
    note(incident, IncidentStatus.Change.CLAIM, by=by)
    return claim


def _locked(incident: Incident, by: User) -> Incident:
    incident = locked(incident)
    require_keeper(incident, by)
    return incident


def _judge(incident: Incident, dimension: Dimension, now: Consequence | None, wanted: Judged | None) -> bool:
    """Write one dimension's judgement; tell whether anything has changed."""
    if wanted is None:
        if now is not None:
            now.delete()
        return now is not None
    row = now or Consequence(municipality=incident.municipality, incident=incident, dimension=dimension)
    if now is not None and (now.level, now.cost_ore) == (wanted.level, wanted.cost_ore):
        return False
    row.level, row.cost_ore = wanted.level, wanted.cost_ore
    row.save()
    return True


def _check(incident: Incident, values: ClaimValues) -> None:
    today = clock.today()
    days = [day for day in (values.sent_on, values.decided_on) if day is not None]
    if any(day > today or day < incident.occurred_on for day in days):
        raise ClaimRefused
    if values.sent_on and values.decided_on and values.decided_on < values.sent_on:
        raise ClaimRefused
