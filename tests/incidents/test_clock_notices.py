"""Duties to notify: computed from the answers, decided with a reason, done with a receipt, and renewed by changes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from incidents.errors import DecidedWithAnother, OwnReport, ReasonMissing, TimeRefused
from incidents.models import Incident, IncidentKind, IncidentStatus
from incidents.services import notifying
from incidents.services.answers import answers_of, change_answers
from incidents.services.notifying import change_aware_at, decide_notice, note_notified, note_receipt, recompute_notices
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from tests.factories.clocks import duties, duty, grave_case
from tests.factories.incidents import report
from tests.factories.organisation import Town


def answered(town: Town, incident: Incident, **answers: Any) -> None:
    seen = answers_of(incident)
    told: dict[str, Any] = {"incident": incident, "reason": "Rättat efter samtal", "by": town.unit_manager}
    change_answers(answers=seen | answers, seen=seen, **told)
    incident.refresh_from_db()


def decided(town: Town, incident: Incident, notifiable: bool = True, key: str = "work-environment") -> None:
    decide_notice(notice=duty(incident, key), notifiable=notifiable, reason="Bruten arm", by=town.unit_manager)


class TestComputed:
    @pytest.mark.parametrize(
        ("answers", "wanted"),
        [
            ({}, set()),
            ({"affected": "employee", "injury": "none"}, set()),
            ({"affected": "employee", "injury": "psychological"}, {"work-injury"}),
            ({"affected": "employee", "injury_degree": "serious"}, {"work-environment", "work-injury"}),
            ({"affected": "employee", "injured_count": 2}, {"work-environment"}),
            ({"affected": "employee", "injured_count": 1}, set()),
            ({"affected": "employee", "injury": "none", "serious_danger": True}, {"work-environment"}),
            # Pupils count for the first, and have no work injury.
            ({"affected": "pupil", "injury": "physical", "injury_degree": "death"}, {"work-environment"}),
            # Nobody can say who was affected: it must be decided, not passed over.
            ({"affected": "unsaid", "injury_degree": "death"}, {"work-environment"}),
            # Elected representatives, clients and private persons don't work here.
            ({"affected": "elected", "injury": "physical", "injury_degree": "death", "serious_danger": True}, set()),
            ({"affected": "client", "injury": "physical", "injury_degree": "death"}, set()),
            ({"affected": "visitor", "injury": "physical", "injury_degree": "death"}, set()),
            ({"affected": "resident", "injury_degree": "serious"}, set()),
            ({"personal_data": True}, {"personal-data"}),
            ({"personal_data": False, "significant_it": False}, set()),
            ({"significant_it": True}, {"it-early-notice", "it-notification", "it-final-report"}),
        ],
    )
    def test_from_the_answers(self, town: Town, answers: dict[str, Any], wanted: set[str]) -> None:
        assert set(duties(report(town, answers=answers))) == wanted

    @pytest.mark.parametrize("kind", IncidentKind.values)
    def test_never_from_the_heading_that_was_chosen(self, town: Town, kind: str) -> None:
        incident = report(town, kind=kind, answers={"affected": "employee", "injury_degree": "death"})
        assert set(duties(incident)) == {"work-environment", "work-injury"}

    def test_time_is_counted_from_when_the_municipality_became_aware(self, town: Town) -> None:
        incident = grave_case(town)
        notice = duty(incident)
        assert notice.started_at == incident.became_aware_at
        assert notice.due_at == incident.became_aware_at + timedelta(hours=24)
        assert duties(incident) == {"work-environment": "to_decide", "work-injury": "due"}

    def test_the_reporter_stands_nowhere_in_it(self, town: Town) -> None:
        assert [(one.by, one.reason) for one in duty(grave_case(town)).changes.all()] == [(None, "")]

    @pytest.mark.parametrize(("answers", "queries"), [({}, 0), ({"personal_data": False}, 1)])
    def test_the_rules_are_read_once_and_only_when_something_was_answered(
        self,
        town: Town,
        answers: dict[str, Any],
        queries: int,
        django_assert_num_queries: Callable[[int], Any],
    ) -> None:
        notifying.rules_of(incident := report(town))
        with django_assert_num_queries(queries):
            notifying.start_clocks(incident, open_answers=answers)


class TestDecided:
    def test_yes_with_a_reason_makes_it_due(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident)
        notice = duty(incident)
        assert (notice.state, notice.decided_by) == ("due", town.unit_manager)
        assert notice.changes.last().reason == "Bruten arm"
        told = incident.statuses.filter(change=IncidentStatus.Change.NOTICE).get()
        assert "Bruten arm" in told.reason

    def test_no_with_a_reason_ends_it_and_can_be_changed(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident, notifiable=False)
        assert duty(incident).state == "not_needed"
        decided(town, incident, notifiable=True)
        assert duty(incident).state == "due"

    def test_the_same_decision_sent_twice_is_one(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident)
        decided(town, incident)
        assert duty(incident).changes.count() == 2

    def test_not_without_a_reason(self, town: Town) -> None:
        notice = duty(grave_case(town))
        with pytest.raises(ReasonMissing):
            decide_notice(notice=notice, notifiable=False, reason="  ", by=town.unit_manager)
        assert duty(notice.incident).state == "to_decide"

    @pytest.mark.parametrize("role", ["employee", "safety_representative", "safety_coordinator", "other_manager"])
    def test_only_by_those_who_handle_the_case(self, town: Town, role: str) -> None:
        with pytest.raises(NotAllowed):
            decide_notice(notice=duty(grave_case(town)), notifiable=True, reason="Ja", by=town.people[role])

    def test_not_in_ones_own_report(self, town: Town) -> None:
        incident = grave_case(town, by="unit_manager")
        with pytest.raises(OwnReport):
            decide_notice(notice=duty(incident), notifiable=False, reason="Nej", by=town.unit_manager)

    def test_not_once_it_is_notified(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident)
        note_notified(notice=duty(incident), at=clock.now(), receipt="", by=town.unit_manager)
        with pytest.raises(WrongState):
            decided(town, incident, notifiable=False)

    def test_the_steps_of_one_event_are_decided_once(self, town: Town) -> None:
        incident = report(town, answers={"significant_it": True})
        with pytest.raises(DecidedWithAnother):
            decided(town, incident, key="it-notification")
        decided(town, incident, key="it-early-notice")
        assert set(duties(incident).values()) == {"due"}
        decided(town, incident, notifiable=False, key="it-early-notice")
        assert set(duties(incident).values()) == {"not_needed"}


class TestNotified:
    def test_with_time_and_receipt(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident)
        at = clock.now()
        note_notified(notice=duty(incident), at=at, receipt=" AV-17 ", by=town.unit_manager)
        notice = duty(incident)
        assert (notice.state, notice.done_at, notice.receipt) == ("done", at, "AV-17")
        assert duties(incident)["work-injury"] == "due"

    def test_one_report_meets_two_duties(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident)
        also = [duty(incident, "work-injury")]
        note_notified(notice=duty(incident), at=clock.now(), receipt="17", by=town.unit_manager, also=also)
        assert duties(incident) == {"work-environment": "done", "work-injury": "done"}

    def test_not_another_authoritys_duty_by_the_same_report(self, town: Town) -> None:
        incident = report(town, answers={"personal_data": True, "affected": "employee", "injury": "physical"})
        decided(town, incident, key="personal-data")
        told: dict[str, Any] = {"at": clock.now(), "receipt": "", "by": town.unit_manager}
        with pytest.raises(WrongState):
            note_notified(notice=duty(incident, "personal-data"), also=[duty(incident, "work-injury")], **told)
        assert duties(incident) == {"personal-data": "due", "work-injury": "due"}

    def test_not_before_it_is_decided(self, town: Town) -> None:
        with pytest.raises(WrongState):
            note_notified(notice=duty(grave_case(town)), at=clock.now(), receipt="", by=town.unit_manager)

    @pytest.mark.parametrize("shift", [timedelta(minutes=5), timedelta(days=-2)])
    def test_not_ahead_nor_before_the_event(self, town: Town, shift: timedelta) -> None:
        notice = duty(grave_case(town), "work-injury")
        with pytest.raises(TimeRefused):
            note_notified(notice=notice, at=clock.now() + shift, receipt="", by=town.unit_manager)

    def test_the_receipt_may_come_later(self, town: Town) -> None:
        incident = grave_case(town)
        note_notified(notice=duty(incident, "work-injury"), at=clock.now(), receipt="", by=town.unit_manager)
        note_receipt(notice=duty(incident, "work-injury"), receipt="FK-9", by=town.unit_manager)
        assert duty(incident, "work-injury").receipt == "FK-9"
        with pytest.raises(WrongState):
            note_receipt(notice=duty(incident), receipt="X", by=town.unit_manager)

    def test_the_final_report_is_due_a_month_after_the_notification(self, town: Town) -> None:
        incident = report(town, answers={"significant_it": True})
        assert duty(incident, "it-final-report").due_at is None
        decided(town, incident, key="it-early-notice")
        at = clock.now()
        note_notified(notice=duty(incident, "it-notification"), at=at, receipt="", by=town.unit_manager)
        final = duty(incident, "it-final-report")
        assert final.started_at == at
        assert final.due_at is not None
        assert timedelta(days=27) < final.due_at - at < timedelta(days=32)


class TestRenewed:
    def test_a_later_answer_begins_a_duty(self, town: Town) -> None:
        incident = report(town)
        answered(town, incident, affected="employee", injury="physical")
        assert duties(incident) == {"work-injury": "due"}
        assert duty(incident, "work-injury").started_at == incident.became_aware_at

    def test_an_answer_taken_back_ends_it_and_given_again_begins_it_anew(self, town: Town) -> None:
        incident = grave_case(town)
        answered(town, incident, injury="none", injury_degree="none")
        assert set(duties(incident).values()) == {"withdrawn"}
        answered(town, incident, injury_degree="serious")
        assert duties(incident)["work-environment"] == "to_decide"
        states = list(duty(incident).changes.values_list("from_state", "to_state"))
        assert states == [("", "to_decide"), ("to_decide", "withdrawn"), ("withdrawn", "to_decide")]

    def test_a_decision_is_made_again_when_what_it_rested_on_has_changed(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident, notifiable=False)
        answered(town, incident, injury_degree="death")
        notice = duty(incident)
        assert (notice.state, notice.decided_at) == ("to_decide", None)

    def test_and_kept_when_something_else_has(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident, notifiable=False)
        answered(town, incident, place="home_visit", absence_days=3)
        assert duty(incident).state == "not_needed"

    def test_done_is_done_and_the_change_is_told(self, town: Town) -> None:
        incident = grave_case(town)
        decided(town, incident)
        note_notified(notice=duty(incident), at=clock.now(), receipt="1", by=town.unit_manager)
        answered(town, incident, injury_degree="minor")
        notice = duty(incident)
        assert notice.state == "done"
        assert notice.changes.filter(from_state="done", to_state="done").count() == 1

    def test_the_steps_follow_when_the_first_is_to_be_decided_again(self, town: Town) -> None:
        incident = report(town, answers={"significant_it": True})
        decided(town, incident, key="it-early-notice")
        recompute_notices(incident, changed=["significant_it"])
        assert set(duties(incident).values()) == {"to_decide"}

    def test_computed_twice_is_computed_once(self, town: Town) -> None:
        incident = grave_case(town)
        before = duty(incident).changes.count()
        recompute_notices(incident)
        recompute_notices(incident)
        assert (incident.notices.count(), duty(incident).changes.count()) == (2, before)


class TestBecameAware:
    def test_a_corrected_time_moves_every_duty(self, town: Town) -> None:
        incident = grave_case(town, occurred_on=clock.today() - timedelta(days=3))
        at = clock.now() - timedelta(days=2)
        change_aware_at(incident=incident, at=at, reason="Chefen fick veta i telefon", by=town.unit_manager)
        assert duty(incident).due_at == at + timedelta(hours=24)
        assert duty(incident).changes.last().due_at == at + timedelta(hours=24)

    @pytest.mark.parametrize("shift", [timedelta(hours=1), timedelta(days=-9)])
    def test_not_ahead_nor_before_the_event(self, town: Town, shift: timedelta) -> None:
        incident = grave_case(town)
        with pytest.raises(TimeRefused):
            change_aware_at(incident=incident, at=clock.now() + shift, reason="Fel", by=town.unit_manager)
        incident.refresh_from_db()
        assert duty(incident).started_at == incident.became_aware_at

    def test_not_without_a_reason_nor_by_others(self, town: Town) -> None:
        incident = grave_case(town)
        with pytest.raises(ReasonMissing):
            change_aware_at(incident=incident, at=clock.now(), reason=" ", by=town.unit_manager)
        with pytest.raises(NotAllowed):
            change_aware_at(incident=incident, at=clock.now(), reason="Ja", by=town.safety_coordinator)


def test_control_a_rule_that_read_the_heading_would_miss_a_death(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a wrong heading does where the heading decides: the authority is never told."""
    by_heading = {"eq": {"kind": "accident"}}
    monkeypatch.setattr(notifying, "facts_of", lambda incident, _answers=None: {"kind": incident.kind})
    monkeypatch.setattr(notifying, "holds", lambda _rule, facts: facts == {"kind": by_heading["eq"]["kind"]})
    incident = report(town, kind="other", answers={"affected": "employee", "injury_degree": "death"})
    assert duties(incident) == {}


def test_the_day_of_the_rules_is_that_of_the_municipality(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past midnight in Sweden is still yesterday in London; the rule that begins today holds."""
    moment = datetime.fromisoformat("2026-01-14T23:30:00+00:00")
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: date(2026, 1, 15))
    incident = report(town, occurred_on=date(2026, 1, 14), answers={"significant_it": True})
    assert "it-early-notice" in duties(incident)
