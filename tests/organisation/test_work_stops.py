"""A stop of dangerous work under AML 6:7: recorded, told at once, and lifted by agreement or by the authority."""

import uuid
from datetime import timedelta

import pytest

from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import Absence, Appointment, User, WorkStop
from organisation.services.work_stops import StopRefused, lift_stop, note_authority_told, record_stop
from organisation.union.asked import stops_seen, ways_to_lift
from tests.factories.organisation import make_municipality
from tests.factories.union import add_chief, stop_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

AGREED, DECIDED = WorkStop.Lifting.AGREED, WorkStop.Lifting.DECIDED


@pytest.fixture
def town():
    return make_municipality()


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def told() -> set[str]:
    people = OutboxMessage.objects.filter(topic="mail").values_list("payload__person_id", flat=True)
    return set(User.objects.filter(pk__in=list(people)).values_list("name", flat=True))


class TestRecording:
    def test_it_stands_with_a_number_from_its_hour(self, town):
        since = clock.now() - timedelta(hours=2)
        stop = stop_work(town, stopped_at=since)
        assert stop.label == f"S-{clock.today().year}-0001"
        assert stop.stands
        assert (stop.stopped_at, stop.reason, stop.text) == (since, "danger", "")

    def test_the_employers_responsible_person_is_told_at_once(self, town):
        stop_work(town)
        assert told() == {"Maja Exempelsson"}

    def test_the_next_in_line_when_that_one_is_away(self, town):
        Absence.objects.create(
            municipality=town.municipality,
            appointment=Appointment.objects.get(person=town.unit_manager),
            valid_from=clock.today(),
            valid_to=clock.today() + timedelta(days=1),
        )
        stop_work(town)
        assert told() == {"Nils Påhittsson"}

    def test_all_who_could_when_every_seat_is_vacant(self, town):
        people = (town.unit_manager, town.chief_executive)
        Appointment.objects.filter(person__in=people).update(valid_to=clock.today())
        stop_work(town)
        assert told() == {"Nils Påhittsson"}

    def test_no_words_of_it_are_mailed(self, town):
        stop = stop_work(town, text="Golvet ger vika")
        lift_stop(stop=stop, how=AGREED, because="Golvet är lagat", by=town.safety_representative)
        for message in OutboxMessage.objects.all():
            for words in ("Golvet", "Lyft utan hjälpmedel"):
                assert words not in str(message.payload)

    @pytest.mark.parametrize("role", ["employee", "unit_ombud", "unit_manager", "head", "safety_coordinator"])
    def test_only_a_representative_stops_work(self, town, role):
        with pytest.raises(NotAllowed):
            stop_work(town, by=role)

    def test_only_in_the_own_area_and_municipality(self, town):
        with pytest.raises(NotAllowed):
            stop_work(town, at="care-south")
        theirs = make_municipality("Grannby kommun")
        theirs.people["safety_representative"] = town.safety_representative
        with pytest.raises(NotAllowed):
            stop_work(theirs)

    def test_the_same_form_twice_is_one_stop(self, town):
        key = uuid.uuid4()
        assert stop_work(town, submission_key=key) == stop_work(town, submission_key=key)
        assert OutboxMessage.objects.count() == 1
        add_chief(town, "care-dept")
        with pytest.raises(NotAllowed):
            stop_work(town, by="chief_safety_representative", submission_key=key)

    def test_which_work_and_not_an_hour_to_come(self, town):
        with pytest.raises(StopRefused):
            stop_work(town, work=" ")
        with pytest.raises(StopRefused):
            stop_work(town, stopped_at=clock.now() + timedelta(hours=1))

    def test_a_failure_half_way_leaves_nothing(self, town, monkeypatch):
        monkeypatch.setattr("organisation.union.notices.send_mail_to", lambda **_values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stop_work(town)
        assert not WorkStop.objects.exists()


class TestTheAuthority:
    @pytest.mark.parametrize("role", ["safety_representative", "unit_manager", "head"])
    def test_either_side_notes_when_it_was_told(self, town, role):
        at = clock.now()
        stop = note_authority_told(stop=stop_work(town, stopped_at=at), at=at, by=town.people[role])
        assert stop.authority_told_at == at
        assert stop.stands

    @pytest.mark.parametrize("role", ["safety_coordinator", "coordinator", "employee", "other_head"])
    def test_nobody_else_does(self, town, role):
        with pytest.raises(NotAllowed):
            note_authority_told(stop=stop_work(town), at=clock.now(), by=town.people[role])

    def test_once_and_from_the_stop_up_to_now(self, town):
        stop = stop_work(town)
        for at in (stop.stopped_at - timedelta(minutes=1), clock.now() + timedelta(hours=1)):
            with pytest.raises(StopRefused):
                note_authority_told(stop=stop, at=at, by=town.unit_manager)
        note_authority_told(stop=stop, at=clock.now(), by=town.unit_manager)
        with pytest.raises(WrongState):
            note_authority_told(stop=stop, at=clock.now(), by=town.unit_manager)


class TestLifting:
    def test_by_agreement_and_both_sides_are_told(self, town):
        stop = stop_work(town)
        OutboxMessage.objects.all().delete()
        stop = lift_stop(stop=stop, how=AGREED, because="Liften är lagad", by=town.safety_representative)
        assert (stop.stands, stop.lifted_by, stop.lifted_how) == (False, town.safety_representative, "agreed")
        assert told() == {"Maja Exempelsson", "Omar Påhittad"}

    def test_the_employer_can_not_say_that_the_representative_agrees(self, town):
        stop = stop_work(town)
        assert ways_to_lift(town.unit_manager, stop) == [DECIDED]
        with pytest.raises(NotAllowed):
            lift_stop(stop=stop, how=AGREED, because="Liften är lagad", by=town.unit_manager)

    @pytest.mark.parametrize("role", ["safety_representative", "unit_manager", "head"])
    def test_either_side_records_what_the_authority_decided(self, town, role):
        stop = lift_stop(stop=stop_work(town), how=DECIDED, because="Beslut 2026/1", by=town.people[role])
        assert not stop.stands

    @pytest.mark.parametrize("role", ["safety_coordinator", "coordinator", "employee", "committee_chair"])
    def test_nobody_else_lifts(self, town, role):
        stop = stop_work(town)
        assert ways_to_lift(town.people[role], stop) == []
        with pytest.raises(NotAllowed):
            lift_stop(stop=stop, how=DECIDED, because="Beslut", by=town.people[role])

    def test_with_words_and_once(self, town):
        stop = stop_work(town)
        with pytest.raises(StopRefused):
            lift_stop(stop=stop, how=AGREED, because=" ", by=town.safety_representative)
        lift_stop(stop=stop, how=AGREED, because="Lagad", by=town.safety_representative)
        with pytest.raises(WrongState):
            lift_stop(stop=stop, how=AGREED, because="Lagad", by=town.safety_representative)
        with pytest.raises(WrongState):
            note_authority_told(stop=stop, at=clock.now(), by=town.unit_manager)

    def test_a_new_stop_needs_a_new_number(self, town):
        first = stop_work(town)
        lift_stop(stop=first, how=AGREED, because="Lagad", by=town.safety_representative)
        assert stop_work(town).number == 2


def test_the_two_sides_and_the_safety_unit_see_it_and_nobody_else(town):
    stop_work(town)
    seeing = {role for role, person in town.people.items() if stops_seen(fresh(person)).exists()}
    assert seeing == {
        "safety_representative",
        "unit_manager",
        "head",
        "coordinator",
        "chief_executive",
        "head_of_security",
        "safety_coordinator",
    }


def test_a_stop_is_recorded_by_verb_only_with_a_reason_of_the_law(town):
    with pytest.raises(ValueError, match="other"):
        record_stop(
            body=town.bodies["care-north"],
            work="Lyft",
            reason="other",
            stopped_at=clock.now(),
            by=town.safety_representative,
            submission_key=uuid.uuid4(),
        )
