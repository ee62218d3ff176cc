"""Who is told that time runs out, when, and only once; then the next in line; never anybody the case is kept from."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from incidents.models import Incident, IncidentStatus, StatutoryNotice, Withheld
from incidents.services import clock_watch
from incidents.services.clock_watch import BEFORE_THE_NEXT, watch_clocks, watch_one
from incidents.services.notifying import decide_notice, note_notified
from notifications.models import OutboxMessage
from organisation import clock
from organisation.work import work_for
from tests.factories.clocks import duty, grave_case
from tests.factories.incidents import report
from tests.factories.organisation import Town

SECRET = "knivhot vid Tallmon"
At = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Let it be that moment."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def case(town: Town) -> Incident:
    """A case in which one duty waits, so that each telling is one mail."""
    incident = grave_case(town, text=SECRET)
    incident.notices.exclude(rule__key="work-environment").delete()
    return incident


def told(what: str) -> list[int]:
    """Return the ids of those who have been mailed so, in order."""
    mails = OutboxMessage.objects.filter(topic="mail", once_key__startswith=f"mail:clock-{what}:").order_by("pk")
    return [mail.payload["person_id"] for mail in mails]


def due(incident: Incident) -> datetime:
    moment = duty(incident).due_at
    assert moment is not None
    return moment


def test_nobody_is_told_early(case: Incident, at: At) -> None:
    at(due(case) - timedelta(hours=13))
    assert watch_clocks() == 0
    assert told("reminder") == []


def test_the_handler_is_told_at_half_the_time(town: Town, case: Incident, at: At) -> None:
    at(due(case) - timedelta(hours=12))
    assert watch_clocks() == 1
    assert told("reminder") == [town.unit_manager.pk]
    assert case.statuses.filter(change=IncidentStatus.Change.REMINDED, by=None).count() == 1


def test_and_when_the_time_is_out_and_then_the_next_in_line(town: Town, case: Incident, at: At) -> None:
    at(due(case) - timedelta(hours=4))
    watch_clocks()
    at(due(case))
    watch_clocks()
    assert told("overdue") == [town.unit_manager.pk]
    at(due(case) + BEFORE_THE_NEXT - timedelta(minutes=1))
    watch_clocks()
    assert told("escalated") == []
    at(due(case) + BEFORE_THE_NEXT)
    watch_clocks()
    assert told("escalated") == [town.head.pk]
    assert duty(case).escalated_at is not None


def test_each_is_told_once_however_often_it_is_looked(town: Town, case: Incident, at: At) -> None:
    for hours in (12, 12, 6, 0, 0, -2, -2, -24, -24):
        at(due(case) - timedelta(hours=hours))
        watch_clocks()
    assert (len(told("reminder")), len(told("overdue")), len(told("escalated"))) == (1, 1, 1)


def test_a_time_that_was_out_before_anybody_looked_is_told_once(town: Town, case: Incident, at: At) -> None:
    at(due(case) + timedelta(hours=1))
    assert watch_clocks() == 1
    assert (told("reminder"), told("overdue")) == ([], [town.unit_manager.pk])


def test_nobody_is_told_of_what_is_done_or_not_needed(town: Town, case: Incident, at: At) -> None:
    decide_notice(notice=duty(case), notifiable=False, reason="Ingen skada", by=town.unit_manager)
    at(due(case) + timedelta(days=1))
    assert watch_clocks() == 0


def test_a_decision_does_not_stop_the_clock_a_notification_does(town: Town, case: Incident, at: At) -> None:
    decide_notice(notice=duty(case), notifiable=True, reason="Bruten arm", by=town.unit_manager)
    at(due(case) - timedelta(hours=5))
    assert watch_clocks() == 1
    note_notified(notice=duty(case), at=clock.now(), receipt="", by=town.unit_manager)
    at(due(case) + timedelta(days=1))
    assert watch_clocks() == 0


def test_the_next_in_line_is_never_one_the_case_is_kept_from(town: Town, case: Incident, at: At) -> None:
    Withheld.objects.create(incident=case, person=town.head, at=clock.now())
    for hours in (0, -3):
        at(due(case) - timedelta(hours=hours))
        watch_clocks()
    assert town.head.pk not in told("overdue") + told("escalated")
    assert told("escalated")


def test_control_without_the_line_that_passes_them_over_they_would_be_told(
    town: Town, case: Incident, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    Withheld.objects.create(incident=case, person=town.head, at=clock.now())
    monkeypatch.setattr("incidents.line.passed_over", lambda incidents: {one.pk: set() for one in incidents})
    for hours in (0, -3):
        at(due(case) - timedelta(hours=hours))
        watch_clocks()
    assert told("escalated") == [town.head.pk]


def test_the_reporter_is_not_told_of_their_own_case_as_its_handler(town: Town, at: At) -> None:
    incident = grave_case(town, by="unit_manager")
    at(due(incident))
    watch_clocks()
    assert town.unit_manager.pk not in told("overdue")
    assert town.head.pk in told("overdue")


def test_the_mail_says_the_number_and_nothing_of_what_happened(
    town: Town, case: Incident, at: At, mailoutbox: list[EmailMessage]
) -> None:
    for hours in (12, 0, -3):
        at(due(case) - timedelta(hours=hours))
        watch_clocks()
    payloads = str(list(OutboxMessage.objects.filter(once_key__contains="clock-").values_list("payload", flat=True)))
    assert case.label in payloads
    reporter = town.employee.name
    for word in (SECRET, reporter, "Arbetsmiljöverket", case.get_kind_display(), "allvarlig"):
        assert word not in payloads


def test_one_that_fails_keeps_no_other_waiting(
    town: Town, case: Incident, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = grave_case(town)
    at(due(other) + timedelta(minutes=1))
    broken = duty(case).pk

    def watch(pk: int, now: datetime) -> bool:
        if pk == broken:
            raise RuntimeError(SECRET)
        return watch_one(pk, now)

    monkeypatch.setattr(clock_watch, "watch_one", watch)
    assert watch_clocks() == 2
    assert duty(other).overdue_told_at is not None


def test_told_and_noted_together_or_not_at_all(
    case: Incident, at: At, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Killed between the mail and the note: neither is there, and the next look does both."""
    at(due(case))

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError(SECRET)

    with monkeypatch.context() as broken:
        broken.setattr(clock_watch, "note", fail)
        assert watch_clocks() == 0
    assert (told("overdue"), duty(case).overdue_told_at) == ([], None)
    assert SECRET not in caplog.text
    assert watch_clocks() == 1


@pytest.mark.parametrize("began", ["2026-03-28T20:00+01:00", "2026-10-24T20:00+02:00", "2026-12-31T20:00+01:00"])
def test_over_the_nights_when_the_clock_or_the_year_changes(town: Town, case: Incident, at: At, began: str) -> None:
    """24 hours that pass, reminded after 12 of them; nobody twice."""
    start = datetime.fromisoformat(began)
    StatutoryNotice.objects.filter(incident=case).update(started_at=start, due_at=start + timedelta(hours=24))
    seen = []
    for hours in range(11, 28):
        at(start + timedelta(hours=hours))
        if watch_clocks():
            seen.append(hours)
    assert seen == [12, 24, 26]


def test_a_case_that_was_merged_is_watched_where_it_went(town: Town, case: Incident, at: At) -> None:
    other = grave_case(town)
    other.merged_into = case
    other.save()
    at(due(other) + timedelta(minutes=1))
    watch_clocks()
    assert duty(other).overdue_told_at is None
    assert duty(case).overdue_told_at is not None


def test_a_duty_that_the_other_case_lacks_is_watched_on(town: Town, case: Incident, at: At) -> None:
    """Merged into a case whose answers call for nothing: the authority must be told all the same."""
    case.merged_into = report(town)
    case.save()
    at(due(case))
    watch_clocks()
    assert told("overdue") == [town.unit_manager.pk]
    assert [item for item in work_for(town.unit_manager) if str(case.public_id) in item.url]
