"""Vacancies as rows: always what the appointments say, whatever is done, on whatever day."""

import contextlib
import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from organisation import clock, tasks
from organisation.errors import DomainError
from organisation.models import (
    ALWAYS,
    Appointment,
    BodyKind,
    Municipality,
    Seat,
    SeatKind,
    SeatType,
    User,
    Vacancy,
)
from organisation.services import appointing, people, seat_types
from organisation.services.seat_types import SeatTypeValues, fingerprint
from organisation.vacancies import rebuild_vacancies, take_in_the_day
from tests.factories.organisation import appoint, make_municipality, make_user

pytestmark = pytest.mark.django_db

MUST_BE_HELD = (
    SeatKind.UNIT_MANAGER,
    SeatKind.HEAD,
    SeatKind.DEPARTMENT_COORDINATOR,
    SeatKind.CHAIR,
    SeatKind.UNIT_OMBUD,
)


@pytest.fixture
def town():
    town = make_municipality()
    SeatType.objects.filter(municipality=town.municipality, kind__in=MUST_BE_HELD).update(min_holders=1)
    rebuild_vacancies(town.municipality)
    return town


@pytest.fixture
def day(monkeypatch):
    """The day that the portal takes for today; the test moves it."""
    shown = {"today": clock.today()}
    monkeypatch.setattr(clock, "today", lambda: shown["today"])
    noon = time(12)
    monkeypatch.setattr(clock, "now", lambda: timezone.make_aware(datetime.combine(shown["today"], noon)))
    return shown


def kept(municipality: Municipality) -> dict[int, tuple[date, int]]:
    rows = Vacancy.objects.filter(municipality=municipality)
    return {row.seat_id: (row.since, row.missing) for row in rows}


def counted(municipality: Municipality, on: date) -> dict[int, tuple[date, int]]:
    seats: Any = Seat.objects.vacant_on(on).filter(municipality=municipality)
    return {seat.pk: (seat.since, seat.missing) for seat in seats}


def from_the_rows(municipality: Municipality, on: date) -> dict[int, tuple[date, int]]:
    """The same once more, day by day, without the database's help."""
    found = {}
    for seat in Seat.objects.filter(municipality=municipality).select_related("seat_type", "body"):
        if not seat.is_in_force(on) or not seat.body.is_in_force(on) or seat.not_needed_reason:
            continue
        if seat.seat_type.kind == SeatKind.EMPLOYEE:
            continue
        rows = [row for row in seat.appointments.select_related("person") if not row.is_deputy]
        wanted = seat.seat_type.min_holders
        held = [row for row in rows if row.is_in_force(on) and row.person.is_active]
        if len(held) >= wanted:
            continue
        ends = sorted({row.valid_to for row in rows if row.valid_to and row.valid_from < row.valid_to <= on})
        full = [end for end in ends if sum(row.is_in_force(end - timedelta(days=1)) for row in rows) >= wanted]
        found[seat.pk] = (full[-1] if full else seat.valid_from, wanted - len(held))
    return found


class Happenings:
    """Things that happen to seats, at random, by the services."""

    def __init__(self, town, chance: random.Random) -> None:
        self.town, self.chance = town, chance
        self.by = town.administrator

    def happen(self) -> None:
        what = self.chance.choice((self.appoints, self.appoints, self.ends, self.needs, self.leaves, self.rules))
        with contextlib.suppress(DomainError):
            what()

    def near(self) -> date:
        return clock.today() + timedelta(days=self.chance.randrange(-20, 20))

    def seat(self) -> Seat:
        return self.chance.choice(list(Seat.objects.filter(municipality=self.town.municipality)))

    def person(self) -> User:
        return self.chance.choice(list(User.objects.filter(municipality=self.town.municipality)))

    def appoints(self) -> None:
        begins, lasts = self.near(), self.chance.choice((None, 1, 5, 30))
        ends = begins + timedelta(days=lasts) if lasts else None
        appointing.appoint(
            seat=self.seat(),
            person=self.person(),
            valid_from=begins,
            valid_to=ends,
            is_deputy=self.chance.random() < 0.2,
            by=self.by,
        )

    def ends(self) -> None:
        rows = list(Appointment.objects.filter(municipality=self.town.municipality))
        appointing.end_appointment(appointment=self.chance.choice(rows), on=self.near(), by=self.by)

    def needs(self) -> None:
        appointing.say_whether_needed(seat=self.seat(), reason=self.chance.choice(("", "Nej")), by=self.by)

    def leaves(self) -> None:
        person = self.person()
        if person == self.by:
            return
        if person.is_active:
            people.end_person(person=person, by=self.by)
        else:
            people.take_back(person=person, by=self.by)

    def rules(self) -> None:
        row = self.chance.choice(list(SeatType.objects.filter(municipality=self.town.municipality)))
        places = self.chance.choice((row.sits_at, [BodyKind.UNIT], [BodyKind.DEPARTMENT, BodyKind.UNIT]))
        values = SeatTypeValues(
            title=row.title, kind=row.kind, sits_at=tuple(places), min_holders=self.chance.randrange(3)
        )
        seat_types.change_seat_type(seat_type=row, values=values, seen=fingerprint(row), by=self.by)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_rows_are_what_the_appointments_say(town, day, seed):
    let_things_happen(town, day, seed)


def let_things_happen(town, day, seed: int, steps: int = 25) -> None:
    chance = random.Random(seed)
    happenings = Happenings(town, chance)
    for _step in range(steps):
        happenings.happen()
        if chance.random() < 0.3:
            day["today"] += timedelta(days=chance.randrange(1, 12))
            take_in_the_day(Municipality.objects.get(pk=town.municipality.pk))
        on = clock.today()
        assert kept(town.municipality) == counted(town.municipality, on) == from_the_rows(town.municipality, on)
    standing = Seat.objects.to_be_held(clock.today()).filter(municipality=town.municipality).count()
    assert Municipality.objects.get(pk=town.municipality.pk).seats_to_hold == standing


def test_control_a_change_that_forgets_the_vacancies_is_seen(town, day, monkeypatch):
    monkeypatch.setattr(appointing, "refresh_vacancies", lambda *_arguments: None)
    with pytest.raises(AssertionError):
        let_things_happen(town, day, 1, steps=150)


def test_what_begins_or_ends_by_itself_is_taken_in_with_the_first_request_of_the_day(town, day, client):
    tomorrow = clock.today() + timedelta(days=1)
    held = Appointment.objects.get(person=town.unit_manager)
    appointing.end_appointment(appointment=held, on=tomorrow, by=town.administrator)
    client.force_login(town.employee)
    assert not Vacancy.objects.filter(seat=town.seats["unit_manager"]).exists()
    day["today"] = tomorrow
    client.get("/")
    assert Vacancy.objects.get(seat=town.seats["unit_manager"]).since == tomorrow


def test_what_has_drifted_is_mended_at_night(town):
    Vacancy.objects.filter(municipality=town.municipality).delete()
    Appointment.objects.filter(person__in=[town.head, town.unit_manager]).update(valid_to=clock.today())
    assert kept(town.municipality) != counted(town.municipality, clock.today())
    for _run in (1, 2):
        tasks.count_vacancies_anew()
    assert kept(town.municipality) == counted(town.municipality, clock.today())


def test_a_seat_that_nobody_is_known_to_have_held_has_no_age(town):
    Appointment.objects.filter(seat=town.seats["head"]).delete()
    rebuild_vacancies(town.municipality)
    assert Vacancy.objects.get(seat=town.seats["head"]).since == ALWAYS


def test_one_who_left_still_held_the_seat_before(town, day):
    """An old date is answered as it was then: leaving ends nothing backwards."""
    before = clock.today()
    day["today"] += timedelta(days=30)
    people.end_person(person=town.head, by=town.administrator)
    assert town.seats["head"].pk in counted(town.municipality, clock.today())
    assert town.seats["head"].pk not in counted(town.municipality, before)


def test_several_must_hold_it_and_one_is_missing(town):
    """R200: at least one … or as many as the municipality says."""
    SeatType.objects.filter(kind=SeatKind.DEPARTMENT_COORDINATOR).update(min_holders=2)
    rebuild_vacancies(town.municipality)
    assert Vacancy.objects.get(seat=town.seats["coordinator"]).missing == 1
    appoint(make_user(town.municipality), town.seats["coordinator"])
    assert not Vacancy.objects.filter(seat=town.seats["coordinator"]).exists()
