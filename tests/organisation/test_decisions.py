"""Meetings, decisions and minutes: recorded by the secretary, corrected by a later row."""

from dataclasses import replace
from datetime import timedelta

import pytest

from organisation import clock, decisions
from organisation.decisions import DecisionError, Minutes
from organisation.errors import NotAllowed, WrongState
from organisation.models import Decision, Meeting, Outcome
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db

ITEM = Minutes(outcome=Outcome.NOTED, section="2006.24", registry_number="KS 2023-400")


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture
def meeting(town):
    held_on = clock.today() - timedelta(days=3)
    return decisions.hold_meeting(body=town.bodies["care"], held_on=held_on, by=town.committee_secretary)


def test_a_body_has_one_meeting_a_day(town, meeting):
    again = decisions.hold_meeting(body=meeting.body, held_on=meeting.held_on, by=town.committee_secretary)
    assert again == meeting
    assert Meeting.objects.count() == 1


def test_only_the_bodys_own_secretary_keeps_its_minutes(town, meeting):
    for role in ("board_secretary", "committee_chair", "safety_coordinator", "administrator"):
        person = town.people[role]
        with pytest.raises(NotAllowed):
            decisions.hold_meeting(body=meeting.body, held_on=meeting.held_on, by=person)
        with pytest.raises(NotAllowed):
            decisions.record_decision(meeting=meeting, minutes=ITEM, by=person)
        with pytest.raises(NotAllowed):
            decisions.approve_minutes(meeting=meeting, on=clock.today(), by=person)
    assert not Decision.objects.exists()


def test_another_municipalitys_secretary_is_refused(town, meeting):
    other = make_municipality("Grannby kommun")
    with pytest.raises(NotAllowed):
        decisions.record_decision(meeting=meeting, minutes=ITEM, by=other.committee_secretary)


def test_one_paragraph_may_decide_several_things_and_is_kept_as_typed(town, meeting):
    made = [
        decisions.record_decision(meeting=meeting, minutes=ITEM, by=town.committee_secretary) for _thing in range(2)
    ]
    assert {(decision.section, decision.registry_number) for decision in made} == {("2006.24", "KS 2023-400")}


def test_a_paragraph_is_needed_and_days_must_be_possible(town, meeting):
    by = town.committee_secretary
    before, tomorrow = meeting.held_on - timedelta(days=1), clock.today() + timedelta(days=1)
    with pytest.raises(DecisionError):
        decisions.record_decision(meeting=meeting, minutes=replace(ITEM, section=" "), by=by)
    for day in (before, tomorrow):
        with pytest.raises(DecisionError):
            decisions.record_decision(meeting=meeting, minutes=replace(ITEM, approved_at_once_on=day), by=by)
        with pytest.raises(DecisionError):
            decisions.approve_minutes(meeting=meeting, on=day, by=by)
    with pytest.raises(DecisionError):
        decisions.hold_meeting(body=meeting.body, held_on=tomorrow, by=by)
    assert not Decision.objects.exists()


def test_a_decision_is_preliminary_until_the_minutes_are_approved(town, meeting):
    decision = decisions.record_decision(meeting=meeting, minutes=ITEM, by=town.committee_secretary)
    assert decision.minutes_approved_on is None
    decisions.approve_minutes(meeting=meeting, on=clock.today(), by=town.committee_secretary)
    assert Decision.objects.get().minutes_approved_on == clock.today()
    with pytest.raises(WrongState):
        decisions.approve_minutes(meeting=meeting, on=meeting.held_on, by=town.committee_secretary)


def test_a_correction_supersedes_and_never_overwrites(town, meeting):
    by = town.committee_secretary
    first = decisions.record_decision(meeting=meeting, minutes=ITEM, by=by)
    second = decisions.correct_decision(decision=first, minutes=replace(ITEM, section="139/2023"), by=by)
    assert decisions.as_corrected(first) == second
    first.refresh_from_db()
    assert first.section == "2006.24"
    with pytest.raises(WrongState):
        decisions.correct_decision(decision=first, minutes=replace(ITEM, section="140"), by=by)
    with pytest.raises(DecisionError):
        decisions.correct_decision(decision=second, minutes=replace(ITEM, outcome=Outcome.APPROVE), by=by)


def test_what_fails_in_a_handler_takes_the_approval_back(town, meeting, monkeypatch):
    def fail(*_args):
        raise DecisionError

    monkeypatch.setattr(decisions, "_when_approved", [fail])
    with pytest.raises(DecisionError):
        decisions.approve_minutes(meeting=meeting, on=clock.today(), by=town.committee_secretary)
    meeting.refresh_from_db()
    assert meeting.minutes_approved_on is None
