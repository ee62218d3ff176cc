"""Judging a risk anew, and putting the risks in order."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from organisation import clock
from organisation.models import Municipality, Ruleset, User
from risks.models import Assessment, Risk
from risks.ranking import derived_columns
from risks.services.steps import Consequences, judged, locked, refuse_closed, refuse_stale, save, write_assessment


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
    risk = locked(risk, by)
    if submission_key and (made := risk.assessments.filter(submission_key=submission_key, by=by).first()):
        return made
    refuse_closed(risk)
    refuse_stale(risk, expected_version)
    assessment = judged(risk.municipality, clock.today(), stage, likelihood, consequences, note, by)
    if submission_key:
        assessment.submission_key = submission_key
    write_assessment(assessment, risk, consequences)
    latest = latest_by_stage(risk.assessments.select_related("scale"))
    save(risk, **derived_columns(latest, _persons_rank(risk)))
    return assessment


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


def _persons_rank(risk: Risk) -> str:
    return risk.municipality.rules(clock.today()).persons_rank
