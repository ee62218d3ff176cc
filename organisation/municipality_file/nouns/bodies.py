"""The bodies of the municipality, the seats in them, and what each answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from organisation.municipality_file.kinds import BodyKind, ReadingOccasion, SeatKind
from organisation.municipality_file.nouns.base import Actor, Between, Dated, Key, LongText, Name, Ref


@dataclass(frozen=True, kw_only=True)
class Placement(Dated):
    """Where a body stands in [from, to)."""

    parent: Annotated[str, Ref("bodies")]


@dataclass(frozen=True, kw_only=True)
class Body(Dated):
    """A body: committee, company, department, unit, group …

    `parent` is for a body that has stood in one place; `placements` for one that has been moved.
    Readers ask `standing()`, which answers for both.
    """

    key: Key
    kind: BodyKind
    name: Name
    parent: Annotated[str, Ref("bodies")] | None = None
    placements: tuple[Placement, ...] = ()
    successor: Annotated[str, Ref("bodies")] | None = None
    members: tuple[Actor, ...] = ()
    note: LongText = ""

    def standing(self) -> tuple[Placement, ...]:
        """Every dated placement of the body; empty for one that stands under nothing."""
        if self.placements or self.parent is None:
            return self.placements
        return (
            Placement(
                parent=self.parent,
                valid_from=self.valid_from,
                valid_to=self.valid_to,
                source=self.source,
                from_document=self.from_document,
                at=self.at,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class SeatType(Dated):
    """A kind of seat with the title the municipality gives it.

    `sits_at` names body kinds or single bodies: there is one such seat at each of them. `falls_back_to` is the
    seat type that answers while the seat is empty; None means that an empty seat is a vacancy to mend.
    """

    key: Key
    title: Name
    kind: SeatKind
    sits_at: tuple[Actor, ...]
    min_holders: Annotated[int, Between(0, 999)] = 1
    max_holders: Annotated[int, Between(1, 9999)] | None = None
    appointed_by: Actor | None = None
    reports_to: Actor | None = None
    falls_back_to: Annotated[str, Ref("seat_types")] | None = None
    note: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Responsibility(Dated):
    """A matter that one body or seat has been given beside its ordinary field, for example insurance needs."""

    key: Key
    title: str
    held_by: Actor
    assigned_by: Actor | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingDuty(Dated):
    """Who is to read and acknowledge which governing document, and when; empty `who` is everybody."""

    key: Key
    document: Annotated[str, Ref("documents")]
    occasion: ReadingOccasion
    who: tuple[Actor, ...] = ()
