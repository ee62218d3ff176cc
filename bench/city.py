"""A generated city: at scale 1 it has 60,000 people, 5,000 units, 1,000,000 incidents, 100,000 risks and
300,000 measures over ten years. A hundredth of it stands beside it in the same database, to compare with.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar

from django.db import connection, models

from organisation.models import (
    Appointment,
    Body,
    BodyKind,
    Municipality,
    PersonsRank,
    Placement,
    Ruleset,
    Seat,
    SeatKind,
    SeatType,
    User,
)
from organisation.tree import rebuild_closure

Model = TypeVar("Model", bound=models.Model)

UNITS, INCIDENTS, RISKS, MEASURES = 5_000, 1_000_000, 100_000, 300_000
COMMITTEES = 60
PEOPLE_AT_A_UNIT = 12
YEARS = 10
LAST_YEAR = 2025
LAST_DAY = date(LAST_YEAR, 12, 31)
# However small the city: three pages of any list.
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


@dataclass
class City:
    """The generated municipality, its bodies and seats, and the people who look at pages."""

    municipality: Municipality
    scale: float
    chance: random.Random
    committees: list[Body] = field(default_factory=list)
    departments: list[Body] = field(default_factory=list)
    units: list[Body] = field(default_factory=list)
    seats: dict[tuple[str, int], Seat] = field(default_factory=dict)
    holders: dict[int, User] = field(default_factory=dict)
    people: list[User] = field(default_factory=list)

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
        return max(FEWEST[what], round(whole * self.scale))


def build_city(key: str, scale: float, *, seed: int = 1) -> City:
    """Write a city into the database of the running settings."""
    from bench import events, papers

    municipality = Municipality.objects.create(key=key, name=f"{key.capitalize()} kommun", is_demo=True)
    Ruleset.objects.create(municipality=municipality, persons_rank=PersonsRank.HIGHEST)
    city = City(municipality, scale, random.Random(f"{key} {seed}"))
    _bodies(city)
    _people(city)
    words = papers.write_words(city)
    events.write_incidents(city)
    risks = events.write_risks(city, words)
    papers.write_documents(city, words)
    papers.write_plans(city, words, risks)
    return city


def analyse() -> None:
    """Let PostgreSQL look at what was written, as its own housekeeping would over time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


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


def _bodies(city: City) -> None:
    def body(key: str, kind: str, name: str) -> Body:
        return Body(municipality=city.municipality, key=key, kind=kind, name=name)

    council, board, safety = write(
        [
            body("council", BodyKind.COUNCIL, "Kommunfullmäktige"),
            body("board", BodyKind.BOARD, "Kommunstyrelsen"),
            body("safety", BodyKind.SAFETY_UNIT, "Säkerhetsenheten"),
        ]
    )
    count = city.sized("committees", COMMITTEES)
    city.committees = write(body(f"c{n}", BodyKind.COMMITTEE, f"Nämnd {n}") for n in range(count))
    city.departments = write(body(f"d{n}", BodyKind.DEPARTMENT, f"Förvaltning {n}") for n in range(count))
    city.units = write(body(f"u{n}", BodyKind.UNIT, f"Enhet {n}") for n in range(city.sized("units", UNITS)))
    under = [(board, council), (safety, board), *((committee, council) for committee in city.committees)]
    under += zip(city.departments, city.committees, strict=True)
    under += [(unit, city.departments[number % count]) for number, unit in enumerate(city.units)]
    write(Placement(municipality=city.municipality, body=one, parent=parent) for one, parent in under)
    rebuild_closure(city.municipality)
    _seats(city, [council, board, safety, *city.committees, *city.departments, *city.units])


def _seats(city: City, bodies: list[Body]) -> None:
    types = {
        kind: SeatType.objects.create(
            municipality=city.municipality, key=kind, kind=kind, title=kind.label.capitalize(), sits_at=[at]
        )
        for kind, at in SITS_AT.items()
    }
    wanted = (
        Seat(municipality=city.municipality, seat_type=types[kind], body=body)
        for body in bodies
        for kind, at in SITS_AT.items()
        if body.kind == at
    )
    city.seats = {(seat.seat_type.kind, seat.body_id): seat for seat in write(wanted)}


def _people(city: City) -> None:
    """One holder of each seat, and employees; every twentieth seat of a manager or ombud stands empty."""
    taken: list[Seat] = []
    for number, ((kind, _at), seat) in enumerate(city.seats.items()):
        vacant = kind in ALONE and number % 20 == 7
        several = PEOPLE_AT_A_UNIT - len(ALONE) if kind == SeatKind.EMPLOYEE else 1
        taken += [seat] * (0 if vacant else several)
    key = city.municipality.key
    city.people = write(
        User(
            municipality=city.municipality,
            email=f"person{number}@{key}.example.se",
            name=f"Elin Modellgren {number}",
            # As ``set_unusable_password`` writes it: nobody logs in by it.
            password=f"!{number}",
        )
        for number in range(len(taken))
    )
    pairs = list(zip(taken, city.people, strict=True))
    write(Appointment(municipality=city.municipality, seat=seat, person=person) for seat, person in pairs)
    city.holders = {seat.pk: person for seat, person in pairs}
