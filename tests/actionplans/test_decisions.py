"""A meeting's decision binds to the very content it met, and approved minutes bring it into force."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from actionplans import services
from actionplans.models import PlanDecision, PlanStatus, PlanVersion, VersionState
from actionplans.services import AlreadyDecided, ContentChanged, MeasureChange, PlanChanged
from actionplans.snapshot import content_of
from organisation import clock
from organisation.decisions import DecisionError, Minutes
from organisation.errors import NotAllowed, WrongState
from organisation.models import Decision, Meeting, Outcome
from tests.factories.actionplans import decide, make_in_force, make_measure, make_plan, make_submitted, yesterday


@pytest.fixture
def version(town):
    return make_submitted(town)


def fresh(version: PlanVersion) -> PlanVersion:
    return PlanVersion.objects.get(pk=version.pk)


def test_an_approval_is_preliminary_until_the_minutes_are_approved(town, version):
    tie = decide(town, version)
    assert fresh(version).state == VersionState.PRELIMINARY
    services.approve_minutes(meeting=tie.decision.meeting, on=clock.today(), by=town.committee_secretary)
    version = fresh(version)
    assert (version.state, version.in_force_from) == (VersionState.IN_FORCE, clock.today())
    assert version.hash_matches()
    assert tie.decided_hash == version.content_hash


def test_an_approval_with_approved_minutes_is_in_force_at_once(town, version):
    decide(town, version, minutes_approved_on=clock.today())
    assert fresh(version).state == VersionState.IN_FORCE


def test_an_item_approved_at_once_is_in_force_before_the_meetings_minutes(town, version):
    minutes = Minutes(outcome=Outcome.APPROVE, section="7", approved_at_once_on=yesterday())
    tie = decide(town, version, minutes=minutes)
    assert fresh(version).in_force_from == yesterday()
    services.approve_minutes(meeting=tie.decision.meeting, on=clock.today(), by=town.committee_secretary)
    assert fresh(version).in_force_from == yesterday()


@pytest.mark.parametrize(
    ("outcome", "state", "is_final"),
    [
        (Outcome.REFER_BACK, VersionState.REFERRED_BACK, False),
        (Outcome.REJECT, VersionState.REJECTED, True),
        (Outcome.DEFER, VersionState.SUBMITTED, False),
        (Outcome.SENT_ON, VersionState.SUBMITTED, False),
        (Outcome.NOTED, VersionState.SUBMITTED, False),
    ],
)
def test_every_other_outcome_leads_where_the_table_says(town, version, outcome, state, is_final):
    tie = decide(town, version, outcome)
    assert (fresh(version).state, tie.is_final) == (state, is_final)


def test_a_deferred_version_can_be_decided_at_a_later_meeting(town, version):
    decide(town, version, Outcome.DEFER, held_on=yesterday() - timedelta(days=30))
    decide(town, fresh(version))
    assert PlanDecision.objects.filter(version=version).count() == 2


def test_paragraph_and_registry_number_are_kept_as_typed(town, version):
    decision = decide(town, version).decision
    assert (decision.section, decision.registry_number) == ("139/2023", "ÄN 2026/0412 (demo)")


def test_only_the_bodys_own_secretary_records(town, version):
    for person in (town.board_secretary, town.safety_coordinator, town.committee_chair, town.head):
        with pytest.raises(NotAllowed):
            decide(town, version, by=person)
    assert not Decision.objects.exists()
    assert not Meeting.objects.exists()


def test_a_decided_version_is_not_decided_again(town, version):
    decide(town, version)
    with pytest.raises(AlreadyDecided):
        decide(town, version, Outcome.REJECT)
    assert Decision.objects.count() == 1


def test_a_draft_is_not_decided(town, version):
    services.withdraw_plan(plan=version.plan, by=town.safety_coordinator)
    with pytest.raises(AlreadyDecided):
        decide(town, version)


def test_a_plan_changed_while_the_form_was_open_is_refused_with_the_differences(town, version):
    seen = version.content_hash
    services.withdraw_plan(plan=version.plan, by=town.safety_coordinator)
    make_measure(town, version.plan, what="En till")
    again = services.submit_plan(plan=version.plan, by=town.safety_coordinator)
    with pytest.raises(PlanChanged) as refusal:
        decide(town, again, expected_hash=seen)
    assert [(change.field, change.after) for change in refusal.value.changes] == [("added", "En till")]
    assert not Decision.objects.exists()


def test_content_that_was_tampered_with_is_neither_decided_nor_brought_into_force(town, version):
    PlanVersion.objects.filter(pk=version.pk).update(content={**version.content, "title": "Annan"})
    with pytest.raises(ContentChanged):
        decide(town, version)
    PlanVersion.objects.filter(pk=version.pk).update(content=version.content)
    tie = decide(town, version)
    PlanVersion.objects.filter(pk=version.pk).update(content={**version.content, "title": "Annan"})
    with pytest.raises(ContentChanged):
        services.approve_minutes(meeting=tie.decision.meeting, on=clock.today(), by=town.committee_secretary)
    assert Meeting.objects.get().minutes_approved_on is None
    assert fresh(version).state == VersionState.PRELIMINARY


def test_content_exchanged_together_with_its_hash_is_refused_too(town, version):
    """The decision keeps the hash that was decided: a new content with a fitting hash is not it."""
    from actionplans.models import content_hash

    tie = decide(town, version)
    other = {**version.content, "title": "Annan"}
    PlanVersion.objects.filter(pk=version.pk).update(content=other, content_hash=content_hash(other))
    with pytest.raises(ContentChanged):
        services.approve_minutes(meeting=tie.decision.meeting, on=clock.today(), by=town.committee_secretary)


def test_the_same_key_gives_the_same_record(town, version):
    import uuid

    key = uuid.uuid4()
    first = decide(town, version, submission_key=key)
    assert decide(town, version, submission_key=key) == first
    assert Decision.objects.count() == 1


def test_a_day_to_come_is_refused_and_nothing_is_left(town, version):
    with pytest.raises(DecisionError):
        decide(town, version, held_on=clock.today() + timedelta(days=1))
    with pytest.raises(DecisionError):
        decide(town, version, minutes_approved_on=clock.today() + timedelta(days=1))
    assert not Decision.objects.exists()
    assert not Meeting.objects.exists()
    assert fresh(version).state == VersionState.SUBMITTED


def change_of(version: PlanVersion, place: int = 0, **changed: Any) -> MeasureChange:
    row = version.measures.order_by("position")[place]
    change = MeasureChange(str(row.key), row.what, row.how, row.due_on, row.responsible, 31_000_000)
    return replace(change, **changed)


def test_approve_with_changes_decides_the_next_version_which_cites_the_one_met(town, version):
    changes = [change_of(version, due_on=date(2027, 6, 30), money_ore=12_000_000), change_of(version, 1, remove=True)]
    tie = decide(town, version, Outcome.APPROVE_WITH_CHANGES, measure_changes=changes)
    changed = tie.version
    assert (changed.number, changed.based_on, changed.state) == (2, version, VersionState.PRELIMINARY)
    assert fresh(version).state == VersionState.REPLACED
    assert tie.decided_hash == changed.content_hash != version.content_hash
    assert changed.hash_matches()
    content = content_of(changed)
    assert [measure.due_on for measure in content.measures] == ["2027-06-30"]
    assert content.money_ore == {2027: 12_000_000}
    assert changed.measures.get().due_on == date(2027, 6, 30)
    assert version.measures.count() == 2


def test_changes_that_change_nothing_are_refused(town, version):
    for changes in ([], [change_of(version)]):
        with pytest.raises(DecisionError):
            decide(town, version, Outcome.APPROVE_WITH_CHANGES, measure_changes=changes)
    assert fresh(version).state == VersionState.SUBMITTED
    assert PlanVersion.objects.count() == 1


def test_the_version_before_is_replaced_the_day_the_next_comes_in_force(town):
    first = make_in_force(town, on=yesterday())
    measure = first.measures.all()[0]
    services.note_progress(measure=measure, state="done", note="", done_on=yesterday(), by=town.unit_manager)
    make_measure(town, first.plan, what="Tredje")
    second = services.submit_plan(plan=first.plan, by=town.safety_coordinator)
    decide(town, second, held_on=clock.today(), minutes_approved_on=clock.today())
    first = fresh(first)
    assert (first.state, first.in_force_to) == (VersionState.REPLACED, clock.today())
    assert fresh(second).state == VersionState.IN_FORCE
    assert second.measures.get(key=measure.key).done_on == yesterday()
    assert [version.number for version in PlanVersion.objects.in_force(clock.today())] == [2]


def test_minutes_are_approved_once_on_one_day_and_again_changes_nothing(town, version):
    meeting = decide(town, version).decision.meeting
    services.approve_minutes(meeting=meeting, on=clock.today(), by=town.committee_secretary)
    steps = PlanStatus.objects.count()
    services.approve_minutes(meeting=meeting, on=clock.today(), by=town.committee_secretary)
    assert PlanStatus.objects.count() == steps
    with pytest.raises(WrongState):
        services.approve_minutes(meeting=meeting, on=yesterday(), by=town.committee_secretary)


def test_minutes_bring_only_that_meetings_plans_into_force(town, version):
    other = make_submitted(town, year=2028)
    earlier = decide(town, version, held_on=yesterday() - timedelta(days=10)).decision.meeting
    decide(town, other)
    services.approve_minutes(meeting=earlier, on=clock.today(), by=town.committee_secretary)
    assert fresh(version).state == VersionState.IN_FORCE
    assert fresh(other).state == VersionState.PRELIMINARY


def test_minutes_are_approved_by_the_bodys_secretary_only(town, version):
    meeting = decide(town, version).decision.meeting
    with pytest.raises(NotAllowed):
        services.approve_minutes(meeting=meeting, on=clock.today(), by=town.board_secretary)


def test_a_correction_is_a_later_row_and_the_first_stays(town, version):
    tie = decide(town, version)
    right = Minutes(outcome=Outcome.APPROVE, section="140/2023", registry_number="ÄN 2026/0412 (demo)")
    corrected = services.correct_decision(tie=tie, minutes=right, by=town.committee_secretary)
    assert corrected.supersedes == tie.decision
    assert Decision.objects.get(pk=tie.decision_id).section == "139/2023"
    again = services.correct_decision(tie=tie, minutes=replace(right, section="141"), by=town.committee_secretary)
    assert again.supersedes == corrected


def test_a_correction_can_not_turn_the_outcome(town, version):
    tie = decide(town, version)
    with pytest.raises(DecisionError):
        services.correct_decision(
            tie=tie, minutes=Minutes(outcome=Outcome.REJECT, section="1"), by=town.committee_secretary
        )
    with pytest.raises(NotAllowed):
        services.correct_decision(
            tie=tie, minutes=Minutes(outcome=Outcome.APPROVE, section="1"), by=town.board_secretary
        )


def test_after_refer_back_the_next_edit_opens_the_next_version(town, version):
    decide(town, version, Outcome.REFER_BACK)
    make_measure(town, version.plan, what="Ny")
    draft = version.plan.versions.get(number=2)
    assert (draft.state, draft.based_on) == (VersionState.DRAFT, version)
    assert draft.measures.count() == 3
    assert version.measures.count() == 2


def test_a_version_has_at_most_one_final_decision_in_the_database(town, version):
    from django.db import IntegrityError, transaction

    tie = decide(town, version)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanDecision.objects.create(
            municipality=town.municipality,
            version=version,
            decision=tie.decision,
            is_final=True,
            decided_hash=version.content_hash,
        )


def test_a_plan_without_measures_is_not_submitted(town):
    plan = make_plan(town)
    with pytest.raises(services.Incomplete):
        services.submit_plan(plan=plan, by=town.safety_coordinator)


@pytest.mark.parametrize(("typed", "kept"), [("139/2023", "139/2023"), ("§ 139/2023", "139/2023"), ("§12", "12")])
def test_the_sign_before_the_paragraph_is_written_once(typed, kept):
    from actionplans.forms.decisions import MinutesFields

    form = MinutesFields({"section": typed})
    assert form.is_valid()
    assert form.cleaned_data["section"] == kept


def test_a_sign_alone_is_no_paragraph():
    from actionplans.forms.decisions import MinutesFields

    assert not MinutesFields({"section": "§"}).is_valid()
