"""Risks, their assessments and the scale they are judged on."""

from risks.models.risk import (
    DERIVED,
    AssessedConsequence,
    Assessment,
    Horizon,
    Risk,
    RiskCounter,
    RiskGround,
    RiskQuerySet,
    RiskState,
    RiskStatus,
    Serious,
    Stage,
)
from risks.models.scale import GENERAL, Band, Level, Scale, cell_name, cell_of

__all__ = [
    "DERIVED",
    "GENERAL",
    "AssessedConsequence",
    "Assessment",
    "Band",
    "Horizon",
    "Level",
    "Risk",
    "RiskCounter",
    "RiskGround",
    "RiskQuerySet",
    "RiskState",
    "RiskStatus",
    "Scale",
    "Serious",
    "Stage",
    "cell_name",
    "cell_of",
]
