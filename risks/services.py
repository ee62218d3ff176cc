"""What can be done to a risk: log, judge, edit, close and open again."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from incidents.models import Incident
from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed, StaleVersion, WrongState
from organisation.models import Body, Municipality, Ruleset, TenantModel, User
from policies.models import Area, Dimension, ProtectedValue
from risks.errors import NoScale, NotOurs, ReasonMissing
from risks.models import (
    AssessedConsequence,
    Assessment,
    Horizon,
    Risk,
    RiskCounter,
    RiskGround,
    RiskState,
    RiskStatus,
    Scale,
    Serious,
    Stage,
)
from risks.permissions import ADD_RISK, CHANGE_RISK
from risks.ranking import derived_columns, judge
from risks.transitions import may_become

Consequences = Mapping[Dimension | None, int]


@transaction.atomic
def log_risk(
    *,
    body: Body,
    title: str,
    likelihood: int,
    consequences: Consequences,
    by: User,
    submission_key: UUID,
    area: Area | None = None,
    protected_value: ProtectedValue | None = None,
    horizon: str = Horizon.EXISTING,
    serious: str = Serious.UNKNOWN,
    description: str = "",
    note: str = "",
    incidents: Iterable[Incident] = (),
) -> Risk:
    """Log a risk at ``body`` with its first judgement, before measures, and return it (R89, R92).

    ``consequences`` maps the municipality's dimensions (None: it has none) to steps of the scale in force.
    The same ``submission_key`` again, by the same person, gives the risk that it gave the first time.
    Raises ``NotAllowed``, ``NotOurs``, ``NoScale``, ``ConsequenceMissing`` or ``OutsideScale``.
    """
    require(by, ADD_RISK, body)
    on = clock.today()
    _refuse_foreign(body.municipality, on, body, area, protected_value)
    grounds = _visible_incidents(incidents, by)
    counter = _locked_counter(body.municipality, on.year)
    if logged := Risk.objects.filter(submission_key=submission_key).first():
        if logged.created_by_id != by.pk:
            raise NotAllowed
        return logged
    counter.last += 1
    counter.save(update_fields=["last"])
    first = _judged(body.municipality, on, Stage.BEFORE, likelihood, consequences, note, by)
    risk = Risk.objects.create(
        municipality=body.municipality,
        body=body,
        year=on.year,
        number=counter.last,
        title=title,
        description=description,
        area=area,
        protected_value=protected_value,
        horizon=horizon,
        serious=serious,
        created_by=by,
        created_at=clock.now(),
        submission_key=submission_key,
        **derived_columns({Stage.BEFORE: first}, body.municipality.rules(on).persons_rank),
    )
    _write_assessment(first, risk, consequences)
    _write_grounds(risk, grounds)
    _append_status(risk, "", by, "")
    return risk


@transaction.atomic
def assess_risk(
    *,
    risk: Risk,
    stage: str,
    likelihood: int,
    consequences: Consequences,
    by: User,
    expected_version: int,
    note: str = "",
    submission_key: UUID | None = None,
) -> Assessment:
    """Judge ``risk`` anew at ``stage``, on the scale in force today; earlier judgements stay as they are.

    The same ``submission_key`` again gives the same judgement. Raises ``StaleVersion`` when the risk has
    changed since ``expected_version``, ``WrongState`` when it is closed, else as ``log_risk``.
    """
    risk = _locked(risk, by)
    if submission_key and (made := risk.assessments.filter(submission_key=submission_key, by=by).first()):
        return made
    _refuse_closed(risk)
    _refuse_stale(risk, expected_version)
    assessment = _judged(risk.municipality, clock.today(), stage, likelihood, consequences, note, by)
    if submission_key:
        assessment.submission_key = submission_key
    _write_assessment(assessment, risk, consequences)
    latest = latest_by_stage(risk.assessments.select_related("scale"))
    _save(risk, **derived_columns(latest, _persons_rank(risk)))
    return assessment


@transaction.atomic
def edit_risk(
    *,
    risk: Risk,
    body: Body,
    title: str,
    area: Area | None,
    protected_value: ProtectedValue | None,
    horizon: str,
    serious: str,
    description: str,
    incidents: Iterable[Incident],
    by: User,
    expected_version: int,
) -> Risk:
    """Change what is said of ``risk``; its level changes by ``assess_risk`` alone.

    ``incidents`` are the grounds that ``by`` may see; grounds that the person can't see are kept.
    Raises ``StaleVersion`` when someone else has saved since ``expected_version``, ``WrongState`` when
    the risk is closed, ``NotAllowed`` when it is moved to a body where the person may log none.
    """
    risk = _locked(risk, by)
    _refuse_closed(risk)
    _refuse_stale(risk, expected_version)
    if body.pk != risk.body_id:
        require(by, ADD_RISK, body)
        _refuse_foreign(risk.municipality, clock.today(), body)
    changed = [
        word
        for word, kept in ((area, risk.area_id), (protected_value, risk.protected_value_id))
        if word and word.pk != kept
    ]
    _refuse_foreign(risk.municipality, clock.today(), *changed)
    grounds = _visible_incidents(incidents, by)
    RiskGround.objects.filter(risk=risk, incident__in=Incident.objects.visible_to(by)).exclude(
        incident__in=grounds
    ).delete()
    _write_grounds(risk, grounds)
    return _save(
        risk,
        body=body,
        title=title,
        area=area,
        protected_value=protected_value,
        horizon=horizon,
        serious=serious,
        description=description,
    )


@transaction.atomic
def close_risk(*, risk: Risk, reason: str, by: User) -> Risk:
    """Close ``risk``: it is gone, or is kept elsewhere; ``reason`` says which. Raises as ``edit_risk``."""
    return _become(risk, RiskState.CLOSED, reason, by)


@transaction.atomic
def reopen_risk(*, risk: Risk, reason: str, by: User) -> Risk:
    """Open a closed ``risk`` again, with the reason. Raises as ``edit_risk``."""
    return _become(risk, RiskState.OPEN, reason, by)


@transaction.atomic
def rank_anew(*, municipality: Municipality) -> int:
    """Order the municipality's risks by the rule in force today; return how many changed place.

    To be called when a rule about persons has changed, or begins to be in force (R3, R139).
    """
    rank = municipality.rules(clock.today()).persons_rank
    risks = Risk.objects.filter(municipality=municipality).prefetch_related("assessments__scale")
    misplaced = [risk.pk for risk in risks.iterator(chunk_size=500) if risk.sort_key != _place(risk, rank)]
    # Judged meanwhile, perhaps: read again under the lock.
    moved = list(risks.filter(pk__in=misplaced).select_for_update())
    for risk in moved:
        risk.sort_key = _place(risk, rank)
    Risk.objects.bulk_update(moved, ["sort_key"], batch_size=500)
    return len(moved)


def rank_by_new_rules() -> int:
    """Do ``rank_anew`` where a rule has begun or ended in the last days; return how many risks changed place.

    A week is allowed for, since the worker may have stood still.
    """
    on = clock.today()
    lately = (on - timedelta(days=7), on)
    rules = Ruleset.objects.filter(Q(valid_from__range=lately) | Q(valid_to__range=lately))
    municipalities = Municipality.objects.filter(pk__in=rules.values("municipality_id"))
    return sum(rank_anew(municipality=municipality) for municipality in municipalities)


def _place(risk: Risk, persons_rank: str) -> int:
    place: int = derived_columns(latest_by_stage(risk.assessments.all()), persons_rank)["sort_key"]
    return place


def latest_by_stage(assessments: Iterable[Assessment]) -> dict[str, Assessment]:
    """Return stage → the newest of ``assessments`` of that stage."""
    return {row.stage: row for row in sorted(assessments, key=lambda row: (row.assessed_on, row.pk))}


def _locked(risk: Risk, by: User) -> Risk:
    locked = Risk.objects.select_for_update(of=("self",)).select_related("body", "municipality").get(pk=risk.pk)
    require(by, CHANGE_RISK, locked)
    return locked


def _refuse_closed(risk: Risk) -> None:
    if not risk.is_open:
        raise WrongState


def _refuse_stale(risk: Risk, expected_version: int) -> None:
    if risk.version != expected_version:
        raise StaleVersion


def _refuse_foreign(municipality: Municipality, on: date, *rows: TenantModel | None) -> None:
    for row in rows:
        if row is None:
            continue
        if row.municipality_id != municipality.pk or not getattr(row, "is_in_force", lambda _on: True)(on):
            raise NotOurs


def _visible_incidents(incidents: Iterable[Incident], by: User) -> list[Incident]:
    """Return the incidents; refuse when the person may not see one of them."""
    wanted = list({incident.pk: incident for incident in incidents}.values())
    if not wanted:
        return []
    seen = Incident.objects.visible_to(by).filter(pk__in=[incident.pk for incident in wanted]).count()
    if seen != len(wanted):
        raise NotAllowed
    return wanted


def _locked_counter(municipality: Municipality, year: int) -> RiskCounter:
    """Return the year's counter, locked: who holds it gives the next number, and numbers have no gaps."""
    RiskCounter.objects.get_or_create(municipality=municipality, year=year)
    return RiskCounter.objects.select_for_update().get(municipality=municipality, year=year)


def _judged(
    municipality: Municipality,
    on: date,
    stage: str,
    likelihood: int,
    consequences: Consequences,
    note: str,
    by: User,
) -> Assessment:
    """Return an unsaved assessment on the scale in force."""
    scale = Scale.objects.for_risks(municipality, on)
    if scale is None:
        raise NoScale
    has_dimensions = Dimension.objects.filter(municipality=municipality).in_force(on).exists()
    if any((dimension is None) is has_dimensions for dimension in consequences):
        raise NotOurs
    _refuse_foreign(municipality, on, *consequences)
    judgement = judge(scale, likelihood, consequences)
    return Assessment(municipality=municipality, stage=stage, note=note, assessed_on=on, by=by, **judgement.columns)


def _write_assessment(assessment: Assessment, risk: Risk, consequences: Consequences) -> None:
    assessment.risk = risk
    assessment.save()
    AssessedConsequence.objects.bulk_create(
        AssessedConsequence(assessment=assessment, dimension=dimension, level=step)
        for dimension, step in consequences.items()
        if dimension is not None
    )


def _write_grounds(risk: Risk, incidents: Iterable[Incident]) -> None:
    cited = set(risk.grounds.values_list("incident_id", flat=True))
    for incident in incidents:
        if incident.pk not in cited:
            RiskGround.objects.create(municipality_id=risk.municipality_id, risk=risk, incident=incident)


def _persons_rank(risk: Risk) -> str:
    return risk.municipality.rules(clock.today()).persons_rank


def _save(risk: Risk, **columns: Any) -> Risk:
    """Write the columns and count up the version, so that a form opened before is seen to be stale."""
    for name, value in columns.items():
        setattr(risk, name, value)
    risk.version += 1
    risk.save()
    return risk


def _become(risk: Risk, state: str, reason: str, by: User) -> Risk:
    risk = _locked(risk, by)
    if not may_become(risk.state, state):
        raise WrongState
    if not reason.strip():
        raise ReasonMissing
    before, risk.state = risk.state, state
    _append_status(risk, before, by, reason.strip())
    return _save(risk)


def _append_status(risk: Risk, from_state: str, by: User, reason: str) -> None:
    RiskStatus.objects.create(
        risk=risk, from_state=from_state, to_state=risk.state, by=by, at=clock.now(), reason=reason
    )
