"""The worker is killed in the midst of reminding and passing on: each happens once all the same, and is told once."""

from datetime import timedelta

import pytest
from celery import current_app

from incidents.models import Assignment, IncidentStatus
from notifications.models import OutboxMessage
from organisation import clock
from organisation.models import User
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality
from tests.faults.mortal import MortalWorker
from tests.services.worker import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

CARE = "incidents.tasks.look_after_cases"
NOTED = "incidents.services.looking_after.note"
REMINDER_WRITTEN = "incidents.handler_mail.remind"
REMINDED = "incidents.services.looking_after._remind"
GIVEN = "incidents.services.assigning._give"
FORMER_TOLD = "incidents.handler_mail.tell_former"
PASSED = "incidents.services.looking_after._passed"
ALL_DONE = "incidents.services.looking_after.look_after_cases"
POINTS = (NOTED, REMINDER_WRITTEN, REMINDED, GIVEN, FORMER_TOLD, PASSED, ALL_DONE)
OF_EACH = 3
Change = IncidentStatus.Change


@pytest.fixture
def town(transactional_db):
    made = make_municipality()
    for role in ("unit_manager", "head"):
        User.objects.filter(pk=made.people[role].pk).update(email=f"{role}@kommun.local")
    return made


@pytest.fixture
def worker(town, mailbox, tmp_path):
    made = MortalWorker(tmp_path, POINTS, EMAIL_URL=mailbox.url, SWEEP_SECONDS="1")
    yield made
    made.child.stop()


@pytest.fixture
def soon(town):
    """Cases that are not opened, and whose handler is to be reminded."""
    return _cases(town, clock.now() + timedelta(minutes=1), None)


@pytest.fixture
def overdue(town):
    """Cases that nobody has opened in time, after a reminder."""
    past = clock.now() - timedelta(days=5)
    return _cases(town, past + timedelta(days=1), past)


def _cases(town, acknowledge_by, reminded_at):
    made = [report(town) for _number in range(OF_EACH)]
    given = Assignment.objects.filter(incident__in=made)
    given.update(assigned_at=clock.now() - timedelta(days=5), acknowledge_by=acknowledge_by, reminded_at=reminded_at)
    return made


def changes(cases, change) -> list[int]:
    """How often the change stands in the story of each case."""
    return [case.statuses.filter(change=change).count() for case in cases]


def mails(what) -> int:
    return OutboxMessage.objects.filter(once_key__startswith=f"mail:incident-{what}:").count()


def test_killed_anywhere_each_is_reminded_and_passed_on_once(town, soon, overdue, worker, mailbox):
    worker.kill_after(*POINTS)
    current_app.send_task(CARE)
    worker.wait_for_kills()
    # The whole of it again, as the next hour would.
    worker.kill_after(ALL_DONE)
    current_app.send_task(CARE)
    worker.wait_for_kills()
    wait_until(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), seconds=30, what="the outbox")

    for case in soon:
        assert list(case.assignments.values_list("person", flat=True)) == [town.unit_manager.pk]
    for case in overdue:
        had = [(given.person, given.ended_at is None) for given in case.assignments.order_by("pk")]
        assert had == [(town.unit_manager, False), (town.head, True)]
    assert changes(soon, Change.REMINDED) == changes(overdue, Change.PASSED_ON) == [1] * OF_EACH
    assert changes(soon, Change.PASSED_ON) == changes(overdue, Change.REMINDED) == [0] * OF_EACH
    assert (mails("reminded"), mails("given"), mails("passed")) == (OF_EACH, OF_EACH, OF_EACH)
    arrived = mailbox.told()
    assert set(arrived.values()) == {1}
    for what in ("reminded", "given", "passed"):
        assert len([one for one in arrived if one.startswith(f"<incident-{what}:")]) == OF_EACH


def test_control_without_a_transaction_a_kill_leaves_changes_that_nobody_is_told_of(town, soon, overdue, worker):
    worker.kill_after(NOTED, GIVEN, commits=True)
    current_app.send_task(CARE)
    worker.wait_for_kills()
    worker.kill_after(ALL_DONE)
    current_app.send_task(CARE)
    worker.wait_for_kills()
    assert changes(soon, Change.REMINDED) == [1] * OF_EACH
    assert mails("reminded") == OF_EACH - 1
    assert all(case.assignments.count() == 2 for case in overdue)
    assert sum(changes(overdue, Change.PASSED_ON)) == mails("given") == mails("passed") == OF_EACH - 1
