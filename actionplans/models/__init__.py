"""Action plans, their versions and decisions, and the measures they promise."""

from actionplans.models.measure import (
    UNFINISHED,
    Measure,
    MeasureQuerySet,
    MeasureRisk,
    MeasureState,
    MeasureStatus,
    MeasureType,
    ResourceKind,
    ResourceLine,
)
from actionplans.models.plan import (
    OPEN_STATES,
    Plan,
    PlanDecision,
    PlanGrant,
    PlanQuerySet,
    PlanShare,
    PlanStatus,
    PlanVersion,
    PlanVersionQuerySet,
    VersionState,
    content_hash,
)

__all__ = [
    "OPEN_STATES",
    "UNFINISHED",
    "Measure",
    "MeasureQuerySet",
    "MeasureRisk",
    "MeasureState",
    "MeasureStatus",
    "MeasureType",
    "Plan",
    "PlanDecision",
    "PlanGrant",
    "PlanQuerySet",
    "PlanShare",
    "PlanStatus",
    "PlanVersion",
    "PlanVersionQuerySet",
    "ResourceKind",
    "ResourceLine",
    "VersionState",
    "content_hash",
]
