"""What handlers and the reporter write to each other on the pages of those who are logged in."""

import pytest
from django.core import mail
from django.urls import reverse

from incidents import notices
from incidents.case.story import moment
from incidents.models import Message, ReadLog
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.models import User
from organisation.work import work_for
from tests.factories.incidents import read, report

QUESTION, ANSWER = "Var någon annan där?", "Ja, en kollega stod bredvid."


@pytest.fixture
def incident(town):
    return read(report(town), town.unit_manager)


def page_of(incident):
    return reverse("incidents:messages", args=[incident.public_id])


def send(client, incident, text):
    key = client.get(page_of(incident)).context["form"]["submission_key"].value()
    return client.post(page_of(incident), {"text": text, "submission_key": str(key)})


def test_there_and_back_with_receipts_on_both_sides(town, as_, incident):
    manager, reporter = as_("unit_manager"), as_("employee")
    assert send(manager, incident, QUESTION).url == page_of(incident)
    assert incident.messages.get().read_at is None
    assert QUESTION in reporter.get(page_of(incident)).content.decode()
    read_at = moment(incident.messages.get().read_at)
    assert read_at in manager.get(page_of(incident)).content.decode()
    send(reporter, incident, ANSWER)
    answer = incident.messages.last()
    assert (answer.kind, answer.from_reporter, answer.by, answer.read_at) == (Message.Kind.ANSWER, True, None, None)
    assert any(incident.label in item.title and "messages" in item.url for item in work_for(town.unit_manager))
    assert ANSWER in manager.get(page_of(incident)).content.decode()
    answer.refresh_from_db()
    assert answer.read_at is not None
    assert not any("messages" in item.url for item in work_for(User.objects.get(pk=town.unit_manager.pk)))


def test_the_reporter_is_mailed_that_there_is_a_message_and_never_the_message(town, as_, incident):
    User.objects.filter(pk=town.employee.pk).update(email="lisa@kommunen.se")
    send(as_("unit_manager"), incident, QUESTION)
    deliver_message(OutboxMessage.objects.get(topic=notices.REPORTER_TOLD).pk)
    assert incident.label in mail.outbox[0].subject
    assert QUESTION not in mail.outbox[0].body


def test_the_same_form_twice_is_one_message(as_, incident):
    client = as_("unit_manager")
    key = client.get(page_of(incident)).context["form"]["submission_key"].value()
    for _ in range(2):
        client.post(page_of(incident), {"text": QUESTION, "submission_key": str(key)})
    assert incident.messages.count() == 1


@pytest.mark.parametrize("role", ["safety_coordinator", "safety_representative", "unit_ombud"])
def test_those_who_only_see_the_case_read_no_messages(as_, incident, role):
    send(as_("unit_manager"), incident, QUESTION)
    client = as_(role)
    assert client.get(page_of(incident)).status_code == 403
    assert client.post(page_of(incident), {"text": "Hej"}).status_code == 403
    case = client.get(reverse("incidents:case", args=[incident.public_id])).content.decode()
    assert QUESTION not in case
    assert page_of(incident) not in case


def test_strangers_find_nothing(as_, incident):
    assert as_("other_manager").get(page_of(incident)).status_code == 404


def test_an_empty_message_is_named_and_nothing_typed_is_lost(as_, incident):
    page = as_("unit_manager").post(page_of(incident), {"text": ""})
    assert page.status_code == 422
    long = "a" * 5_001
    page = as_("unit_manager").post(page_of(incident), {"text": long})
    assert page.status_code == 422
    assert long in page.content.decode()
    assert not incident.messages.exists()


def test_asking_for_the_head_only_reads_nothing(as_, incident):
    send(as_("unit_manager"), incident, QUESTION)
    as_("employee").head(page_of(incident))
    assert incident.messages.get().read_at is None


def test_opening_the_messages_is_opening_the_case(town, as_):
    fresh = report(town)
    as_("unit_manager").get(page_of(fresh))
    assert ReadLog.objects.filter(incident=fresh, by=town.unit_manager).exists()
    fresh.refresh_from_db()
    assert fresh.read_at is not None


def test_the_row_of_the_case_counts_what_is_unread(as_, incident):
    send(as_("unit_manager"), incident, QUESTION)
    case = reverse("incidents:case", args=[incident.public_id])
    shown = {row.url: row.tone for row in as_("employee").get(case).context["rows"]}
    assert shown[page_of(incident)] == "new"
    shown = {row.url: row.tone for row in as_("unit_manager").get(case).context["rows"]}
    assert shown[page_of(incident)] == ""
