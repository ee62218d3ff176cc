"""A generated city: at scale 1 it has 5,000 units, 1,000,000 incidents and 100,000 risks over ten years."""

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import connection, models

from incidents.models import Incident, IncidentKind, IncidentState
from organisation.models import Appointment, Body, BodyKind, Municipality, Placement, Seat, SeatKind, SeatType, User
from organisation.tree import rebuild_closure
from risks.models import Assessment, Risk, Scale, Stage

Model = TypeVar("Model", bound=models.Model)

LEVELS = 5
UNITS, INCIDENTS, RISKS = 5_000, 1_000_000, 100_000
YEARS = 10
LAST_DAY = date(2025, 12, 31)


@dataclass(frozen=True)
class City:
    """The generated municipality, its units and the people who look at pages."""

    municipality: Municipality
    units: list[Body]
    coordinator: User
    head: User


def build_city(scale: float, *, seed: int = 1) -> City:
    """Write the city into the empty database of the running settings, and analyse its tables."""
    chance = random.Random(seed)
    municipality = Municipality.objects.create(key="storstad", name="Storstad kommun", is_demo=True)
    units, people = _organisation(municipality, max(10, int(UNITS * scale)))
    city = City(municipality, units, coordinator=people[0], head=people[1])
    _incidents(city, int(INCIDENTS * scale), chance)
    _risks(city, int(RISKS * scale), chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return city


def _organisation(municipality: Municipality, count: int) -> tuple[list[Body], list[User]]:
    def body(key: str, kind: str, name: str) -> Body:
        return Body(municipality=municipality, key=key, kind=kind, name=name)

    council, board, safety = Body.objects.bulk_create(
        [
            body("council", BodyKind.COUNCIL, "Kommunfullmäktige"),
            body("board", BodyKind.BOARD, "Kommunstyrelsen"),
            body("safety", BodyKind.SAFETY_UNIT, "Säkerhetsenheten"),
        ]
    )
    committees = Body.objects.bulk_create(body(f"c{n}", BodyKind.COMMITTEE, f"Nämnd {n}") for n in range(8))
    departments = Body.objects.bulk_create(body(f"d{n}", BodyKind.DEPARTMENT, f"Förvaltning {n}") for n in range(8))
    units = Body.objects.bulk_create((body(f"u{n}", BodyKind.UNIT, f"Enhet {n}") for n in range(count)), 2000)
    under = [(board, council), (safety, board), *((committee, council) for committee in committees)]
    under += zip(departments, committees, strict=True)
    under += [(unit, departments[number % len(departments)]) for number, unit in enumerate(units)]
    Placement.objects.bulk_create(
        (Placement(municipality=municipality, body=one, parent=parent) for one, parent in under), 2000
    )
    rebuild_closure(municipality)
    people = [
        _appointed(municipality, SeatKind.SAFETY_COORDINATOR, safety, "Elin Modellgren"),
        _appointed(municipality, SeatKind.HEAD, departments[0], "Nils Påhittsson"),
    ]
    return units, people


def _appointed(municipality: Municipality, kind: str, body: Body, name: str) -> User:
    seat_type = SeatType.objects.create(municipality=municipality, key=kind, kind=kind, title=kind, sits_at=[body.kind])
    seat = Seat.objects.create(municipality=municipality, seat_type=seat_type, body=body)
    person = User.objects.create_user(f"{kind}@storstad.example.se", municipality=municipality, name=name)
    Appointment.objects.create(municipality=municipality, seat=seat, person=person)
    return person


def _incidents(city: City, count: int, chance: random.Random) -> None:
    def rows() -> Iterator[Incident]:
        for number in range(count):
            day = LAST_DAY - timedelta(days=chance.randrange(365 * YEARS))
            moment = datetime(day.year, day.month, day.day, chance.randrange(24), tzinfo=UTC)
            yield Incident(
                municipality=city.municipality,
                body=chance.choice(city.units),
                year=day.year,
                number=number + 1,
                kind=chance.choice(IncidentKind.values),
                occurred_on=day,
                reported_at=moment,
                became_aware_at=moment,
                state=IncidentState.NEW if chance.random() < 0.02 else IncidentState.CLOSED,
                serious=chance.random() < 0.03,
                submission_key=uuid.UUID(int=chance.getrandbits(128)),
            )

    _write(Incident, rows())


def _risks(city: City, count: int, chance: random.Random) -> None:
    bands = [{"key": f"b{n}", "word": word, "severity": n} for n, word in enumerate(("Låg", "Måttlig", "Hög"), 1)]
    scale = Scale.objects.create(
        municipality=city.municipality,
        key="skala",
        name="Skala",
        likelihood=[f"s{n}" for n in range(LEVELS)],
        consequence=[f"k{n}" for n in range(LEVELS)],
        bands=bands,
        cells=[[f"b{min(3, 1 + row * column // 6)}" for column in range(1, 6)] for row in range(1, 6)],
    )

    def rows() -> Iterator[Risk]:
        for number in range(count):
            before, now = (f"{chance.randint(1, 5)}x{chance.randint(1, 5)}" for _stage in range(2))
            band = [scale.band(*map(int, cell.split("x"))).key for cell in (before, now)]
            yield Risk(
                municipality=city.municipality,
                body=chance.choice(city.units),
                year=LAST_DAY.year - number % YEARS,
                number=number + 1,
                title=f"Risk {number}",
                band_before=band[0],
                band_now=band[1],
                cell_before=before,
                cell_now=now,
                sort_key=chance.randrange(1_000_000),
                created_by=city.coordinator,
                created_at=datetime(2025, 1, 1, tzinfo=UTC),
                submission_key=uuid.UUID(int=chance.getrandbits(128)),
            )

    _write(Risk, rows())

    def assessments() -> Iterator[Assessment]:
        for risk in Risk.objects.order_by("pk").iterator(5000):
            for stage, cell, band in (
                (Stage.BEFORE, risk.cell_before, risk.band_before),
                (Stage.AFTER, risk.cell_now, risk.band_now),
            ):
                likelihood, consequence = map(int, cell.split("x"))
                yield Assessment(
                    municipality=city.municipality,
                    risk=risk,
                    stage=stage,
                    scale=scale,
                    likelihood=likelihood,
                    consequence=consequence,
                    band=band,
                    assessed_on=LAST_DAY,
                    by=city.coordinator,
                )

    _write(Assessment, assessments())


def _write(model: type[Model], rows: Iterable[Model], size: int = 5000) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        model._default_manager.bulk_create(batch)
