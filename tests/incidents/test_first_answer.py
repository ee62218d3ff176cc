"""The first answer: a handler's first message to the reporter, or the answer with which the case is closed."""

import importlib
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from incidents.figures.asked import Asked
from incidents.figures.page import figures_of
from incidents.models import CaseTask, Incident, IncidentState, Message
from incidents.services import (
    add_from_reporter,
    ask_reporter,
    close_case,
    offer_support,
    offer_support_again,
    reopen_case,
)
from incidents.services.looking_after import look_after_cases
from organisation import clock
from organisation.access import Scope
from organisation.models import User
from organisation.work import work_for
from tests.factories.incidents import make_incidents, read, report

WORDS = "Vi har talat med dem som var där, och du får veta mer på torsdag."


@pytest.fixture
def incident(town):
    """A case that the unit manager has read, and whose promised day was yesterday."""
    case = read(report(town), town.unit_manager)
    Incident.objects.filter(pk=case.pk).update(answer_by=clock.today() - timedelta(days=1))
    case.refresh_from_db()
    return case


def tell(incident, by):
    return ask_reporter(incident=incident, text=WORDS, by=by, submission_key=uuid.uuid4())


def first_answer(incident):
    return Incident.objects.values_list("first_answered_at", flat=True).get(pk=incident.pk)


def figures(town):
    return figures_of(Asked.of_year(Scope.of(town.head), town.municipality, clock.today().year, clock.today()))


# --- What counts --------------------------------------------------------------------------------


def test_a_handlers_first_message_counts_and_nothing_after_it(town, incident):
    first = tell(incident, town.unit_manager)
    assert first_answer(incident) == first.at
    tell(incident, town.head)
    close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
    reopen_case(incident=incident, reason="Det hände igen.", by=town.unit_manager)
    assert first_answer(incident) == first.at


def test_the_same_message_sent_again_later_moves_nothing(town, incident):
    key = uuid.uuid4()
    for _ in range(2):
        sent = ask_reporter(incident=incident, text=WORDS, by=town.unit_manager, submission_key=key)
    assert first_answer(incident) == sent.at
    assert incident.history.filter(first_answered_at=sent.at).count() == 1


def test_a_message_after_a_closing_without_an_answer_is_the_first(town, incident):
    close_case(incident=incident, feedback="", unanswered_because="Går inte att nå.", by=town.unit_manager)
    assert first_answer(incident) is None
    assert first_answer(incident) != tell(incident, town.unit_manager).at == first_answer(incident)


def test_what_the_reporter_writes_and_what_the_portal_does_by_itself_is_no_answer(town, incident):
    offer_support(incident=incident, by=town.unit_manager)
    add_from_reporter(incident=incident, text="En sak till.", submission_key=uuid.uuid4())
    Incident.objects.filter(pk=incident.pk).update(became_aware_at=clock.now() - timedelta(days=4))
    assert offer_support_again() == 1
    unread = report(town)
    unread.assignments.update(acknowledge_by=clock.now() - timedelta(days=1))
    assert look_after_cases(town.municipality) == 1
    assert [first_answer(case) for case in (incident, unread)] == [None, None]


# --- Everywhere alike ---------------------------------------------------------------------------


def test_it_ends_what_is_overdue(town, as_, incident):
    assert incident.answer_is_late
    assert list(Incident.objects.answer_overdue()) == [incident]
    tell(incident, town.unit_manager)
    incident.refresh_from_db()
    assert not incident.answer_is_late
    assert not Incident.objects.answer_overdue().exists()
    rows = as_("head").get(reverse("incidents:inbox"), {"only": "late"}).context["page"].rows
    assert not rows


def test_the_task_to_answer_is_done(town, incident):
    message = tell(incident, town.unit_manager)
    task = incident.tasks.get(kind=CaseTask.Kind.FEEDBACK)
    assert (task.done_at, task.done_by) == (message.at, town.unit_manager)


def test_my_work_says_close_and_has_no_promised_day_any_more(town, incident):
    def waiting():
        found = [item for item in work_for(User.objects.get(pk=town.unit_manager.pk)) if item.url == address]
        return [(item.title, item.due_on, item.tone) for item in found]

    address = reverse("incidents:case", args=[incident.public_id])
    with translation.override("en"):
        assert waiting() == [(f"Answer report {incident.label}", incident.answer_by, "late")]
        tell(incident, town.unit_manager)
        assert waiting() == [(f"Close report {incident.label}", None, "new")]


def test_reporters_without_an_answer_come_before_those_who_have_one(town, monkeypatch):
    unit, day = town.bodies["care-north"], clock.today()
    answered, waits = (
        make_incidents(unit, 1, state=IncidentState.READ, answer_by=day - timedelta(days=back), first_answered_at=at)[0]
        for back, at in ((5, clock.now()), (1, None))
    )
    monkeypatch.setattr("incidents.waiting.MOST_SHOWN", 1)
    urls = [item.url for item in work_for(town.unit_manager)]
    assert reverse("incidents:case", args=[waits.public_id]) in urls
    assert reverse("incidents:case", args=[answered.public_id]) not in urls


def test_the_figures_count_it(town, incident):
    before = figures(town)
    assert (before.now.answered, before.now.due, before.median_wait) == (0, 1, None)
    Incident.objects.filter(pk=incident.pk).update(answer_by=clock.today())
    message = tell(incident, town.unit_manager)
    after = figures(town)
    assert (after.now.answered, after.now.in_time) == (1, 1)
    assert after.median_wait == message.at - incident.reported_at


def test_the_reporter_is_promised_a_day_until_then_and_the_closing_after(town, as_, incident):
    def steps():
        client = as_("employee")
        client.cookies["django_language"] = "en"
        page = client.get(reverse("report:status", args=[incident.public_id]))
        return [str(step["title"]) for step in page.context["steps"]]

    promised, closing = "You get an answer by", "You are told when the case is closed"
    assert promised in steps()[-1]
    tell(incident, town.unit_manager)
    assert steps()[-1] == closing
    assert not any(promised in step for step in steps())


# --- From before ---------------------------------------------------------------------------------


class TestMigration:
    @pytest.fixture
    def count_messages(self):
        migration = importlib.import_module("incidents.migrations.0004_first_answers")
        return lambda: migration.count_messages(apps, None)

    def wrote(self, incident, *, at, by=None):
        kind = Message.Kind.QUESTION if by else Message.Kind.ADDITION
        Message.objects.create(
            incident=incident, kind=kind, from_reporter=by is None, text="x", by=by, at=at, submission_key=uuid.uuid4()
        )

    def test_a_handlers_first_message_is_found(self, town, count_messages):
        now = clock.now()
        told, closed_late, answered, heard, silent = cases = make_incidents(town.bodies["care-north"], 5)
        Incident.objects.filter(pk__in=(closed_late.pk, answered.pk)).update(first_answered_at=now)
        for case in (told, closed_late):
            self.wrote(case, at=now - timedelta(days=3))
            for days in (2, 1):
                self.wrote(case, at=now - timedelta(days=days), by=town.unit_manager)
        self.wrote(answered, at=now + timedelta(days=1), by=town.unit_manager)
        self.wrote(heard, at=now - timedelta(days=2))
        count_messages()
        second_day = now - timedelta(days=2)
        assert [first_answer(case) for case in cases] == [second_day, second_day, now, None, None]
        assert not silent.history.exists()

    def test_history_follows_and_again_changes_nothing(self, town, incident, count_messages):
        tell(incident, town.unit_manager)
        told_at = first_answer(incident)
        Incident.objects.filter(pk=incident.pk).update(first_answered_at=None)
        before = incident.history.count()
        for _ in range(2):
            count_messages()
        assert first_answer(incident) == told_at
        assert incident.history.count() == before + 1
        last = incident.history.latest()
        assert (last.first_answered_at, last.state, last.history_type) == (told_at, incident.state, "~")
