"""The file of people: who comes, who is called otherwise, who moves, who leaves and who comes back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisation import clock
from organisation.models import Appointment, SeatKind, SeatType, User, Vacancy
from organisation.services.appointing import appoint as appoint_as
from tests.factories.importing import codes, counts, run
from tests.factories.organisation import Town, appoint, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db

ANNA = "100;Anna Provgren;anna@exempelby.example.se"


@pytest.fixture
def town() -> Town:
    return make_municipality()


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def anna() -> User:
    return User.objects.get(external_id="100")


def work(person):
    """Return (body's key, first day, end) of each employment, days counted from today."""
    today = clock.today()
    held = Appointment.objects.filter(person=person, seat__seat_type__kind=SeatKind.EMPLOYEE).order_by("valid_from")
    return [
        (one.seat.body.key, (one.valid_from - today).days, one.valid_to and (one.valid_to - today).days) for one in held
    ]


def test_a_new_person_is_employed_at_the_unit(town):
    imported = run(town.municipality, people=[f"{ANNA};care-north;{day(-30)};"])
    assert counts(imported, "people") == (1, 0, 0, 0)
    person = anna()
    assert (person.name, person.email, person.municipality) == (
        "Anna Provgren",
        "anna@exempelby.example.se",
        town.municipality,
    )
    assert not person.has_usable_password()
    assert work(person) == [("care-north", -30, None)]
    assert person.history.get().history_type == "+"
    assert person.appointments.get().history.get().history_change_reason


def test_the_unit_gets_the_seat_that_it_lacks(town):
    assert not town.bodies["care-south"].seats.filter(seat_type__kind=SeatKind.EMPLOYEE).exists()
    run(town.municipality, people=[f"{ANNA};care-south"])
    seat = town.bodies["care-south"].seats.get(seat_type__kind=SeatKind.EMPLOYEE)
    assert seat.history.count() == 1
    assert anna().appointments.get().seat == seat


def test_the_same_file_again_writes_nothing(town):
    rows = [f"{ANNA};care-north;{day(-30)};", f"101;Bo Provgren;bo@exempelby.example.se;care-south;;{day(20)}"]
    run(town.municipality, full=True, people=rows)
    with CaptureQueriesContext(connection) as captured:
        imported = run(town.municipality, full=True, people=rows)
    assert counts(imported, "people") == (0, 0, 0, 2)
    assert imported.run is None
    writing = ("INSERT", "UPDATE", "DELETE", "COPY")
    assert not [query["sql"] for query in captured if query["sql"].lstrip().startswith(writing)]


def test_a_changed_name_and_address(town):
    run(town.municipality, people=[f"{ANNA};care-north"])
    imported = run(town.municipality, people=["100;Anna Nygren;ANNA.NYGREN@exempelby.example.se;care-north"])
    assert counts(imported, "people") == (0, 1, 0, 0)
    person = anna()
    assert (person.name, person.email) == ("Anna Nygren", "anna.nygren@exempelby.example.se")
    assert [row.name for row in person.history.all()] == ["Anna Nygren", "Anna Provgren"]
    assert work(person) == [("care-north", 0, None)]


def test_two_people_may_exchange_addresses(town):
    rows = [("100", "a"), ("101", "b"), ("102", "c")]
    run(town.municipality, people=[f"{pid};P {pid};{name}@exempelby.example.se;care-north" for pid, name in rows])
    turned = [("100", "b"), ("101", "c"), ("102", "a")]
    run(town.municipality, people=[f"{pid};P {pid};{name}@exempelby.example.se;care-north" for pid, name in turned])
    emails = dict(User.objects.exclude(external_id="").values_list("external_id", "email"))
    assert emails == {pid: f"{name}@exempelby.example.se" for pid, name in turned}
    assert anna().history.count() == 2


def test_a_move_ends_one_employment_and_begins_the_other_today(town):
    run(town.municipality, people=[f"{ANNA};care-north;{day(-30)}"])
    imported = run(town.municipality, people=[f"{ANNA};care-south;{day(-30)}"])
    assert counts(imported, "people") == (0, 1, 0, 0)
    assert work(anna()) == [("care-north", -30, 0), ("care-south", 0, None)]


def test_a_move_to_come_is_written_once(town):
    run(town.municipality, people=[f"{ANNA};care-north;{day(-30)}"])
    rows = [f"{ANNA};care-south;{day(10)}"]
    run(town.municipality, people=rows)
    assert work(anna()) == [("care-north", -30, 10), ("care-south", 10, None)]
    assert counts(run(town.municipality, people=rows), "people") == (0, 0, 0, 1)


def test_somebody_who_works_at_two_units(town):
    rows = [f"{ANNA};care-north", f"{ANNA};care-south"]
    assert counts(run(town.municipality, people=rows), "people") == (1, 0, 0, 0)
    assert {body for body, _first, _end in work(anna())} == {"care-north", "care-south"}
    assert counts(run(town.municipality, people=rows[:1]), "people") == (0, 1, 0, 0)
    assert [end for body, _first, end in work(anna()) if body == "care-south"] == [0]


def test_no_unit_ends_the_employment_and_a_file_without_units_leaves_it(town):
    run(town.municipality, people=[f"{ANNA};care-north"])
    without = b"personnel id;name;e-mail\n100;Anna Provgren;anna@exempelby.example.se\n"
    assert counts(run(town.municipality, people=without), "people") == (0, 0, 0, 1)
    assert work(anna())[0][2] is None
    run(town.municipality, people=[f"{ANNA};"])
    assert work(anna())[0][2] == 0
    assert anna().is_active


def test_a_last_day_to_come_ends_the_employment_and_not_the_account(town):
    run(town.municipality, people=[f"{ANNA};care-north;{day(-3)};{day(5)}"])
    assert work(anna()) == [("care-north", -3, 6)]
    assert anna().is_active
    run(town.municipality, people=[f"{ANNA};care-north;{day(-3)};"])
    assert work(anna()) == [("care-north", -3, None)]


def test_a_last_day_that_has_passed_lets_the_person_leave(town):
    run(town.municipality, people=[f"{ANNA};care-north;{day(-30)}"])
    rows = [f"{ANNA};care-north;{day(-30)};{day(-1)}"]
    assert counts(run(town.municipality, people=rows), "people") == (0, 0, 1, 0)
    person = anna()
    assert not person.is_active
    assert person.left_at is not None
    assert work(person) == [("care-north", -30, 0)]
    assert counts(run(town.municipality, people=rows), "people") == (0, 0, 0, 1)


def test_who_has_left_before_they_were_known_is_not_added(town):
    imported = run(town.municipality, people=[f"{ANNA};care-north;{day(-30)};{day(-1)}"])
    assert counts(imported, "people") == (0, 0, 0, 1)
    assert not User.objects.filter(external_id="100").exists()


class TestAFullFile:
    """Employees who are missing have left; nobody else is touched, and nobody is deleted."""

    def test_who_is_missing_leaves_with_every_seat(self, town):
        run(town.municipality, people=[f"{ANNA};care-north", "101;Bo Provgren;bo@exempelby.example.se;care-north"])
        ombud = make_seat(town.bodies["care-south"], SeatKind.UNIT_OMBUD)
        SeatType.objects.filter(pk=ombud.seat_type_id).update(min_holders=1)
        appoint(anna(), ombud)
        assert not Vacancy.objects.filter(seat=ombud).exists()
        imported = run(town.municipality, full=True, people=["101;Bo Provgren;bo@exempelby.example.se;care-north"])
        assert counts(imported, "people") == (0, 0, 1, 1)
        person = anna()
        assert not person.is_active
        assert not Appointment.objects.in_force(clock.today()).filter(person=person).exists()
        assert Vacancy.objects.get(seat=ombud).since == clock.today()
        assert person.history.first().is_active is False

    def test_people_without_personnel_id_are_never_touched(self, town):
        run(town.municipality, people=[f"{ANNA};care-north"])
        before = User.objects.filter(is_active=True).count()
        run(town.municipality, full=True, people=[f"{ANNA};care-north"])
        assert User.objects.filter(is_active=True).count() == before
        assert town.council_member.is_active

    def test_without_full_who_is_missing_stays(self, town):
        run(town.municipality, people=[f"{ANNA};care-north"])
        run(town.municipality, people=["101;Bo Provgren;bo@exempelby.example.se;care-north"])
        assert anna().is_active

    def test_an_empty_file_that_is_full_ends_all_and_one_that_can_not_be_read_nobody(self, town):
        run(town.municipality, people=[f"{ANNA};care-north"])
        imported = run(town.municipality, full=True, people=b"namn;enhet\n")
        assert [code for _line, _column, code in codes(imported)] == ["missing_column", "missing_column"]
        assert anna().is_active
        run(town.municipality, full=True, people=[])
        assert not anna().is_active

    def test_nobody_ends_their_own_account_by_a_file(self, town):
        User.objects.filter(pk=town.administrator.pk).update(external_id="900")
        imported = run(town.municipality, town.administrator, full=True, people=[f"{ANNA};care-north"])
        assert codes(imported) == [(1, "anställningsnummer", "yourself")]
        assert not User.objects.filter(external_id="100").exists()

    def test_another_municipalitys_people_are_not_missing(self, town):
        other = make_municipality("Grannby kommun")
        run(other.municipality, people=["100;Anna Annan;annan@grannby.example.se;care-north"])
        run(town.municipality, full=True, people=["101;Bo Provgren;bo@exempelby.example.se;care-north"])
        assert User.objects.get(external_id="100").is_active


def test_who_comes_back_has_the_account_and_no_old_seat(town):
    run(town.municipality, people=[f"{ANNA};care-north;{day(-30)}"])
    appoint(anna(), make_seat(town.bodies["care-south"], SeatKind.UNIT_OMBUD))
    run(town.municipality, full=True, people=[])
    known = anna().pk
    imported = run(town.municipality, people=[f"{ANNA};care-south;{day(-60)}"])
    assert counts(imported, "people") == (0, 1, 0, 0)
    person = anna()
    assert (person.pk, person.is_active, person.left_at) == (known, True, None)
    assert work(person) == [("care-north", -30, 0), ("care-south", 0, None)]
    assert [one.seat.seat_type.kind for one in Appointment.objects.in_force(clock.today()).filter(person=person)] == [
        SeatKind.EMPLOYEE
    ]


class TestWhatIsWrong:
    """Everything that is wrong is told at its line and column, and nothing is written."""

    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            (";Anna;a@b.se;care-north", "anställningsnummer", "missing"),
            ("19121212-1212;Anna;a@b.se;care-north", "anställningsnummer", "personal_number"),
            ("191212121212;Anna;a@b.se;care-north", "anställningsnummer", "personal_number"),
            ("121212-1212;Anna;a@b.se;care-north", "anställningsnummer", "personal_number"),
            ("1;;a@b.se;care-north", "namn", "missing"),
            (f"1;{'x' * 151};a@b.se;care-north", "namn", "too_long"),
            ("1;Anna;;care-north", "e-post", "missing"),
            ("1;Anna;anna;care-north", "e-post", "not_an_email"),
            ("1;Anna;a@b.se;care-nort", "enhet", "unknown_body"),
            ("1;Anna;a@b.se;care north", "enhet", "bad_key"),
            ("1;Anna;a@b.se;council", "enhet", "no_employee_seat"),
            ("1;Anna;a@b.se;care-north;2026-02-30", "första dag", "not_a_date"),
            ("1;Anna;a@b.se;care-north;;31/12/2026", "sista dag", "not_a_date"),
            ("1;Anna;a@b.se;care-north;2030-02-01;2030-01-31", "sista dag", "ends_before"),
        ],
    )
    def test_a_cell(self, town, row, column, code):
        imported = run(town.municipality, people=[f"{ANNA};care-north", row])
        assert codes(imported) == [(3, column, code)]
        assert not User.objects.filter(external_id="100").exists()

    def test_all_errors_are_told_and_not_the_first_alone(self, town):
        imported = run(town.municipality, people=["1;;;nowhere", "2;B;b@b.se;nowhere;x;y"])
        assert codes(imported) == [
            (2, "namn", "missing"),
            (2, "e-post", "missing"),
            (3, "första dag", "not_a_date"),
            (3, "sista dag", "not_a_date"),
        ]

    def test_the_same_line_and_a_line_that_contradicts(self, town):
        imported = run(
            town.municipality,
            people=[f"{ANNA};care-north", f"{ANNA};care-north", "100;Annan;anna@exempelby.example.se;care-south"],
        )
        assert codes(imported) == [(3, "anställningsnummer", "twice"), (4, "namn", "differs")]

    def test_two_people_with_one_address(self, town):
        imported = run(town.municipality, people=[f"{ANNA};care-north", "101;B;anna@exempelby.example.se;care-north"])
        assert codes(imported) == [(3, "e-post", "twice")]

    def test_an_address_of_somebody_without_personnel_id_is_never_taken_over(self, town):
        """No linking by e-mail: an elected person stays who they are until the administrator says so."""
        imported = run(town.municipality, people=[f"100;Ingrid;{town.council_member.email};care-north"])
        assert codes(imported) == [(2, "e-post", "email_taken")]
        assert town.council_member.name in imported.problems[0].text

    def test_an_address_of_another_employee(self, town):
        run(town.municipality, people=[f"{ANNA};care-north"])
        imported = run(town.municipality, people=["101;Bo;anna@exempelby.example.se;care-north"])
        assert codes(imported) == [(2, "e-post", "email_of_another")]

    def test_an_address_in_another_municipality_is_refused_without_saying_whose_it_is(self, town):
        other = make_municipality("Grannby kommun")
        imported = run(town.municipality, people=[f"100;Anna;{other.head.email};care-north"])
        assert codes(imported) == [(2, "e-post", "email_elsewhere")]
        assert other.head.name not in imported.problems[0].text + imported.problems[0].fix
        assert "Grannby" not in imported.problems[0].text

    def test_a_dry_run_writes_nothing(self, town):
        imported = run(town.municipality, people=[f"{ANNA};care-north"], dry_run=True)
        assert counts(imported, "people") == (1, 0, 0, 0)
        assert not User.objects.filter(external_id="100").exists()


def test_the_number_of_queries_does_not_grow_with_the_people(town):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite the ORM writes in pieces")

    def asked(number: int) -> int:
        rows = [f"{pid};P {pid};p{pid}@exempelby.example.se;care-north" for pid in range(number, 2 * number)]
        with CaptureQueriesContext(connection) as captured:
            run(town.municipality, people=rows)
        return len(captured)

    assert asked(3) == asked(300)


def test_an_imported_person_can_be_appointed(town):
    run(town.municipality, people=[f"{ANNA};care-north"])
    seat = make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER)
    held = appoint_as(seat=seat, person=anna(), valid_from=clock.today(), by=town.administrator)
    assert held.person == anna()


def test_people_of_the_portal_are_not_the_files_while_they_have_no_personnel_id(town):
    person = make_user(town.municipality, "Utan Nummer")
    run(town.municipality, full=True, people=[f"{ANNA};care-north"])
    person.refresh_from_db()
    assert person.is_active
