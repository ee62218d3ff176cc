"""Action plans, their versions and decisions, and the measures they promise."""

from actionplans.models.measure import (
    Measure,
    MeasureRisk,
    MeasureState,
    MeasureType,
    ResourceKind,
    ResourceLine,
)
from actionplans.models.plan import (
    Plan,
    PlanDecision,
    PlanGrant,
    PlanQuerySet,
    PlanStatus,
    PlanVersion,
    VersionState,
    content_hash,
)

__all__ = [
    "Measure",
    "MeasureRisk",
    "MeasureState",
    "MeasureType",
    "Plan",
    "PlanDecision",
    "PlanGrant",
    "PlanQuerySet",
    "PlanStatus",
    "PlanVersion",
    "ResourceKind",
    "ResourceLine",
    "VersionState",
    "content_hash",
]
