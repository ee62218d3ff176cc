"""What is to be done in a case: suggested when it is read, added, done with an outcome, or not needed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from incidents.case.tasks import tasks_row
from incidents.errors import CannotHandle, OwnReport, ReasonMissing
from incidents.models import Affected, CaseTask, IncidentKind, IncidentStatus, PoliceReport
from incidents.services import add_task, close_case, drop_task, finish_task
from incidents.sight import Sight
from incidents.suggested_tasks import suggested_tasks
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.handover import hand_overs
from organisation.work import work_for
from tests.factories.incidents import make_incidents, read, report

Kind = CaseTask.Kind
NUMBER = "5000-K123456-26"


@pytest.fixture
def incident(town):
    return read(report(town), town.unit_manager)


def task_of(incident, kind):
    return incident.tasks.get(kind=kind)


def add(incident, by, **task):
    return add_task(
        incident=incident, by=by, **({"kind": Kind.OTHER, "text": "Byt lås.", "due_on": None, "assigned_to": by} | task)
    )


def page_of(incident, name="tasks"):
    return reverse(f"incidents:{name}", args=[incident.public_id])


class TestSuggested:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"kind": "threat"}, {Kind.FIRST_SUPPORT, Kind.POLICE, Kind.SAFETY_REPRESENTATIVE, Kind.FEEDBACK}),
            ({"kind": "near_miss"}, {Kind.SAFETY_REPRESENTATIVE, Kind.FEEDBACK}),
            ({"kind": "vandalism", "affects_persons": False}, {Kind.POLICE, Kind.FEEDBACK}),
            ({"kind": "accident", "affected": Affected.VISITOR}, {Kind.FIRST_SUPPORT, Kind.FEEDBACK}),
            ({"kind": "threat", "affected": Affected.ELECTED}, {Kind.FIRST_SUPPORT, Kind.POLICE, Kind.FEEDBACK}),
            ({"kind": "threat", "police_report": PoliceReport.YES},
             {Kind.FIRST_SUPPORT, Kind.SAFETY_REPRESENTATIVE, Kind.FEEDBACK}),
            ({"kind": "disruption", "affects_persons": False}, {Kind.FEEDBACK}),
        ],
    )  # fmt: skip
    def test_by_what_was_reported(self, town, fields, expected):
        case = make_incidents(town.bodies["care-north"], 1, **fields)[0]
        assert {kind for kind, _due in suggested_tasks(case, clock.today())} == expected

    @pytest.mark.parametrize("kind", IncidentKind)
    def test_every_kind_ends_with_an_answer(self, town, kind):
        case = make_incidents(town.bodies["care-north"], 1, kind=kind)[0]
        assert list(suggested_tasks(case, clock.today()))[-1] == (Kind.FEEDBACK, case.answer_by)

    def test_once_when_a_handler_first_reads_it(self, town, incident):
        assert incident.tasks.count() == 4
        assert set(incident.tasks.values_list("assigned_to", flat=True)) == {town.unit_manager.pk}
        read(incident, town.head)
        assert incident.tasks.count() == 4

    def test_not_by_those_who_do_not_handle_it(self, town):
        fresh = report(town)
        read(fresh, town.safety_coordinator)
        read(fresh, town.employee)
        assert not fresh.tasks.exists()


class TestChanges:
    def test_added_and_the_same_is_not_added_twice(self, town, incident):
        task = add(incident, town.unit_manager, assigned_to=town.coordinator)
        assert add(incident, town.unit_manager, assigned_to=town.coordinator) == task
        finish_task(task=task, outcome="Klart.", by=town.coordinator)
        assert add(incident, town.unit_manager, assigned_to=town.coordinator) != task

    def test_done_with_what_came_of_it(self, town, incident):
        task = finish_task(task=task_of(incident, Kind.FIRST_SUPPORT), outcome="Talat med henne.", by=town.unit_manager)
        assert (task.done_by, task.outcome, task.not_needed) == (town.unit_manager, "Talat med henne.", False)
        last = incident.statuses.last()
        assert (last.change, last.reason) == (IncidentStatus.Change.TASK, "")

    def test_a_report_to_the_police_is_the_case_s_own_answer_and_keeps_its_number_apart(self, town, incident):
        task = task_of(incident, Kind.POLICE)
        finish_task(task=task, outcome="", police_number=NUMBER, by=town.unit_manager)
        incident.refresh_from_db()
        assert incident.police_report == PoliceReport.YES
        assert incident.narratives.get(key="police_number").text == NUMBER

    def test_not_needed_with_a_reason(self, town, incident):
        task = task_of(incident, Kind.POLICE)
        with pytest.raises(ReasonMissing):
            drop_task(task=task, reason=" ", by=town.unit_manager)
        assert drop_task(task=task, reason="Inget brott.", by=town.unit_manager).not_needed
        incident.refresh_from_db()
        assert incident.police_report == ""

    def test_done_once(self, town, incident):
        task = task_of(incident, Kind.POLICE)
        drop_task(task=task, reason="Inget brott.", by=town.unit_manager)
        with pytest.raises(WrongState):
            finish_task(task=task, outcome="", by=town.head)

    def test_the_answer_to_the_reporter_is_done_when_the_case_is_closed_with_one(self, town, incident):
        close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
        assert task_of(incident, Kind.FEEDBACK).done_by == town.unit_manager
        other = read(report(town), town.unit_manager)
        close_case(incident=other, feedback="", unanswered_because="Går inte att nå.", by=town.unit_manager)
        assert task_of(other, Kind.FEEDBACK).done_at is None

    @pytest.mark.parametrize("role", ["employee", "safety_coordinator", "safety_representative", "other_manager"])
    def test_not_by_others(self, town, incident, role):
        by, task = town.people[role], task_of(incident, Kind.POLICE)
        for change in (
            lambda: add(incident, by),
            lambda: finish_task(task=task, outcome="", by=by),
            lambda: drop_task(task=task, reason="Därför.", by=by),
        ):
            with pytest.raises(NotAllowed):
                change()

    def test_not_in_one_s_own_report_nor_a_closed_case_nor_without_words_nor_for_a_stranger(self, town, incident):
        with pytest.raises(OwnReport):
            add(report(town, by="coordinator"), town.coordinator)
        with pytest.raises(ReasonMissing):
            add(incident, town.unit_manager, text="")
        with pytest.raises(CannotHandle):
            add(incident, town.unit_manager, assigned_to=town.employee)
        close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
        with pytest.raises(WrongState):
            add(incident, town.unit_manager)
        with pytest.raises(WrongState):
            finish_task(task=task_of(incident, Kind.POLICE), outcome="", by=town.unit_manager)


class TestPage:
    def test_add_end_and_drop(self, town, as_, incident):
        client = as_("unit_manager")
        new = {"new-kind": "other", "new-text": "Byt lås.", "new-assigned_to": town.head.public_id}
        assert client.post(page_of(incident), new).status_code == 302
        task = incident.tasks.get(text="Byt lås.")
        assert task.assigned_to == town.head
        done = {"task": task.pk, f"task-{task.pk}-outcome": "Nytt lås."}
        assert client.post(page_of(incident, "task_end"), done).status_code == 302
        police = task_of(incident, Kind.POLICE)
        dropped = {"task": police.pk, f"task-{police.pk}-outcome": "Inget brott.", "not_needed": "yes"}
        assert client.post(page_of(incident, "task_end"), dropped).status_code == 302
        police.refresh_from_db()
        assert police.not_needed
        assert "Nytt lås." in client.get(page_of(incident)).content.decode()

    @pytest.mark.parametrize(
        "sent",
        [
            {"new-kind": "other", "new-text": ""},
            {"new-kind": "nonsense"},
            {"new-kind": "police", "new-text": "a" * 501},
            {"new-kind": "police", "new-assigned_to": "nobody"},
        ],
    )
    def test_a_mistake_is_named_and_nothing_is_added(self, as_, incident, sent):
        page = as_("unit_manager").post(page_of(incident), sent)
        assert page.status_code == 422
        assert "govuk-error-summary" in page.content.decode()
        assert incident.tasks.count() == 4

    def test_not_needed_without_a_reason_is_named_at_its_own_task(self, as_, incident):
        task = task_of(incident, Kind.POLICE)
        sent = {"task": task.pk, f"task-{task.pk}-police_number": NUMBER, "not_needed": "yes"}
        page = as_("unit_manager").post(page_of(incident, "task_end"), sent)
        assert page.status_code == 422
        assert NUMBER in page.content.decode()
        task.refresh_from_db()
        assert task.done_at is None

    @pytest.mark.parametrize("number", ["", "x", "0", "99999999999999999999", "²"])
    def test_a_task_that_is_not_of_the_case_changes_nothing(self, town, as_, incident, number):
        foreign = read(report(town, at="school-unit"), town.other_manager).tasks.first()
        for sent in (number, str(foreign.pk)):
            done = as_("unit_manager").post(page_of(incident, "task_end"), {"task": sent})
            assert done.url == page_of(incident)
        foreign.refresh_from_db()
        assert foreign.done_at is None


def test_what_is_to_be_done_stands_in_my_work_without_words(town, incident):
    add(incident, town.unit_manager, text="Ring Anna.", assigned_to=town.head, due_on=clock.today())
    items = [item for item in work_for(town.head) if item.url == page_of(incident)]
    assert [item.due_on for item in items] == [clock.today()]
    assert "Ring Anna." not in str(items)
    assert not [item for item in work_for(town.coordinator) if item.url == page_of(incident)]


def test_whoever_leaves_leaves_it_to_somebody(town, incident):
    add(incident, town.unit_manager, assigned_to=town.coordinator)
    left = hand_overs(town.municipality, [town.coordinator.pk])[0]
    told = [task.what for task in left.own] + [task.what for seat in left.seats for task in seat.tasks]
    assert any(incident.label in what for what in told)


def test_the_row_says_what_is_late(town, incident):
    sight = Sight.of(incident, town.unit_manager)
    assert tasks_row(incident, sight).tone == "go"
    incident.tasks.update(due_on=clock.today() - timedelta(days=1))
    assert tasks_row(incident, sight).tone == "late"
    incident.tasks.update(done_at=clock.now(), done_by=town.unit_manager)
    assert tasks_row(incident, sight).tone == "done"
    assert tasks_row(incident, Sight.of(incident, town.safety_coordinator)) is None
