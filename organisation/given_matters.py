"""Matters that the municipality has given to one body or seat beside its ordinary field (R46, R110, R125)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from organisation.models import Municipality


@dataclass(frozen=True)
class GivenMatter:
    """One such matter: ``held_by`` is the key of a body or of a seat type, or a kind of body."""

    key: str
    title: str
    held_by: str
    assigned_by: str = ""


def given_matters(municipality: Municipality, on: date) -> list[GivenMatter]:
    """Return the matters given on the day ``on``, in the order of the municipality's file."""
    return [
        GivenMatter(
            key=matter["key"],
            title=matter["title"],
            held_by=matter["held_by"],
            assigned_by=matter.get("assigned_by", ""),
        )
        for matter in municipality.responsibilities
        if _is_given(matter, on)
    ]


def _is_given(matter: dict[str, Any], on: date) -> bool:
    day = on.isoformat()
    return matter.get("from", day) <= day and day < matter.get("to", "9999-12-31")
