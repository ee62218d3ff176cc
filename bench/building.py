"""Builds the city in the database: its bodies, seats and people, then what happens in it."""

import random

from django.db import connection

from bench import cases, groups, papers, risks, unions
from bench.city import (
    ALONE,
    APPOINTED_BY,
    COMMITTEES,
    PEOPLE_AT_A_UNIT,
    SITS_AT,
    UNITS,
    City,
    write,
)
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
from organisation.vacancies import rebuild_vacancies


def build_city(
    key: str, scale: float, happens: float | None = None, *, seed: int = 1, cases_alone: bool = False
) -> City:
    """Write a city into the database of the running settings; ``happens`` is the scale of what happens in it.

    With ``cases_alone`` nothing happens in it but cases, of which it then has a million within minutes.
    """
    municipality = Municipality.objects.create(key=key, name=f"{key.capitalize()} kommun", is_demo=True)
    Ruleset.objects.create(municipality=municipality, persons_rank=PersonsRank.HIGHEST)
    city = City(municipality, scale, scale if happens is None else happens, random.Random(f"{key} {seed}"))
    _bodies(city)
    _people(city)
    cases.write_cases(city)
    if cases_alone:
        unions.share_cases(city)
        return city
    words = papers.write_words(city)
    papers.write_documents(city, words)
    papers.write_plans(city, words, risks.write_risks(city, words))
    unions.write_unions(city)
    groups.write_groups(city)
    return city


def analyse() -> None:
    """Let PostgreSQL look at what was written, as its own housekeeping would over time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


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
            municipality=city.municipality,
            key=kind,
            kind=kind,
            title=kind.label.capitalize(),
            sits_at=[at],
            min_holders=int(kind in ALONE),
            appointed_by=APPOINTED_BY.get(kind, ""),
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
    rebuild_vacancies(city.municipality)
