"""The typed nouns of a municipality file: the schema is these dataclasses, read by `reader`.

A field's type says what the file may hold there; a field without default is required.
"""

from organisation.municipality_file.nouns.base import NOWHERE, UNSAID, Actor, Dated, Entry, Place, Sourced
from organisation.municipality_file.nouns.bodies import Body, Placement, ReadingDuty, Responsibility, SeatType
from organisation.municipality_file.nouns.documents import Clause, DecisionNote, Document, Replaces, Version
from organisation.municipality_file.nouns.file import MunicipalityFile, Reporting, SupportContact
from organisation.municipality_file.nouns.municipality import (
    Adopts,
    Election,
    EscalationStep,
    Municipality,
    Review,
    Ruleset,
    SourceDocument,
)
from organisation.municipality_file.nouns.scales import Scale
from organisation.municipality_file.nouns.vocabulary import (
    Area,
    Band,
    Dimension,
    Goal,
    Indicator,
    Law,
    Level,
    LevelMeaning,
    Obligation,
    ProtectedValue,
    Word,
    Words,
)

__all__ = [
    "NOWHERE",
    "UNSAID",
    "Actor",
    "Adopts",
    "Area",
    "Band",
    "Body",
    "Clause",
    "Dated",
    "DecisionNote",
    "Dimension",
    "Document",
    "Election",
    "Entry",
    "EscalationStep",
    "Goal",
    "Indicator",
    "Law",
    "Level",
    "LevelMeaning",
    "Municipality",
    "MunicipalityFile",
    "Obligation",
    "Place",
    "Placement",
    "ProtectedValue",
    "ReadingDuty",
    "Replaces",
    "Reporting",
    "Responsibility",
    "Review",
    "Ruleset",
    "Scale",
    "SeatType",
    "SourceDocument",
    "Sourced",
    "SupportContact",
    "Version",
    "Word",
    "Words",
]
