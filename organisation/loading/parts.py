"""What an app tells the loader: its nouns, their rows in a file, and what follows when they have changed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from organisation.models import Municipality
from organisation.municipality_file import MunicipalityFile
from organisation.municipality_file.nouns import NOWHERE, Place


@dataclass(frozen=True)
class Row:
    """One row as the file gives it: column to value, where a reference is the key of the other row."""

    values: Mapping[str, Any]
    at: Place = NOWHERE


def never_in_use(_ids: Collection[int]) -> set[int]:
    """No row of the noun is ever too used to be changed."""
    return set()


@dataclass(frozen=True)
class Noun:
    """One noun of the file and the model that keeps it.

    ``identity`` names the columns that tell a row from the others of its municipality; ``refs`` the columns
    that are foreign keys and the noun each leads to. Rows that agree on the columns ``apart`` may not overlap
    in time (none: they may; empty: no two of the municipality may). ``frozen`` columns of rows that are
    ``in_use`` are never rewritten, not even by force.
    """

    name: str
    label: str | Promise
    model: type[models.Model]
    rows: Callable[[MunicipalityFile], Iterable[Row]]
    identity: tuple[str, ...] = ("key",)
    refs: Mapping[str, str] = field(default_factory=dict)
    apart: tuple[str, ...] | None = None
    frozen: frozenset[str] = frozenset()
    in_use: Callable[[Collection[int]], set[int]] = never_in_use

    @property
    def tenant(self) -> str:
        """The column by which a row belongs to its municipality."""
        return "id" if self.model is Municipality else "municipality_id"

    def key_of(self, values: Mapping[str, Any]) -> str:
        """The name of a row within its municipality and noun."""
        return "/".join(str(values[column]) for column in self.identity)

    def undated_key_of(self, values: Mapping[str, Any]) -> str | None:
        """The name of a row without its first day; none when the first day is no part of the name."""
        if "valid_from" not in self.identity:
            return None
        return "/".join(str(values[column]) for column in self.identity if column != "valid_from")


def nothing_follows(_municipality: Municipality, _changed: Collection[str]) -> None:
    """Nothing is derived from the nouns of the part."""


@dataclass(frozen=True)
class LoaderPart:
    """An app's part of loading: its nouns in the order they are written, and what is derived afterwards.

    ``follow`` is called with the names of all nouns of which something was written. ``floor`` is the app's
    place in the house: a lower floor is written before a higher.
    """

    floor: int
    nouns: tuple[Noun, ...]
    follow: Callable[[Municipality, Collection[str]], None] = nothing_follows


_parts: list[LoaderPart] = []


def register(part: LoaderPart) -> None:
    """Add an app's part; called once per app when it is ready."""
    _parts.append(part)
    _parts.sort(key=lambda kept: kept.floor)


def parts() -> tuple[LoaderPart, ...]:
    """Every app's part, the lowest floor first."""
    return tuple(_parts)
