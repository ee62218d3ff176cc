"""Notes of a group's meeting with decisions and actions; what came of the actions."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest

from organisation import clock
from organisation.errors import NotAllowed
from organisation.groups import may_finish, own_actions
from organisation.models import Attendance, GroupAction, GroupDecision, GroupMeeting
from organisation.services.appointing import end_appointment
from organisation.services.group_actions import ActionRefused, finish_action, reopen_action
from organisation.services.group_meetings import (
    ActionValues,
    DecisionValues,
    MeetingChanged,
    MeetingRefused,
    edit_meeting,
    record_meeting,
)
from tests.factories.groups import make_action, make_meeting, meeting_values
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.mark.parametrize("role", ["group_leader", "safety_coordinator", "head_of_security"])
def test_notes_with_attendance_decisions_and_actions(town, role):
    meeting = make_meeting(town, by=getattr(town, role))
    assert meeting.written_by == getattr(town, role)
    assert {row.person for row in meeting.attendances.all()} == {town.group_leader, town.outside_member}
    assert [row.text for row in meeting.decisions.all()] == ["Gruppen går en trygghetsvandring i oktober."]
    assert [(row.what, row.seat) for row in meeting.actions.all()] == [
        ("Byt lamporna i gångtunneln", town.seats["unit_manager"])
    ]


@pytest.mark.parametrize("role", ["group_member", "outside_member", "chief_executive", "administrator", "head"])
def test_others_write_no_notes(town, role):
    meeting = make_meeting(town)
    with pytest.raises(NotAllowed):
        make_meeting(town, by=getattr(town, role))
    with pytest.raises(NotAllowed):
        edit_meeting(meeting=meeting, values=meeting_values(town), expected_edit_count=0, by=getattr(town, role))
    assert GroupMeeting.objects.count() == 1


def test_the_same_form_twice_is_one_meeting(town):
    facts = {"group": town.bodies["group"], "values": meeting_values(town), "submission_key": uuid.uuid4()}
    assert record_meeting(**facts, by=town.group_leader) == record_meeting(**facts, by=town.group_leader)
    assert (GroupMeeting.objects.count(), GroupAction.objects.count()) == (1, 1)


def test_no_meeting_tomorrow_and_nobody_from_another_municipality(town):
    neighbour = make_municipality("Grannby kommun")
    for changed in (
        {"held_on": clock.today() + timedelta(days=1)},
        {"attended": (neighbour.head,)},
        {"actions": (ActionValues("Något", person=neighbour.head),)},
        {"actions": (ActionValues("Något", seat=neighbour.seats["head"]),)},
    ):
        with pytest.raises(MeetingRefused):
            make_meeting(town, **changed)
    assert not GroupMeeting.objects.exists()


def test_an_error_half_way_leaves_nothing(town):
    with (
        mock.patch("organisation.services.group_meetings._write_actions", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        make_meeting(town)
    assert not GroupMeeting.objects.exists()
    assert not GroupDecision.objects.exists()
    assert not Attendance.objects.exists()


def test_an_edit_keeps_what_stays_changes_what_is_named_and_takes_away_the_rest(town):
    meeting = make_meeting(
        town, decisions=(DecisionValues("Första"), DecisionValues("Andra")), actions=(ActionValues("Lampor"),)
    )
    first, second = meeting.decisions.all()
    lamps = meeting.actions.get()
    finish_action(action=lamps, by=town.group_leader)
    edited = edit_meeting(
        meeting=meeting,
        values=meeting_values(
            town,
            attended=(town.group_leader, town.head),
            decisions=(DecisionValues("Ny"), DecisionValues("Andra, ändrad", key=second.public_id)),
            actions=(ActionValues("Lampor", person=town.group_member, key=lamps.public_id), ActionValues("Skyltar")),
        ),
        expected_edit_count=0,
        by=town.safety_coordinator,
    )
    assert edited.edit_count == 1
    assert [row.text for row in edited.decisions.all()] == ["Ny", "Andra, ändrad"]
    assert not GroupDecision.objects.filter(pk=first.pk).exists()
    assert {row.person for row in edited.attendances.all()} == {town.group_leader, town.head}
    kept = GroupAction.objects.get(pk=lamps.pk)
    assert (kept.person, kept.done_on) == (town.group_member, clock.today())
    assert edited.actions.count() == 2


def test_rows_that_stay_are_not_written_anew(town):
    meeting = make_meeting(town)
    decision, action = meeting.decisions.get(), meeting.actions.get()
    values = meeting_values(
        town,
        notes="Bara anteckningen ändras.",
        decisions=(DecisionValues(decision.text, key=decision.public_id),),
        actions=(ActionValues(action.what, seat=action.seat, key=action.public_id),),
    )
    edit_meeting(meeting=meeting, values=values, expected_edit_count=0, by=town.group_leader)
    assert (decision.history.count(), action.history.count()) == (1, 1)


def test_a_stale_edit_is_refused_with_what_stands(town):
    meeting = make_meeting(town)
    edit_meeting(meeting=meeting, values=meeting_values(town), expected_edit_count=0, by=town.group_leader)
    with pytest.raises(MeetingChanged) as refused:
        edit_meeting(meeting=meeting, values=meeting_values(town), expected_edit_count=0, by=town.safety_coordinator)
    assert refused.value.saved.edit_count == 1


def test_whoever_is_to_do_it_and_whoever_runs_the_group_note_it_as_done(town):
    action = make_action(town, person=town.outside_member)
    for role in ("group_leader", "safety_coordinator", "outside_member"):
        assert may_finish(getattr(town, role), action)
    for role in ("group_member", "chief_executive", "head"):
        with pytest.raises(NotAllowed):
            finish_action(action=action, by=getattr(town, role))
    done = finish_action(action=action, note="Nya lampor sitter uppe.", by=town.outside_member)
    again = finish_action(action=action, note="Nya lampor sitter uppe.", by=town.outside_member)
    assert (done.done_on, again.history.count()) == (clock.today(), 2)
    with pytest.raises(ActionRefused):
        finish_action(action=action, done_on=clock.today() + timedelta(days=1), by=town.group_leader)
    assert reopen_action(action=action, by=town.group_leader).done_on is None


def test_an_action_of_a_seat_follows_the_seat_and_one_of_a_person_ends_with_the_membership(town):
    of_seat = make_action(town, seat=town.seats["unit_manager"])
    of_person = make_action(town, person=town.group_member)
    assert list(own_actions(town.unit_manager)) == [of_seat]
    assert list(own_actions(town.group_member)) == [of_person]
    held = town.seats["group_member"].appointments.get()
    end_appointment(appointment=held, on=clock.today(), by=town.group_leader)
    town.group_member._scope = None
    assert not may_finish(town.group_member, of_person)
    manager = town.seats["unit_manager"].appointments.get()
    end_appointment(appointment=manager, on=clock.today(), by=town.administrator)
    assert not own_actions(town.unit_manager).exists()
