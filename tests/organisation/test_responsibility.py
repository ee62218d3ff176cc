"""Someone always answers, and exactly one: holder, fallback, line upwards, the board last."""

from datetime import timedelta

import pytest
from django.urls import reverse

from organisation import clock
from organisation.models import Appointment, SeatKind, SeatType
from organisation.responsibility import who_answers, who_handles
from tests.factories.organisation import appoint, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


def leave(person, day=None) -> None:
    Appointment.objects.filter(person=person).update(valid_to=day or clock.today())


def test_the_manager_handles_what_happens_at_the_unit(town):
    answer = who_handles(town.bodies["care-north"], clock.today())
    assert answer.person == town.unit_manager
    assert answer.trail == ()


def test_an_empty_ombud_seat_falls_back_to_the_manager_and_says_since_when(town):
    day = clock.today() - timedelta(days=10)
    leave(town.unit_ombud, day)
    answer = who_answers(town.bodies["care-north"], SeatKind.UNIT_OMBUD, clock.today())
    assert answer.person == town.unit_manager
    assert [(gap.seat.seat_type.title, gap.since) for gap in answer.trail] == [("Säkerhetsombud", day)]


def test_an_empty_coordinator_seat_makes_the_head_answer(town):
    """R51, R130."""
    leave(town.coordinator)
    answer = who_answers(town.bodies["care-dept"], SeatKind.DEPARTMENT_COORDINATOR, clock.today())
    assert answer.person == town.head


def test_a_managers_own_report_goes_to_the_superior(town):
    answer = who_handles(town.bodies["care-north"], clock.today(), but_not=town.unit_manager)
    assert answer.person == town.head


def test_a_deputy_answers_while_the_holder_is_away(town):
    leave(town.unit_manager)
    deputy = make_user(town.municipality, "Vikarie Vikström")
    appoint(deputy, town.seats["unit_manager"], is_deputy=True)
    assert who_handles(town.bodies["care-north"], clock.today()).person == deputy


def test_when_the_whole_line_is_empty_the_board_answers(town):
    for role in ("unit_manager", "head", "committee_chair"):
        leave(town.people[role])
    Appointment.objects.filter(seat__body=town.bodies["council"]).update(valid_to=clock.today())
    answer = who_handles(town.bodies["care-north"], clock.today())
    assert answer.person == town.chief_executive


def test_yesterdays_answer_is_yesterdays_holder(town):
    leave(town.unit_manager)
    yesterday = clock.today() - timedelta(days=1)
    assert who_handles(town.bodies["care-north"], yesterday).person == town.unit_manager
    assert who_handles(town.bodies["care-north"], clock.today()).person == town.head


class TestBodyPage:
    def test_it_tells_the_rules_of_each_seat_members_and_matters(self, town, client):
        """R46, R49–R51, R207: who appoints, what an empty seat falls back to, who takes part, what was given."""
        municipality, safety = town.municipality, town.bodies["safety"]
        SeatType.objects.filter(kind=SeatKind.DEPARTMENT_COORDINATOR).update(appointed_by="head")
        municipality.responsibilities = [{"key": "m", "title": "Bevaka försäkringar", "held_by": "safety"}]
        municipality.save()
        safety.details = {"members": ["care-dept", "unit-ombud"]}
        safety.save()
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        page = client.get(reverse("organisation:body", args=[safety.public_id])).content.decode()
        assert "Bevaka försäkringar" in page
        assert "Säkerhetsombud" in page
        page = client.get(reverse("organisation:body", args=[town.bodies["care-dept"].public_id])).content.decode()
        assert page.count("Förvaltningschef") >= 3

    def test_its_queries_do_not_grow_with_its_seats(self, town, client, django_assert_max_num_queries):
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        for _number in range(12):
            seat = make_seat(town.bodies["safety"], SeatKind.OTHER, key=f"other-{_number}")
            appoint(make_user(town.municipality), seat)
        with django_assert_max_num_queries(32):
            client.get(reverse("organisation:body", args=[town.bodies["safety"].public_id]))
