"""What all entries of a municipality file share: where they stand, what they cite, when they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from organisation.municipality_file.kinds import ActorKind

T = TypeVar("T")


@dataclass(frozen=True)
class Ref:
    """Marks a text as the key of an entry in another section, for example `Ref("bodies")`."""

    section: str


@dataclass(frozen=True)
class Between:
    """Marks a whole number as bounded, both ends included."""

    low: int
    high: int


@dataclass(frozen=True)
class Pattern:
    """Marks a text as having one form; `example` is shown to whoever wrote another."""

    regex: str
    example: str


@dataclass(frozen=True)
class AtMost:
    """Marks a text as at most so many characters; a text without the mark holds 200."""

    characters: int


Key = Annotated[str, Pattern(r"[a-z0-9]+(?:[_-][a-z0-9]+)*", "socialnamnden"), AtMost(60)]
Name = Annotated[str, AtMost(120)]
LongText = Annotated[str, AtMost(4000)]


def named(yaml_key: str, default: Any = None) -> Any:
    """A field whose key in the file can't be a Python name (`from`) or reads better there."""
    return field(default=default, metadata={"key": yaml_key})


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the file: its path (`bodies[kommunstyrelsen]`), its line and the line of each key."""

    file: str
    line: int
    path: str
    key_lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def line_of(self, key: str) -> int:
        """The line of one key of the entry, else the line of the entry."""
        return self.key_lines.get(key, self.line)


NOWHERE = Place(file="", line=0, path="")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of the file.

    `source` holds references to what the entry comes from, as typed: requirement ids, sections, pages.
    `from_document` is False where the file adds something that the municipality's document does not say.
    """

    source: tuple[str, ...] = ()
    from_document: bool = True
    at: Place = field(default=NOWHERE, compare=False, repr=False)

    # An entry may be written as its one most important value instead of as a mapping.
    shorthand: ClassVar[str | None] = None
    # What tells an entry from the others of its list.
    unique_by: ClassVar[tuple[str, ...]] = ("key",)


@dataclass(frozen=True, kw_only=True)
class Dated(Entry):
    """An entry that holds in [valid_from, valid_to); None is an open end."""

    valid_from: dt.date | None = named("from")
    valid_to: dt.date | None = named("to")

    def holds_on(self, day: dt.date) -> bool:
        """Whether the entry holds on the day; its last day is the day before `valid_to`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: Dated) -> bool:
        """Whether there is a day on which both hold."""
        return (self.valid_from is None or other.valid_to is None or self.valid_from < other.valid_to) and (
            other.valid_from is None or self.valid_to is None or other.valid_from < self.valid_to
        )


@dataclass(frozen=True, kw_only=True)
class Sourced(Entry, Generic[T]):
    """One value with its source; None where the document leaves it unsaid."""

    shorthand: ClassVar[str | None] = "value"

    value: T


UNSAID: Sourced[Any] = Sourced(value=None)


@dataclass(frozen=True)
class Actor:
    """Somebody who does something: all bodies of a kind, one body, or the holder of a seat.

    In the file it is one word; the reader finds out which of the three it names.
    """

    kind: ActorKind
    key: str
