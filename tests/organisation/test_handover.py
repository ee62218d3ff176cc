"""Hand-over: what people who leave had to do, told to whoever answers for it now, until it is done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplans.models import MeasureState
from organisation import clock, handover
from organisation.models import Appointment, GroupAction, GroupMeeting, SeatKind, User
from organisation.services.people import end_person
from tests.factories import actionplans as plans
from tests.factories import incidents
from tests.factories.organisation import Town, appoint, make_body, make_municipality, make_seat, make_user
from tests.reading import text_of

pytestmark = pytest.mark.django_db

CANARY = "Kanariefågel-4711"


@pytest.fixture
def town() -> Town:
    return make_municipality()


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


def of(person: User) -> handover.HandOver:
    assert person.municipality is not None
    return handover.hand_overs(person.municipality, [person.pk])[0]


def leave(town: Town, person: User) -> User:
    return end_person(person=person, by=town.administrator)


def test_a_seat_that_stands_empty_is_told_with_who_answers(town):
    before = of(town.unit_manager)
    assert [(one.seat.seat_type.kind, one.answer.person) for one in before.seats] == [
        (SeatKind.UNIT_MANAGER, town.head)
    ]
    leave(town, town.unit_manager)
    after = of(town.unit_manager)
    assert [one.seat for one in after.seats] == [one.seat for one in before.seats]
    assert after.seats[0].answer.person == town.head


def test_a_seat_that_others_hold_and_what_people_do_for_a_living_are_not_handed_over(town):
    appoint(make_user(town.municipality, "Bo"), town.seats["unit_manager"])
    assert of(town.unit_manager).is_empty
    assert of(town.employee).is_empty


def test_unfinished_measures_of_the_seat(town):
    plan = plans.make_in_force(town, year=clock.today().year)
    measure = plan.measures.first()
    measure.responsible = town.seats["unit_manager"]
    measure.state = MeasureState.STARTED
    measure.save()
    found = of(town.unit_manager)
    assert [task.what for task in found.seats[0].tasks if measure.what in task.what]
    measure.state, measure.done_on = MeasureState.DONE, clock.today()
    measure.save()
    assert not [task for task in of(town.unit_manager).seats[0].tasks if measure.what in task.what]


def test_cases_are_told_by_number_alone(town):
    case = incidents.report(town, by="employee", at="care-north", text=CANARY)
    task = of(town.unit_manager).seats[0].tasks[0]
    assert case.label in task.what
    assert CANARY not in task.what + task.where
    assert task.url == ""
    assert of(town.unit_ombud).seats[0].tasks == []


def test_many_cases_are_counted(town):
    for _number in range(12):
        incidents.report(town, by="employee", at="care-north", text="x")
    task = of(town.unit_manager).seats[0].tasks[0]
    assert re.search(r"\b2\b", task.what)
    assert task.what.count("H-") == 10


def test_actions_of_groups_are_the_persons_own(town):
    meeting = GroupMeeting.objects.create(
        municipality=town.municipality,
        body=town.bodies["group"],
        held_on=clock.today(),
        written_by=town.group_leader,
        submission_key=uuid4(),
    )
    action = GroupAction.objects.create(
        municipality=town.municipality, meeting=meeting, what="Ring polisen", person=town.employee
    )
    assert ["Ring polisen" in task.what for task in of(town.employee).own] == [True]
    action.done_on = clock.today()
    action.save()
    assert of(town.employee).is_empty


def test_what_was_held_before_the_last_day_is_not_theirs(town):
    Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today() - timedelta(days=3))
    leave(town, town.unit_manager)
    assert of(town.unit_manager).is_empty


def test_the_number_of_queries_does_not_grow_with_the_people(town):
    def asked(number: int) -> int:
        people = []
        for place in range(number):
            unit = make_body(town.municipality, "unit", f"Enhet {place}", town.bodies["care-dept"])
            person = make_user(town.municipality, f"Chef {place}")
            appoint(person, make_seat(unit, SeatKind.UNIT_MANAGER))
            incidents.report(town, by="employee", at="care-north", text="x")
            people.append(person.pk)
        with CaptureQueriesContext(connection) as captured:
            assert len(handover.hand_overs(town.municipality, people)) == number
        return len(captured)

    assert asked(1) == asked(6)


class TestMyWork:
    """Whoever answers now is told on "my work", and sees what there is to take over."""

    def test_the_one_who_answers_is_told(self, client, town):
        case = incidents.report(town, by="employee", at="care-north", text=CANARY)
        leave(town, town.unit_manager)
        client.force_login(town.head)
        shown = text_of(client.get("/"))
        assert "Hand over after Maja Exempelsson" in shown
        assert "You answer meanwhile: Enhetschef, Ängsgläntans hemtjänst" in shown
        page = text_of(client.get(reverse("organisation:handover", args=[town.unit_manager.public_id])))
        assert f"Open cases: {case.label}" in page
        assert CANARY not in page

    @pytest.mark.parametrize("role", ["unit_ombud", "coordinator", "other_head", "administrator", "board_chair"])
    def test_nobody_else_is(self, client, town, role):
        leave(town, town.unit_manager)
        client.force_login(town.people[role])
        assert "Hand over after" not in text_of(client.get("/"))
        url = reverse("organisation:handover", args=[town.unit_manager.public_id])
        assert client.get(url).status_code == 404

    def test_another_municipality_is_not(self, client, town):
        leave(town, town.unit_manager)
        client.force_login(make_municipality("Grannby kommun").head)
        url = reverse("organisation:handover", args=[town.unit_manager.public_id])
        assert client.get(url).status_code == 404

    def test_it_is_over_when_somebody_holds_the_seat(self, client, town):
        leave(town, town.unit_manager)
        appoint(make_user(town.municipality, "Ny Chef"), town.seats["unit_manager"], valid_from=clock.today())
        client.force_login(town.head)
        assert "Hand over after" not in text_of(client.get("/"))

    def test_it_is_a_vacancy_among_others_after_a_while(self, client, town):
        leave(town, town.unit_manager)
        long_ago = clock.now() - handover.REMEMBERED_FOR - timedelta(days=2)
        User.objects.filter(pk=town.unit_manager.pk).update(left_at=long_ago)
        Appointment.objects.filter(person=town.unit_manager).update(valid_to=long_ago.date())
        client.force_login(town.head)
        assert "Hand over after" not in text_of(client.get("/"))

    def test_the_start_page_asks_as_much_for_many_as_for_one(self, client, town):
        client.force_login(town.head)

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get("/")
            return len(captured)

        def another(number: int) -> None:
            unit = make_body(town.municipality, "unit", f"Enhet {number}", town.bodies["care-dept"])
            person = make_user(town.municipality, f"Chef {number}")
            appoint(person, make_seat(unit, SeatKind.UNIT_MANAGER), valid_from=clock.today() - timedelta(days=9))
            leave(town, person)

        leave(town, town.unit_manager)
        asked()
        one = asked()
        for number in range(4):
            another(number)
        assert asked() == one
