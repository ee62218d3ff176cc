"""What a group is asked to do: given, changed, done (R209); by those who run the group."""

import uuid
from datetime import date, timedelta

import pytest

from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import Assignment
from organisation.services.assignments import (
    AssignmentChanged,
    AssignmentRefused,
    change_assignment,
    finish_assignment,
    give_assignment,
)
from tests.factories.groups import assignment_values, make_assignment
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db
RUN_THE_GROUP = ("group_leader", "safety_coordinator", "head_of_security")
READ_ONLY = ("group_member", "outside_member", "chief_executive", "unit_manager", "administrator")


@pytest.fixture
def town():
    return make_municipality()


@pytest.mark.parametrize("role", RUN_THE_GROUP)
def test_who_runs_the_group_notes_an_assignment(town, role):
    assignment = make_assignment(town, by=getattr(town, role))
    assert (assignment.title, assignment.due_on) == ("Kartlägg otrygga platser vid resecentrum", date(2026, 12, 1))
    assert assignment.history.count() == 1


@pytest.mark.parametrize("role", READ_ONLY)
def test_others_do_not(town, role):
    with pytest.raises(NotAllowed):
        make_assignment(town, by=getattr(town, role))
    assert not Assignment.objects.exists()


def test_another_municipalitys_safety_unit_does_not_either(town):
    neighbour = make_municipality("Grannby kommun")
    with pytest.raises(NotAllowed):
        make_assignment(town, by=neighbour.safety_coordinator)


def test_the_same_form_twice_is_one_assignment(town):
    key = uuid.uuid4()
    facts = {"group": town.bodies["group"], "values": assignment_values(), "submission_key": key}
    assert give_assignment(**facts, by=town.group_leader) == give_assignment(**facts, by=town.group_leader)
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    "days",
    [
        {"given_on": date(2100, 1, 1), "due_on": None},
        {"given_on": date(2026, 9, 2), "due_on": date(2026, 9, 1)},
    ],
)
def test_days_that_can_not_be_are_refused(town, days):
    with pytest.raises(AssignmentRefused):
        make_assignment(town, **days)
    assert not Assignment.objects.exists()


def test_a_change_counts_and_a_stale_one_is_refused_with_what_stands(town):
    assignment = make_assignment(town)
    changed = change_assignment(
        assignment=assignment, values=assignment_values(title="Ny rubrik"), expected_edit_count=0, by=town.group_leader
    )
    assert (changed.title, changed.edit_count) == ("Ny rubrik", 1)
    with pytest.raises(AssignmentChanged) as refused:
        change_assignment(
            assignment=assignment,
            values=assignment_values(title="För sent"),
            expected_edit_count=0,
            by=town.safety_coordinator,
        )
    assert refused.value.saved.title == "Ny rubrik"
    assert Assignment.objects.get().title == "Ny rubrik"


def test_done_with_an_outcome_which_can_be_corrected(town):
    assignment = make_assignment(town)
    yesterday = clock.today() - timedelta(days=1)
    finish_assignment(assignment=assignment, done_on=yesterday, outcome="Kartan är klar.", by=town.group_leader)
    done = finish_assignment(assignment=assignment, done_on=yesterday, outcome="Kartan är klar.", by=town.group_leader)
    assert (done.done_on, done.outcome, done.history.count()) == (yesterday, "Kartan är klar.", 2)
    corrected = finish_assignment(assignment=assignment, done_on=yesterday, outcome="Två kartor.", by=town.group_leader)
    assert corrected.outcome == "Två kartor."
    with pytest.raises(AssignmentRefused):
        change_assignment(
            assignment=corrected,
            values=assignment_values(given_on=clock.today(), due_on=None),
            expected_edit_count=0,
            by=town.group_leader,
        )


def test_not_done_before_it_was_given_nor_tomorrow(town):
    assignment = make_assignment(town)
    for day in (date(2026, 8, 31), clock.today() + timedelta(days=1)):
        with pytest.raises(AssignmentRefused):
            finish_assignment(assignment=assignment, done_on=day, outcome="x", by=town.group_leader)
    with pytest.raises(NotAllowed):
        finish_assignment(assignment=assignment, done_on=clock.today(), outcome="x", by=town.outside_member)
    assert Assignment.objects.get().done_on is None
