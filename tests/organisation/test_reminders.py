"""Mail to the one who appoints: once a week, of seats that have stood vacant for a week; and the same as work."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from notifications.mail import send_mail_to
from notifications.models import OutboxMessage
from organisation import clock, tasks
from organisation.access import Scope
from organisation.models import Appointment, Seat, SeatKind, SeatType, User
from organisation.services.reminding import remind_appointers, seats_by_appointer
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies
from organisation.vacancy_work import MOST, vacancies_to_fill
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def day(monkeypatch):
    shown = {"today": MONDAY}
    monkeypatch.setattr(clock, "today", lambda: shown["today"])
    return shown


@pytest.fixture
def town(day):
    """The head appoints the coordinator and the managers, the manager the ombud."""
    town = make_municipality()
    types = SeatType.objects.filter(municipality=town.municipality)
    rules = {
        SeatKind.DEPARTMENT_COORDINATOR: "head",
        SeatKind.UNIT_MANAGER: "head",
        SeatKind.UNIT_OMBUD: "unit-manager",
        SeatKind.CHIEF_EXECUTIVE: "board",
    }
    for kind, by in rules.items():
        types.filter(kind=kind).update(min_holders=1, appointed_by=by)
    rebuild_vacancies(town.municipality)
    return town


def leave(town, role: str, days: int) -> None:
    held = Appointment.objects.filter(person=town.people[role])
    held.update(valid_from=date(2020, 1, 1), valid_to=clock.today() - timedelta(days=days))
    rebuild_vacancies(town.municipality)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(topic="mail").order_by("pk"))


class TestMail:
    def test_the_one_who_appoints_is_told_of_all_theirs_in_one_mail(self, town):
        leave(town, "coordinator", 47)
        leave(town, "unit_manager", 8)
        assert remind_appointers(town.municipality) == 1
        (mail,) = mails()
        assert mail.payload["person_id"] == town.head.pk
        text = mail.payload["body"]
        assert text.index("Säkerhetshandläggare") < text.index("Enhetschef")
        for words in ("47", "7 oktober 2026", reverse("organisation:vacancies")):
            assert words in text

    def test_nothing_is_said_when_nothing_has_stood_vacant_for_a_week(self, town):
        assert remind_appointers(town.municipality) == 0
        leave(town, "coordinator", 6)
        assert remind_appointers(town.municipality) == 0
        assert mails() == []

    def test_twice_in_a_week_is_one_mail_and_the_next_week_another(self, town, day):
        leave(town, "coordinator", 47)
        for _day in range(7):
            tasks.remind_appointers()
            day["today"] += timedelta(days=1)
        assert len(mails()) == 1
        assert day["today"] == MONDAY + timedelta(days=7)
        tasks.remind_appointers()
        assert len(mails()) == 2

    def test_control_without_its_key_each_run_would_mail(self, town, monkeypatch):
        leave(town, "coordinator", 47)
        numbers = iter(range(10))
        sent = "organisation.services.reminding.send_mail_to"

        def keyless(*, once_key, **rest):
            send_mail_to(once_key=f"{once_key}-{next(numbers)}", **rest)

        monkeypatch.setattr(sent, keyless)
        for _run in (1, 2):
            tasks.remind_appointers()
        assert len(mails()) == 2

    def test_at_new_year_the_week_belongs_to_one_year(self, town, day):
        """The last days of December and the first of January may be the same week."""
        leave(town, "coordinator", 47)
        day["today"] = date(2026, 12, 28)
        remind_appointers(town.municipality)
        day["today"] = date(2027, 1, 1)
        remind_appointers(town.municipality)
        assert len(mails()) == 1

    def test_where_the_appointer_is_gone_the_one_who_answers_for_that_seat_is_told(self, town):
        leave(town, "unit_manager", 30)
        leave(town, "unit_ombud", 20)
        remind_appointers(town.municipality)
        (mail,) = mails()
        assert mail.payload["person_id"] == town.head.pk
        assert "Säkerhetsombud" in mail.payload["body"]

    def test_where_a_body_decides_its_secretary_is_told_else_the_administrator(self, town):
        leave(town, "chief_executive", 30)
        assert set(seats_by_appointer(town.municipality, clock.today())) == {town.board_secretary}
        leave(town, "board_secretary", 30)
        assert set(seats_by_appointer(town.municipality, clock.today())) == {town.administrator}

    def test_the_unions_seats_are_nobody_elses_business(self, town):
        SeatType.objects.filter(kind=SeatKind.SAFETY_REPRESENTATIVE).update(min_holders=1)
        leave(town, "safety_representative", 60)
        assert remind_appointers(town.municipality) == 0

    def test_a_long_list_is_cut_with_a_count(self, town):
        for number in range(30):
            unit = make_body(town.municipality, "unit", f"Enhet {number}", town.bodies["care-dept"])
            make_seat(unit, SeatKind.UNIT_MANAGER)
        rebuild_vacancies(town.municipality)
        remind_appointers(town.municipality)
        (mail,) = mails()
        assert mail.payload["body"].count("Enhet ") == 20
        assert "10" in mail.payload["body"]
        assert "30" in mail.payload["subject"]

    def test_two_municipalities_get_their_own(self, town):
        other = make_municipality("Grannby kommun")
        leave(town, "coordinator", 47)
        tasks.remind_appointers()
        assert [mail.municipality for mail in mails()] == [town.municipality]
        assert other.head.pk != mails()[0].payload["person_id"]


def items(person: User) -> list[str]:
    person = User.objects.get(pk=person.pk)
    return [item.url for item in vacancies_to_fill(person, Scope.of(person))]


def to_appoint(seat: Seat) -> str:
    return reverse("organisation:appoint", args=[seat.public_id])


class TestWork:
    def test_it_waits_for_the_one_who_appoints_and_for_nobody_else(self, town):
        leave(town, "coordinator", 3)
        leave(town, "unit_ombud", 3)
        assert items(town.head) == [to_appoint(town.seats["coordinator"])]
        assert items(town.unit_manager) == [to_appoint(town.seats["unit_ombud"])]
        for role in ("other_head", "administrator", "chief_executive", "employee", "board_secretary"):
            assert items(town.people[role]) == []

    def test_a_body_s_decision_waits_for_its_secretary(self, town):
        leave(town, "chief_executive", 3)
        assert items(town.board_secretary) == [to_appoint(town.seats["chief_executive"])]
        assert items(town.committee_secretary) == []

    def test_the_nearer_of_two_who_hold_the_same_seat_is_asked(self, town):
        part = make_body(town.municipality, "department", "Hemtjänsten", town.bodies["care-dept"], key="part")
        unit = make_body(town.municipality, "unit", "Björken", part)
        rebuild_closure(town.municipality)
        near = make_user(town.municipality, "Nina Närmast")
        appoint(near, make_seat(part, SeatKind.HEAD))
        seat = make_seat(unit, SeatKind.UNIT_MANAGER)
        rebuild_vacancies(town.municipality)
        assert items(near) == [to_appoint(seat)]
        assert items(town.head) == []

    def test_without_a_rule_it_waits_for_the_line_above(self, town):
        SeatType.objects.filter(municipality=town.municipality).update(appointed_by="")
        leave(town, "unit_manager", 3)
        leave(town, "coordinator", 3)
        assert set(items(town.head)) == {to_appoint(town.seats[role]) for role in ("unit_manager", "coordinator")}

    def test_a_long_list_is_cut(self, town):
        for number in range(MOST + 5):
            unit = make_body(town.municipality, "unit", f"Enhet {number}", town.bodies["care-dept"])
            make_seat(unit, SeatKind.UNIT_MANAGER)
        rebuild_closure(town.municipality)
        rebuild_vacancies(town.municipality)
        found = items(town.head)
        assert len(found) == MOST + 1
        assert found[-1] == reverse("organisation:vacancies")

    def test_the_start_page_shows_it_and_ones_own_seats(self, town, client):
        leave(town, "coordinator", 3)
        client.force_login(town.head)
        page = client.get("/").content.decode()
        assert to_appoint(town.seats["coordinator"]) in page
        own = Appointment.objects.get(person=town.head)
        assert reverse("organisation:absence", args=[own.public_id]) in page
        assert reverse("organisation:seat", args=[town.seats["head"].public_id]) in page

    def test_it_costs_no_query_for_those_who_appoint_to_nothing(self, town, django_assert_num_queries):
        person = User.objects.get(pk=town.employee.pk)
        scope = Scope.of(person)
        with django_assert_num_queries(0):
            assert list(vacancies_to_fill(person, scope)) == []
