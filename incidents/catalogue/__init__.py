"""The catalogue of questions, and the sets that ask them."""

from incidents.catalogue.questions import (
    CATALOGUE,
    FOR_CLOCKS,
    FOR_STATISTICS,
    FREE,
    REQUIRED,
    Group,
    Kept,
    Question,
    Type,
)
from incidents.catalogue.reading import SetsError, packaged_sets, read_folder
from incidents.catalogue.sets import Asked, AskedSet, question_of, set_from

__all__ = [
    "CATALOGUE",
    "FOR_CLOCKS",
    "FOR_STATISTICS",
    "FREE",
    "REQUIRED",
    "Asked",
    "AskedSet",
    "Group",
    "Kept",
    "Question",
    "SetsError",
    "Type",
    "packaged_sets",
    "question_of",
    "read_folder",
    "set_from",
]
