"""A draft: begun once a year, its measures edited by several people at once without loss."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from actionplans import services
from actionplans.models import Measure, MeasureRisk, PlanStatus, PlanVersion, ResourceLine, VersionState
from actionplans.permissions import CHANGE_PLAN
from actionplans.services import (
    AlreadyDecided,
    Incomplete,
    MeasureChanged,
    OutsidePlan,
    PlanChanged,
    PlanExists,
    PlanLocked,
    ResourceValues,
)
from actionplans.snapshot import content_of_rows
from notifications.models import OutboxMessage
from organisation import access, clock
from organisation.access import holders_of
from organisation.errors import NotAllowed, WrongState
from tests.factories.actionplans import (
    decide,
    make_in_force,
    make_measure,
    make_plan,
    make_submitted,
    measure_values,
)
from tests.factories.organisation import make_municipality


@pytest.fixture
def plan(town):
    return make_plan(town)


def test_a_plan_begins_with_an_empty_draft_and_a_status_row(town, plan):
    version = plan.versions.get()
    assert (version.number, version.state) == (1, VersionState.DRAFT)
    assert PlanStatus.objects.get(version=version).to_state == VersionState.DRAFT


def test_a_body_has_one_plan_a_year(town, plan):
    with pytest.raises(PlanExists):
        make_plan(town)
    assert make_plan(town, year=2028).pk


def test_the_department_prepares_its_committees_plan_and_nobody_elses(town):
    assert make_plan(town, by=town.coordinator).pk
    assert make_plan(town, year=2028, by=town.head).pk
    for person in (town.head, town.coordinator):
        with pytest.raises(NotAllowed):
            make_plan(town, body="school", by=person)


def test_notices_about_a_committees_plan_reach_those_who_prepare_it(town):
    people = holders_of(CHANGE_PLAN, town.bodies["care"])
    assert {town.head, town.coordinator, town.safety_coordinator} <= set(people)
    assert town.other_head not in people


def test_control_without_the_reach_upwards_the_department_can_not_prepare(town, monkeypatch):
    monkeypatch.setattr(access, "_authorities_of", lambda bodies: {})
    with pytest.raises(NotAllowed):
        make_plan(town, by=town.coordinator)


def test_those_who_decide_or_only_read_prepare_nothing(town, plan):
    for role in ("committee_chair", "committee_member", "committee_secretary", "board_member", "employee"):
        with pytest.raises(NotAllowed):
            make_measure(town, plan, by=town.people[role])
    assert not Measure.objects.exists()


def test_a_department_adopts_no_plan(town):
    with pytest.raises(OutsidePlan):
        make_plan(town, body="care-dept")


def test_a_measure_says_what_how_when_who_and_with_what(town, plan, risk):
    measure = make_measure(town, plan, risks=(risk,))
    assert [line.amount_ore for line in measure.resources.all()] == [31_000_000, None]
    assert [line.hours for line in measure.resources.all()] == [None, 80]
    assert list(measure.risks.all()) == [risk]
    assert measure.version == plan.versions.get()


def test_the_same_key_gives_the_same_measure(town, plan):
    key = uuid.uuid4()
    values = measure_values(town)
    first = services.add_measure(plan=plan, values=values, by=town.coordinator, submission_key=key)
    assert services.add_measure(plan=plan, values=values, by=town.coordinator, submission_key=key) == first
    assert Measure.objects.count() == 1


def test_risks_and_seats_of_another_authority_are_refused(town, plan, other_risk):
    with pytest.raises(OutsidePlan):
        make_measure(town, plan, risks=(other_risk,))
    with pytest.raises(OutsidePlan):
        make_measure(town, plan, responsible=town.seats["other_manager"])
    assert not Measure.objects.exists()
    assert not MeasureRisk.objects.exists()


def test_a_seat_of_another_municipality_is_refused(town, plan):
    other = make_municipality("Grannby kommun")
    with pytest.raises(OutsidePlan):
        make_measure(town, plan, responsible=other.seats["unit_manager"])


def test_an_edit_of_what_someone_else_saved_is_refused(town, plan):
    measure = make_measure(town, plan)
    values = measure_values(town, what="Min ändring")
    services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.coordinator)
    with pytest.raises(MeasureChanged) as refusal:
        services.edit_measure(
            measure=measure, values=replace(values, what="Din ändring"), expected_edit_count=0, by=town.head
        )
    assert refusal.value.saved.what == "Min ändring"
    assert Measure.objects.get().what == "Min ändring"
    with pytest.raises(MeasureChanged):
        services.remove_measure(measure=measure, expected_edit_count=0, by=town.head)


def test_an_edit_replaces_only_the_lines_and_ties_that_differ(town, plan, risk):
    measure = make_measure(town, plan, risks=(risk,))
    kept = measure.resources.first()
    values = measure_values(
        town, resources=(ResourceValues(2027, amount_ore=31_000_000), ResourceValues(2028, hours=1))
    )
    services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.coordinator)
    assert kept in measure.resources.all()
    assert ResourceLine.objects.count() == 2
    assert not MeasureRisk.objects.exists()


def test_a_removed_measure_is_gone_with_its_lines(town, plan, risk):
    measure = make_measure(town, plan, risks=(risk,))
    services.remove_measure(measure=measure, expected_edit_count=0, by=town.coordinator)
    assert not Measure.objects.exists()
    assert Measure.history.filter(history_type="-").count() == 1
    with pytest.raises(WrongState):
        services.remove_measure(measure=measure, expected_edit_count=0, by=town.coordinator)


def test_a_submitted_plan_is_not_changed(town):
    version = make_submitted(town)
    measure = version.measures.all()[0]
    with pytest.raises(PlanLocked):
        make_measure(town, version.plan)
    with pytest.raises(PlanLocked):
        services.edit_measure(measure=measure, values=measure_values(town), expected_edit_count=0, by=town.coordinator)
    with pytest.raises(PlanLocked):
        services.edit_plan(plan=version.plan, title="X", further_points="", expected_edit_count=2, by=town.coordinator)
    decide(town, version)
    with pytest.raises(PlanLocked):
        make_measure(town, version.plan)


def test_the_next_version_leaves_what_is_in_force_alone(town):
    version = make_in_force(town)
    measure = version.measures.all()[0]
    values = measure_values(town, what="Nytt namn", due_on=date(2028, 1, 1))
    drafted = services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.coordinator)
    assert drafted.pk != measure.pk
    assert drafted.key == measure.key
    measure.refresh_from_db()
    assert measure.what == "Åtgärd 1"
    draft = version.plan.versions.get(number=2)
    assert draft.measures.count() == version.measures.count()
    assert {line.measure.version_id for line in ResourceLine.objects.all()} == {version.pk, draft.pk}
    assert PlanVersion.objects.get(pk=version.pk).hash_matches()


def test_copies_are_in_history_with_every_row(town):
    """Bulk-written rows have their history too."""
    version = make_in_force(town)
    make_measure(town, version.plan, what="Tredje")
    for model in (Measure, ResourceLine):
        assert set(model.history.values_list("id", flat=True)) == set(model.objects.values_list("pk", flat=True))


def test_submitting_freezes_the_content_and_tells_those_who_meet(town, plan):
    make_measure(town, plan)
    version = services.submit_plan(plan=plan, by=town.coordinator)
    assert version.hash_matches()
    assert version.content == content_of_rows(version).to_json()
    told = set(OutboxMessage.objects.filter(topic="mail").values_list("payload__person_id", flat=True))
    assert told == {town.committee_chair.pk, town.committee_member.pk, town.committee_secretary.pk}
    assert all("Larm" not in str(message.payload) for message in OutboxMessage.objects.all())


def test_what_is_submitted_is_what_was_checked(town, plan):
    make_measure(town, plan)
    seen = content_of_rows(plan.versions.get())
    make_measure(town, plan, what="Smög sig in")
    with pytest.raises(PlanChanged) as refusal:
        services.submit_plan(plan=plan, by=town.coordinator, seen=seen)
    assert [change.measure for change in refusal.value.changes] == ["Smög sig in"]
    assert plan.versions.get().state == VersionState.DRAFT


def test_an_incomplete_measure_keeps_the_plan_from_the_meeting(town, plan):
    make_measure(town, plan, how=" ", resources=())
    with pytest.raises(Incomplete) as refusal:
        services.submit_plan(plan=plan, by=town.coordinator)
    assert len(refusal.value.problems) == 2
    assert not OutboxMessage.objects.exists()


def test_only_a_draft_is_submitted_and_by_those_who_may(town):
    version = make_submitted(town)
    with pytest.raises(WrongState):
        services.submit_plan(plan=version.plan, by=town.coordinator)
    with pytest.raises(NotAllowed):
        services.submit_plan(plan=version.plan, by=town.unit_manager)


def test_a_plan_is_withdrawn_before_the_decision_and_not_after(town):
    version = make_submitted(town)
    with pytest.raises(NotAllowed):
        services.withdraw_plan(plan=version.plan, by=town.committee_secretary)
    services.withdraw_plan(plan=version.plan, by=town.coordinator, reason="Fel belopp")
    version.refresh_from_db()
    assert (version.state, version.content, version.content_hash) == (VersionState.DRAFT, None, "")
    assert version.statuses.order_by("-pk")[0].reason == "Fel belopp"
    again = services.submit_plan(plan=version.plan, by=town.coordinator)
    assert again.number == 1
    decide(town, again)
    with pytest.raises(AlreadyDecided):
        services.withdraw_plan(plan=version.plan, by=town.coordinator)


def test_the_plans_own_text_is_refused_when_someone_else_saved_it(town, plan):
    services.edit_plan(plan=plan, title="Ny", further_points="", expected_edit_count=0, by=town.coordinator)
    with pytest.raises(PlanChanged):
        services.edit_plan(plan=plan, title="Annan", further_points="", expected_edit_count=0, by=town.head)


def test_progress_is_noted_by_the_one_who_answers_and_those_who_prepare(town):
    measure = make_in_force(town).measures.all()[0]
    services.note_progress(measure=measure, state="started", note="Upphandlat", by=town.unit_manager)
    key = uuid.uuid4()
    for _sent in range(2):
        services.note_progress(measure=measure, state="done", note="", by=town.coordinator, submission_key=key)
    measure.refresh_from_db()
    assert (measure.state, measure.done_on) == ("done", clock.today())
    assert measure.statuses.count() == 2
    for person in (town.other_manager, town.committee_chair, town.employee):
        with pytest.raises(NotAllowed):
            services.note_progress(measure=measure, state="started", note="", by=person)
    with pytest.raises(WrongState):
        services.note_progress(measure=measure, state="dropped", note="Nej", by=town.unit_manager)


def test_progress_is_for_plans_in_force(town):
    measure = make_submitted(town).measures.all()[0]
    with pytest.raises(WrongState):
        services.note_progress(measure=measure, state="done", note="", by=town.unit_manager)
