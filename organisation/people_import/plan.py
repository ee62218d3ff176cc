"""What a run would write, change by change: first shown as a dry run, then written as it was shown.

A body, a person or a seat that is new has no id yet: what refers to it names its key instead.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from organisation.people_import.columns import FileKind

# How many of each the dry run shows; the rest is counted.
MOST_SHOWN = 20

PersonRef = int | str
"""Id of a person who stands, or personnel id of a new one."""
SeatRef = int | tuple[int, str]
"""Id of a seat that stands, or seat type's id and body's key of a new one."""


class NewBody(NamedTuple):
    """A body begins under ``parent`` (none: under nothing)."""

    key: str
    name: str
    kind: str
    parent: str
    valid_from: date
    valid_to: date | None
    successor: str


class RenamedBody(NamedTuple):
    """A body is called otherwise from today; ``reference`` is the decision as typed."""

    key: str
    before: str
    after: str
    reference: str


class MovedBody(NamedTuple):
    """A body stands under another from today; ``reference`` is the decision as typed."""

    key: str
    before: str
    after: str
    reference: str


class ClosedBody(NamedTuple):
    """A body ends before ``valid_to``; ``successor`` takes over what it leaves, and those who work there."""

    key: str
    valid_to: date
    successor: str
    reference: str


class NewSeat(NamedTuple):
    """A seat begins at a body."""

    seat_type: int
    body: str
    valid_from: date
    valid_to: date | None


class NewPerson(NamedTuple):
    """Somebody gets an account."""

    personnel_id: str
    name: str
    email: str


class ChangedPerson(NamedTuple):
    """Somebody is called otherwise, or has another address."""

    id: int
    name: str
    email: str


class NewAppointment(NamedTuple):
    """Somebody holds a seat during [valid_from, valid_to)."""

    person: PersonRef
    seat: SeatRef
    valid_from: date
    valid_to: date | None
    is_deputy: bool
    reference: str


class ChangedAppointment(NamedTuple):
    """An appointment as it is to be; one that is taken back before it began ends on its first day."""

    id: int
    seat: int
    valid_from: date
    valid_to: date | None
    is_deputy: bool
    reference: str


class NewHeadcount(NamedTuple):
    """How many a body had on a day."""

    body: str
    counted_on: date
    employees: int


class ChangedHeadcount(NamedTuple):
    """Another number for the same body and day."""

    id: int
    employees: int


class Fact(NamedTuple):
    """One thing that changes about a row: what, before, after; dates as ISO text."""

    what: str
    before: str
    after: str


@dataclass
class Told:
    """What one file does, in numbers, with the first of each."""

    adds: int = 0
    changes: int = 0
    ends: int = 0
    same: int = 0
    first: dict[str, list[Any]] = field(default_factory=lambda: {"adds": [], "changes": [], "ends": []})
    unused: list[str] = field(default_factory=list)

    def tell(self, how: str, name: str, key: str, facts: Iterable[Fact] = ()) -> None:
        """Count one row under ``how`` (adds, changes, ends), and show it while few are shown."""
        setattr(self, how, getattr(self, how) + 1)
        if len(self.first[how]) < MOST_SHOWN:
            self.first[how].append([name, key, [list(fact) for fact in facts]])

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a JSON column."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass
class Plan:
    """Everything that a run would write on the day ``on``."""

    on: date
    new_bodies: list[NewBody] = field(default_factory=list)
    renamed: list[RenamedBody] = field(default_factory=list)
    moved: list[MovedBody] = field(default_factory=list)
    closed: list[ClosedBody] = field(default_factory=list)
    new_seats: dict[tuple[int, str], NewSeat] = field(default_factory=dict)
    new_people: list[NewPerson] = field(default_factory=list)
    changed_people: list[ChangedPerson] = field(default_factory=list)
    leaving: list[int] = field(default_factory=list)
    returning: list[int] = field(default_factory=list)
    new_appointments: list[NewAppointment] = field(default_factory=list)
    changed_appointments: dict[int, ChangedAppointment] = field(default_factory=dict)
    new_headcounts: list[NewHeadcount] = field(default_factory=list)
    changed_headcounts: list[ChangedHeadcount] = field(default_factory=list)
    told: dict[FileKind, Told] = field(default_factory=dict)

    def changes(self) -> Iterator[tuple[str, Sequence[Any]]]:
        """Yield (what, its changes) of everything that is to be written."""
        for one in fields(self):
            if one.name not in ("on", "told"):
                found = getattr(self, one.name)
                yield one.name, list(found.values()) if isinstance(found, dict) else found

    @property
    def reorganises(self) -> bool:
        """Tell whether bodies that stand are renamed, moved or closed: reorganisations, each with its record."""
        return bool(self.renamed or self.moved or self.closed)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to be written: the portal stands as the files say."""
        return not any(found for _what, found in self.changes())

    def digest(self) -> str:
        """SHA-256 of everything that is to be written: what is confirmed is what is written."""
        digest = hashlib.sha256()
        for what, found in self.changes():
            digest.update(what.encode())
            for change in found:
                digest.update(repr(change).encode())
        return digest.hexdigest()

    def count(self, how: str) -> int:
        """Return how many rows of all files are added, changed or ended."""
        return sum(getattr(told, how) for told in self.told.values())
