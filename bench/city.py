"""A generated city: at scale 1 it has 60,000 people, 5,000 units, 1,000,000 incidents, 100,000 risks and
300,000 measures over ten years. A hundredth of it stands beside it in the same database, to compare with.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar

from django.db import models

from organisation.models import (
    Body,
    BodyKind,
    Municipality,
    Seat,
    SeatKind,
    User,
)

Model = TypeVar("Model", bound=models.Model)

UNITS, INCIDENTS, RISKS, MEASURES = 5_000, 1_000_000, 100_000, 300_000
COMMITTEES = 60
PEOPLE_AT_A_UNIT = 12
YEARS = 10
LAST_YEAR = 2025
LAST_DAY = date(LAST_YEAR, 12, 31)
# However small the city: three pages of any list.
EVENTS = frozenset({"incidents", "risks", "measures"})
FEWEST = {"units": 16, "committees": 8, "incidents": 200, "risks": 700, "measures": 600}

SITS_AT = {
    SeatKind.CHAIR: BodyKind.COMMITTEE,
    SeatKind.SECRETARY: BodyKind.COMMITTEE,
    SeatKind.HEAD: BodyKind.DEPARTMENT,
    SeatKind.DEPARTMENT_COORDINATOR: BodyKind.DEPARTMENT,
    SeatKind.UNIT_MANAGER: BodyKind.UNIT,
    SeatKind.UNIT_OMBUD: BodyKind.UNIT,
    SeatKind.EMPLOYEE: BodyKind.UNIT,
    SeatKind.SAFETY_COORDINATOR: BodyKind.SAFETY_UNIT,
}
ALONE = (SeatKind.UNIT_MANAGER, SeatKind.UNIT_OMBUD)
APPOINTED_BY = {SeatKind.UNIT_MANAGER: SeatKind.HEAD, SeatKind.UNIT_OMBUD: SeatKind.UNIT_MANAGER}


@dataclass
class City:
    """The generated municipality, its bodies and seats, and the people who look at pages."""

    municipality: Municipality
    scale: float
    events: float
    chance: random.Random
    committees: list[Body] = field(default_factory=list)
    departments: list[Body] = field(default_factory=list)
    units: list[Body] = field(default_factory=list)
    seats: dict[tuple[str, int], Seat] = field(default_factory=dict)
    holders: dict[int, User] = field(default_factory=dict)
    people: list[User] = field(default_factory=list)
    administrator: User = field(init=False)

    def holder(self, kind: str, body: Body) -> User:
        """Return who holds the seat of ``kind`` at ``body``."""
        return self.holders[self.seats[kind, body.pk].pk]

    @property
    def coordinator(self) -> User:
        """The safety coordinator, who sees the whole municipality."""
        return next(self.holders[seat.pk] for (kind, _at), seat in self.seats.items() if kind == "safety_coordinator")

    @property
    def head(self) -> User:
        """The head of the first department."""
        return self.holder(SeatKind.HEAD, self.departments[0])

    @property
    def manager(self) -> User:
        """The manager of the first unit, which belongs to the first department."""
        return self.holder(SeatKind.UNIT_MANAGER, self.units[0])

    def units_of(self, number: int) -> list[Body]:
        """The units of the numbered department."""
        return self.units[number :: len(self.departments)]

    def sized(self, what: str, whole: int) -> int:
        """How many there are of something that a city of scale 1 has ``whole`` of."""
        return max(FEWEST[what], round(whole * (self.events if what in EVENTS else self.scale)))


def write(rows: Iterable[Model]) -> list[Model]:
    """Create rows of one model, without history; return them with their ids."""
    return [row for batch in _written(rows) for row in batch]


def pour(rows: Iterable[Model]) -> None:
    """Create rows too many to be held in memory."""
    for _batch in _written(rows):
        pass


def _written(rows: Iterable[Model], size: int = 5000) -> Iterator[list[Model]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield type(batch[0])._default_manager.bulk_create(batch)
