"""The files of seats and headcounts: appointments by the rules of the seat's own page, and how many work where."""

from datetime import date, timedelta

import pytest

from organisation import clock
from organisation.models import Appointment, Headcount, SeatKind, SeatType, Vacancy
from tests.factories.importing import codes, counts, run
from tests.factories.organisation import Town, make_municipality, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    made = make_municipality()
    SeatType.objects.filter(municipality=made.municipality, kind=SeatKind.UNIT_OMBUD).update(max_holders=2)
    return made


@pytest.fixture
def anna(town):
    return make_user(town.municipality, "Anna Provgren", external_id="100", email="anna@exempelby.example.se")


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def held(person) -> list[tuple[str, str, int, int | None, bool, str]]:
    """Return (seat type, body, first day, end, deputy, decision) of each appointment, days counted from today."""
    today = clock.today()
    return [
        (
            one.seat.seat_type.key,
            one.seat.body.key,
            (one.valid_from - today).days,
            one.valid_to and (one.valid_to - today).days,
            one.is_deputy,
            one.reference,
        )
        for one in person.appointments.select_related("seat__seat_type", "seat__body").order_by("valid_from")
    ]


def test_a_person_is_appointed_with_dates_and_decision(town, anna):
    row = f"100;;unit-ombud;care-north;{day(-5)};{day(30)};ja;§ 12, KS 2026-14"
    assert counts(run(town.municipality, seats=[row]), "seats") == (1, 0, 0, 0)
    assert held(anna) == [("unit-ombud", "care-north", -5, 31, True, "§ 12, KS 2026-14")]
    assert anna.appointments.get().history.count() == 1
    assert counts(run(town.municipality, seats=[row]), "seats") == (0, 0, 0, 1)


def test_without_a_first_day_it_begins_today_and_the_line_stays_true(town, anna):
    row = "100;;unit-ombud;care-south;;;;"
    run(town.municipality, seats=[row])
    assert held(anna) == [("unit-ombud", "care-south", 0, None, False, "")]
    assert counts(run(town.municipality, seats=[row]), "seats") == (0, 0, 0, 1)


def test_elected_people_are_named_by_their_address(town):
    SeatType.objects.filter(municipality=town.municipality, kind=SeatKind.CHAIR).update(sits_at=["committee"])
    row = f";{town.council_member.email.upper()};chair;school"
    assert counts(run(town.municipality, seats=[row]), "seats") == (1, 0, 0, 0)
    assert ("chair", "school", 0, None, False, "") in held(town.council_member)


def test_people_of_the_same_run_may_be_appointed(town):
    run(
        town.municipality,
        people=["200;Bo;bo@exempelby.example.se;care-north"],
        seats=["200;;unit-manager;care-south", ";bo@exempelby.example.se;unit-ombud;care-south"],
    )
    bo = town.municipality.people.get(external_id="200")
    assert {one[0] for one in held(bo)} == {"employee", "unit-manager", "unit-ombud"}


def test_an_end_a_deputy_and_a_decision_are_changed(town, anna):
    first = f"100;;unit-ombud;care-north;{day(-5)}"
    run(town.municipality, seats=[first])
    assert counts(run(town.municipality, seats=[f"{first};{day(3)};ja;§ 9"]), "seats") == (0, 0, 1, 0)
    assert held(anna) == [("unit-ombud", "care-north", -5, 4, True, "§ 9")]
    assert anna.appointments.get().history.count() == 2


def test_a_filled_seat_is_no_vacancy_and_an_ended_one_is(town, anna):
    seat_type = town.seats["unit_manager"].seat_type
    seat_type.min_holders = 1
    seat_type.save()
    run(town.municipality, bodies=["east;Östra;enhet;care-dept"])
    assert Vacancy.objects.filter(seat__body__key="east", seat__seat_type=seat_type).exists()
    run(town.municipality, seats=[f"100;;unit-manager;east;{day(-9)}"])
    assert not Vacancy.objects.filter(seat__body__key="east", seat__seat_type=seat_type).exists()
    run(town.municipality, seats=[f"100;;unit-manager;east;{day(-9)};{day(-1)}"])
    assert Vacancy.objects.get(seat__body__key="east", seat__seat_type=seat_type).since == clock.today()


def test_what_the_file_does_not_name_is_left_alone(town, anna):
    before = Appointment.objects.in_force(clock.today()).count()
    run(town.municipality, seats=["100;;unit-ombud;care-south"])
    assert Appointment.objects.in_force(clock.today()).count() == before + 1


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (";;unit-ombud;care-north", "e-post", "nobody_named"),
        ("999;;unit-ombud;care-north", "anställningsnummer", "unknown_person"),
        (";nobody@exempelby.example.se;unit-ombud;care-north", "e-post", "unknown_person"),
        ("100;;ombud;care-north", "uppdragstyp", "unknown_seat_type"),
        ("100;;safety-representative;care-north", "uppdragstyp", "unions_seat"),
        ("100;;employee;care-north", "uppdragstyp", "employees_seat"),
        ("100;;unit-ombud;nowhere", "enhet", "unknown_body"),
        ("100;;unit-ombud;council", "enhet", "no_seat_here"),
        ("100;;unit-ombud;care-north;1950-01-01", "första dag", "outside_the_seat"),
        ("100;;unit-ombud;care-north;;;kanske", "ersättare", "not_yes_or_no"),
    ],
)
def test_what_is_wrong_with_a_line(town, anna, row, column, code):
    imported = run(town.municipality, seats=["100;;unit-ombud;care-south", row])
    assert codes(imported) == [(3, column, code)]
    assert not held(anna)


def test_one_holder_too_many(town, anna):
    other = make_user(town.municipality, "Bo Provgren", external_id="101")
    rows = ["100;;unit-ombud;care-north", "101;;unit-ombud;care-north"]
    imported = run(town.municipality, seats=rows)
    assert codes(imported) == [(3, "uppdragstyp", "too_many")]
    assert counts(run(town.municipality, seats=[rows[0], f"{rows[1]};;;ja"]), "seats") == (2, 0, 0, 0)
    assert held(other)[0][4] is True


def test_who_has_left_or_leaves_by_the_same_run_is_not_appointed(town, anna):
    row = "100;;unit-ombud;care-north"
    leaving = run(town.municipality, full=True, people=[], seats=[row])
    assert codes(leaving) == [(2, "anställningsnummer", "person_has_left")]
    run(town.municipality, full=True, people=[])
    assert codes(run(town.municipality, seats=[row])) == [(2, "anställningsnummer", "person_has_left")]


def test_a_seat_that_is_not_needed(town, anna):
    seat = town.seats["unit_ombud"]
    seat.not_needed_reason = "Få anställda"
    seat.save()
    assert codes(run(town.municipality, seats=["100;;unit-ombud;care-north"])) == [(2, "enhet", "not_needed")]


def test_the_same_line_twice_and_two_periods_of_one_seat(town, anna):
    row = "100;;unit-ombud;care-north"
    assert codes(run(town.municipality, seats=[row, row])) == [(3, "anställningsnummer", "twice")]
    rows = [f"{row};{day(-9)};{day(-1)}", f"{row};{day(5)}"]
    run(town.municipality, seats=[f"{row};{day(-9)}"])
    overlapping = run(town.municipality, seats=[f"{row};{day(-9)}", f"{row};{day(5)}"])
    assert codes(overlapping) == [(3, "första dag", "holds_it_already")]
    run(town.municipality, seats=rows)
    assert [(first, end) for _type, _body, first, end, _deputy, _decision in held(anna)] == [(-9, 0), (5, None)]


def test_one_that_has_ended_is_opened_again_or_left_as_the_file_says(town, anna):
    row = f"100;;unit-ombud;care-north;{day(-9)}"
    run(town.municipality, seats=[f"{row};{day(3)}"])
    anna.appointments.update(valid_to=clock.today() - timedelta(days=2))
    assert counts(run(town.municipality, seats=[f"{row};{day(-3)}"]), "seats") == (0, 0, 0, 1)
    assert counts(run(town.municipality, seats=[row]), "seats") == (0, 1, 0, 0)
    assert [(first, end) for _type, _body, first, end, _deputy, _decision in held(anna)] == [(-9, None)]


def test_a_period_that_meets_an_ended_one_is_told(town, anna):
    row = "100;;unit-ombud;care-north"
    run(town.municipality, seats=[f"{row};{day(-9)};{day(3)}"])
    anna.appointments.update(valid_to=clock.today() - timedelta(days=2))
    assert codes(run(town.municipality, seats=[f"{row};{day(-5)}"])) == [(2, "första dag", "holds_it_already")]
    assert counts(run(town.municipality, seats=[f"{row};{day(-2)}"]), "seats") == (1, 0, 0, 0)


class TestHeadcounts:
    """How many employees a body itself had on a day."""

    def test_added_changed_and_unchanged(self, town):
        rows = ["care-north;2026-10-31;38", "care-north;2025-10-31;35", "care-south;2026-10-31;0"]
        assert counts(run(town.municipality, headcounts=rows), "headcounts") == (3, 0, 0, 0)
        assert counts(run(town.municipality, headcounts=rows), "headcounts") == (0, 0, 0, 3)
        rows[0] = "care-north;2026-10-31;39"
        assert counts(run(town.municipality, headcounts=rows), "headcounts") == (0, 1, 0, 2)
        latest = Headcount.objects.latest_on(date(2026, 11, 1)).get(body=town.bodies["care-north"])
        assert (latest.employees, latest.history.count()) == (39, 2)

    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            ("nowhere;2026-10-31;38", "enhet", "unknown_body"),
            ("care-north;;38", "datum", "missing"),
            ("care-north;oktober;38", "datum", "not_a_date"),
            ("care-north;2999-01-01;38", "datum", "in_the_future"),
            ("care-north;2026-10-31;", "anställda", "missing"),
            ("care-north;2026-10-31;-3", "anställda", "not_a_number"),
            ("care-north;2026-10-31;38,5", "anställda", "not_a_number"),
            ("care-south;2026-10-31;1", "enhet", "twice"),
        ],
    )
    def test_what_is_wrong_with_a_line(self, town, row, column, code):
        imported = run(town.municipality, headcounts=["care-south;2026-10-31;12", row])
        assert codes(imported) == [(3, column, code)]
        assert not Headcount.objects.exists()
