"""Two people at once: one final decision, no lost update, and the decision's hash is its version's.

The controls take the lock away and let both pass the check before either writes: then the damage is there.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from actionplans import services
from actionplans.models import Measure, Plan, PlanDecision, PlanVersion, VersionState
from actionplans.services import decisions as deciding
from actionplans.services import measures as measuring
from actionplans.services import submission as submitting
from organisation import clock
from organisation import decisions as meetings
from organisation.models import Meeting, Outcome
from tests.factories.actionplans import decide, make_measure, make_plan, make_submitted, measure_values, yesterday
from tests.services.at_once import at_once, done

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in str(connection.vendor), reason="SQLite has no row locks: one writer at a time"),
]

ROUNDS = 4
# The whole trial is `PAIRS=500 make faults`.
MANY = int(os.environ.get("PAIRS", "50"))


def rounds(count: int) -> range:
    """Budget years, since a body has one plan a year."""
    return range(2027, 2027 + count)


def approve_and_reject(town: Any, year: int) -> None:
    version = make_submitted(town, year=year, measures=1)
    results = at_once(lambda: decide(town, version, Outcome.APPROVE), lambda: decide(town, version, Outcome.REJECT))
    assert len(done(results)) == 1
    tie = PlanDecision.objects.get(version__plan=version.plan)
    assert tie.decided_hash == PlanVersion.objects.get(pk=version.pk).content_hash


def approve_and_change(town: Any, year: int) -> None:
    """The plan is withdrawn, edited and submitted again while the meeting's decision on it is recorded."""
    version = make_submitted(town, year=year, measures=1)

    def change() -> None:
        services.withdraw_plan(plan=version.plan, by=town.coordinator)
        make_measure(town, version.plan, what="Ändrad")
        services.submit_plan(plan=version.plan, by=town.coordinator)

    results = at_once(lambda: decide(town, version), change)
    now = PlanVersion.objects.get(pk=version.pk)
    assert now.hash_matches()
    assert len(done(results)) == 1
    assert (now.state == VersionState.PRELIMINARY) == (not isinstance(results[0], Exception))
    assert all(tie.decided_hash == now.content_hash for tie in now.decisions.all())


def approve_and_withdraw(town: Any, year: int) -> None:
    version = make_submitted(town, year=year, measures=1)
    results = at_once(
        lambda: decide(town, version), lambda: services.withdraw_plan(plan=version.plan, by=town.coordinator)
    )
    assert len(done(results)) == 1
    now = PlanVersion.objects.get(pk=version.pk)
    assert now.decisions.filter(is_final=True).exists() == (now.state == VersionState.PRELIMINARY)


PAIRS = [approve_and_reject, approve_and_change, approve_and_withdraw]


@pytest.mark.parametrize("pair", PAIRS)
def test_one_of_two_at_once_wins_and_the_other_is_refused(town, pair):
    for year in rounds(ROUNDS):
        pair(town, year)


@pytest.mark.faults
@pytest.mark.parametrize("pair", PAIRS)
def test_many_pairs(town, pair):
    for year in rounds(MANY):
        pair(town, year)


def test_two_edits_of_one_measure_lose_nothing(town):
    measure = make_measure(town, make_plan(town))

    def edit(name: str) -> Measure:
        values = measure_values(town, what=name)
        return services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.coordinator)

    results = at_once(lambda: edit("Först"), lambda: edit("Sist"))
    assert len(done(results)) == 1
    assert Measure.objects.get().what == done(results)[0].what


def test_the_next_version_opens_once_for_two_who_edit_at_once(town):
    version = make_submitted(town, measures=1)
    decide(town, version, Outcome.REFER_BACK)
    at_once(
        lambda: make_measure(town, version.plan, what="Ena"), lambda: make_measure(town, version.plan, what="Andra")
    )
    draft = version.plan.versions.get(number=2)
    assert {measure.what for measure in draft.measures.all()} == {"Åtgärd 1", "Ena", "Andra"}


def test_minutes_approved_twice_at_once_bring_the_plan_into_force_once(town):
    version = make_submitted(town, measures=1)
    meeting = decide(town, version).decision.meeting

    def approve() -> Meeting:
        return services.approve_minutes(meeting=meeting, on=clock.today(), by=town.committee_secretary)

    assert len(done(at_once(approve, approve))) == 2
    assert version.statuses.filter(to_state=VersionState.IN_FORCE).count() == 1


class Unlocked:
    """Takes the locks away, and holds each writer until the other has passed its checks too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.both_checked = threading.Barrier(2)
        for module in (deciding, measuring, submitting):
            monkeypatch.setattr(module, "lock_plan", self.read_plan)
        monkeypatch.setattr(meetings, "lock_meeting", lambda meeting: meeting)
        for module in (deciding, submitting):
            monkeypatch.setattr(module, "move", self.moving(module.move))

    @staticmethod
    def read_plan(plan: Plan) -> Plan:
        return Plan.objects.select_related("body", "municipality").get(pk=plan.pk)

    def moving(self, move: Callable[..., None]) -> Callable[..., None]:
        def wait_and_move(*args: Any, **kwargs: Any) -> None:
            self.both_checked.wait(10)
            move(*args, **kwargs)

        return wait_and_move


def test_control_without_the_lock_a_withdrawn_plan_is_decided(town, monkeypatch):
    version = make_submitted(town, measures=1)
    Unlocked(monkeypatch)
    results = at_once(
        lambda: decide(town, version), lambda: services.withdraw_plan(plan=version.plan, by=town.coordinator)
    )
    assert len(done(results)) == 2
    steps = set(version.statuses.values_list("from_state", "to_state"))
    assert {("submitted", "draft"), ("submitted", "preliminary")} <= steps


def test_control_without_the_lock_one_of_two_edits_is_lost(town, monkeypatch):
    measure = make_measure(town, make_plan(town))
    both_read = threading.Barrier(2)
    Unlocked(monkeypatch)
    write = measuring._write

    def wait_and_write(*args: Any) -> None:
        both_read.wait(10)
        write(*args)

    monkeypatch.setattr(measuring, "_write", wait_and_write)

    def edit(name: str) -> Measure:
        values = measure_values(town, what=name)
        return services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.coordinator)

    assert len(done(at_once(lambda: edit("Först"), lambda: edit("Sist")))) == 2


def test_control_without_the_lock_the_database_still_allows_one_final_decision(town, monkeypatch):
    """The last wall: with every lock gone, the second final decision fails on the constraint."""
    from django.db import IntegrityError

    version = make_submitted(town, measures=1)
    # Already there, since writing the same meeting twice would make the two wait for each other too.
    meetings.hold_meeting(body=town.bodies["care"], held_on=yesterday(), by=town.committee_secretary)
    Unlocked(monkeypatch)
    monkeypatch.setattr(deciding, "move", lambda *args, **kwargs: None)
    both_checked = threading.Barrier(2)
    refuse = deciding._refuse_unless_met

    def check_and_wait(*args: Any) -> None:
        refuse(*args)
        both_checked.wait(10)

    monkeypatch.setattr(deciding, "_refuse_unless_met", check_and_wait)
    with pytest.raises(IntegrityError, match="actionplans_one_final_decision"):
        at_once(lambda: decide(town, version), lambda: decide(town, version, Outcome.REJECT))
    assert PlanDecision.objects.filter(version=version, is_final=True).count() == 1
