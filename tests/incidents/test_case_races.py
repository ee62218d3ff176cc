"""Several handlers, or several workers, at the same moment: everything is done once, and nobody waits for ever."""

import threading
from datetime import timedelta

import pytest

from incidents.models import Assignment, CaseTask, Incident
from incidents.services import add_task, case_tasks, hand_over, merge_case
from incidents.services.looking_after import look_after_cases
from notifications.models import OutboxMessage
from organisation import clock
from organisation.models import Municipality, User
from tests.factories.incidents import read, report
from tests.factories.organisation import make_municipality
from tests.services.at_once import at_once, done

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


@pytest.fixture
def town(transactional_db):
    return make_municipality()


def fresh(person):
    return User.objects.get(pk=person.pk)


def case_of(incident):
    return Incident.objects.select_related("body", "municipality").get(pk=incident.pk)


def test_workers_that_look_at_once_pass_a_case_on_once(town):
    cases = [report(town) for _ in range(3)]
    past = clock.now() - timedelta(days=5)
    Assignment.objects.update(assigned_at=past, acknowledge_by=past + timedelta(days=1), reminded_at=past)
    municipality = Municipality.objects.get(pk=town.municipality.pk)
    touched = at_once(*[lambda: look_after_cases(municipality)] * WORKERS)
    assert sum(touched) == len(cases)
    for case in cases:
        assert list(case.assignments.values_list("person", flat=True)) == [town.unit_manager.pk, town.head.pk]
    assert OutboxMessage.objects.filter(once_key__startswith="mail:incident-given").count() == len(cases)


def test_workers_that_look_at_once_remind_once(town):
    case = report(town)
    soon = clock.now() + timedelta(minutes=1)
    Assignment.objects.update(acknowledge_by=soon)
    municipality = Municipality.objects.get(pk=town.municipality.pk)
    assert sum(at_once(*[lambda: look_after_cases(municipality)] * WORKERS)) == 1
    assert OutboxMessage.objects.filter(once_key__startswith="mail:incident-reminded").count() == 1
    assert case.statuses.filter(change="reminded").count() == 1


def test_two_who_hand_it_over_at_once_leave_it_with_one(town):
    case = read(report(town), town.unit_manager)

    def give(to):
        return lambda: hand_over(incident=case_of(case), to=fresh(to), reason="Så.", by=fresh(town.unit_manager))

    assert len(done(at_once(give(town.head), give(town.coordinator)))) == 2
    assert case.assignments.filter(ended_at__isnull=True).count() == 1
    assert case.assignments.count() == 3


def test_two_that_are_merged_into_each_other_at_once_are_merged_once(town):
    one, other = (read(report(town), town.unit_manager) for _ in range(2))

    def merge(first, second):
        by = fresh(town.head)
        return lambda: merge_case(incident=case_of(first), into=case_of(second), reason="Samma.", by=by)

    assert len(done(at_once(merge(one, other), merge(other, one)))) == 1
    assert Incident.objects.filter(merged_into__isnull=False).count() == 1


def add_twice(town, case):
    def add():
        task = {"kind": "other", "text": "Byt lås.", "due_on": None, "assigned_to": None}
        return add_task(incident=case_of(case), by=fresh(town.unit_manager), **task)

    at_once(add, add)
    return CaseTask.objects.filter(incident=case, text="Byt lås.").count()


def test_the_same_task_sent_twice_at_once_is_one(town):
    assert add_twice(town, read(report(town), town.unit_manager)) == 1


def test_control_without_the_lock_it_would_be_two(town, monkeypatch):
    case = read(report(town), town.unit_manager)
    both_looked, kept = threading.Barrier(2, timeout=30), CaseTask.save

    def save_when_both_have_looked(task, **more):
        both_looked.wait()
        kept(task, **more)

    monkeypatch.setattr(case_tasks, "locked_for_handler", lambda incident, _by: incident)
    monkeypatch.setattr(CaseTask, "save", save_when_both_have_looked)
    assert add_twice(town, case) == 2
