"""Risks, their assessments and the scale they are judged on."""

from risks.models.risk import (
    AssessedConsequence,
    Assessment,
    Horizon,
    Risk,
    RiskGround,
    RiskQuerySet,
    RiskState,
    Serious,
    Stage,
)
from risks.models.scale import Band, Scale

__all__ = [
    "AssessedConsequence",
    "Assessment",
    "Band",
    "Horizon",
    "Risk",
    "RiskGround",
    "RiskQuerySet",
    "RiskState",
    "Scale",
    "Serious",
    "Stage",
]
