"""Someone always answers, and exactly one: holder, fallback, line upwards, the board last."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse

from organisation import clock
from organisation.models import Appointment, BodyKind, Seat, SeatKind, SeatType
from organisation.responsibility import who_answers, who_handles
from organisation.responsibility_map import draw_map
from organisation.tree import rebuild_closure
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user

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


@pytest.mark.parametrize("seed", range(12))
def test_random_trees_and_dates_give_exactly_one_answer(seed):
    """As long as the board has a chair, every body, kind and day has one living answer."""
    chance = random.Random(seed)
    town = make_municipality(people=False)
    chair = make_user(town.municipality, "Per Provsson")
    appoint(chair, make_seat(town.bodies["board"], SeatKind.CHAIR))
    bodies = list(town.bodies.values())
    for number in range(15):
        parent = chance.choice([body for body in bodies if body.kind != BodyKind.COUNCIL])
        bodies.append(make_body(town.municipality, BodyKind.UNIT, f"Enhet {number}", parent))
    rebuild_closure(town.municipality)
    start = date(2026, 1, 1)
    for body in bodies:
        for kind in chance.sample([SeatKind.UNIT_MANAGER, SeatKind.HEAD, SeatKind.UNIT_OMBUD], chance.randrange(3)):
            seat = make_seat(body, kind)
            first = start + timedelta(days=chance.randrange(200))
            appoint(make_user(town.municipality), seat, valid_from=first, valid_to=first + timedelta(days=60))
    for body in bodies:
        for kind in (SeatKind.UNIT_MANAGER, SeatKind.UNIT_OMBUD, SeatKind.DEPARTMENT_COORDINATOR):
            on = start + timedelta(days=chance.randrange(365))
            answer = who_answers(body, kind, on)
            assert answer.person is not None
            assert Appointment.objects.in_force(on).filter(person=answer.person, seat=answer.seat).exists()


class TestMap:
    def test_it_counts_vacancies_with_their_age_and_who_answers(self, town):
        SeatType.objects.filter(kind=SeatKind.DEPARTMENT_COORDINATOR).update(min_holders=1)
        leave(town.coordinator, clock.today() - timedelta(days=47))
        drawn = draw_map(town.municipality, clock.today())
        assert [(card.title, card.days) for card in drawn.vacancies] == [("Säkerhetshandläggare", 47)]
        assert drawn.vacancies[0].answers == "Förvaltningschef Nils Påhittsson"
        assert drawn.oldest_days == 47

    def test_a_seat_that_is_held_where_needed_is_no_vacancy(self, town):
        """R131: the unit manager appoints an ombud where needed."""
        leave(town.unit_ombud)
        assert draw_map(town.municipality, clock.today()).vacancies == []

    def test_its_queries_are_constant(self, town, django_assert_max_num_queries):
        for number in range(40):
            unit = make_body(town.municipality, BodyKind.UNIT, f"Enhet {number}", town.bodies["care-dept"])
            make_seat(unit, SeatKind.UNIT_MANAGER)
        with django_assert_max_num_queries(8):
            draw_map(town.municipality, clock.today())

    def test_pages_show_it_to_everyone_of_the_municipality_and_to_no_other(self, town, client):
        other = make_municipality("Grannby kommun", people=True)
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        for name in ("organisation:map", "organisation:vacancies"):
            assert client.get(reverse(name)).status_code == 200
        page = client.get(reverse("organisation:body", args=[town.bodies["care-north"].public_id]))
        assert "Maja Exempelsson" in page.content.decode()
        assert client.get(reverse("organisation:body", args=[other.bodies["care"].public_id])).status_code == 404

    def test_another_date_is_asked_for_and_bad_dates_are_told(self, town, client):
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        assert client.get(reverse("organisation:map"), {"on": "2025-01-31"}).status_code == 200
        page = client.get(reverse("organisation:map"), {"on_day": "31", "on_month": "2", "on_year": "2026"})
        assert 'class="govuk-error-summary' in page.content.decode()


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
            seat = make_seat(town.bodies["safety"], SeatKind.OTHER, valid_from=date(2020 + _number % 5, 1, 1 + _number))
            appoint(make_user(town.municipality), seat)
        with django_assert_max_num_queries(32):
            client.get(reverse("organisation:body", args=[town.bodies["safety"].public_id]))


def test_the_map_and_the_figures_count_the_same_seats(town):
    """One definition of a vacancy: held where needed is none, a deputy alone is one, and employees don't count."""
    types = SeatType.objects.filter(municipality=town.municipality)
    types.filter(kind__in=[SeatKind.DEPARTMENT_COORDINATOR, SeatKind.HEAD, SeatKind.UNIT_MANAGER]).update(min_holders=1)
    for person in (town.coordinator, town.unit_ombud, town.head):
        leave(person)
    appoint(make_user(town.municipality, "Vikarie Vikström"), town.seats["head"], is_deputy=True)
    counted = Seat.objects.to_be_held(clock.today()).filter(municipality=town.municipality)
    drawn = draw_map(town.municipality, clock.today())
    assert drawn.seats == counted.count()
    assert len(drawn.vacancies) == counted.filter(held=False).count() == 2
