"""What was typed survives a session that has ended, for the same person alone."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from incidents import form_owner, services, tasks
from incidents.models import Incident, ReportDraft
from organisation import clock
from organisation.errors import NotAllowed
from tests.factories.incidents import give_reported
from tests.factories.organisation import PASSWORD

TYPED = "Orden som inte får gå förlorade."


@pytest.fixture
def address(town):
    return reverse("report:form", args=[town.bodies["care-north"].report_code])


def opened(client, address):
    """Open the form and return what the browser would send when it is filled in."""
    form = client.get(address).context["form"]
    return {
        "kind": "violence",
        "occurred_when": "another_day",
        "occurred_on_day": "31",
        "occurred_on_month": "2",
        "text": TYPED,
        "submission_key": str(form["submission_key"].value()),
        "person": form["person"].value(),
    }


def log_in(client, person, at):
    return client.post(at, {"login": person.email, "password": PASSWORD}, follow=True)


def test_after_login_the_same_person_finds_every_answer(town, as_, address):
    client = as_("employee")
    typed = opened(client, address)
    client.logout()
    to_login = client.post(address, typed)
    assert "/account/login/" in to_login.url
    page = log_in(client, town.employee, to_login.url)
    assert page.redirect_chain[-1][0] == address
    form = page.context["form"]
    assert form["text"].value() == TYPED
    assert form["kind"].value() == "violence"
    assert form["occurred_on"].value()[:2] == ["31", "2"]
    assert form["submission_key"].value() == typed["submission_key"]
    assert 'value="31"' in page.content.decode()
    assert page.context["draft"]


def test_the_draft_is_gone_when_the_report_is_sent(town, as_, address):
    client = as_("employee")
    typed = opened(client, address)
    client.logout()
    client.post(address, typed)
    client.force_login(town.employee)
    client.post(address, typed | {"occurred_when": "today"})
    assert Incident.objects.get().narratives.get().text == TYPED
    give_reported()
    assert not ReportDraft.objects.exists()


def test_another_person_who_logs_in_sees_none_of_it(town, as_, address):
    client = as_("employee")
    typed = opened(client, address)
    client.logout()
    to_login = client.post(address, typed)
    page = log_in(client, town.unit_manager, to_login.url)
    assert TYPED not in page.content.decode()
    assert not page.context["draft"]


def test_control_the_owner_is_what_keeps_it_from_others(town, as_, address, monkeypatch):
    """Let the mark name whoever comes next, and the words land before that person."""
    client = as_("employee")
    typed = opened(client, address)
    client.logout()
    monkeypatch.setattr("incidents.views.reporting.owner_of", lambda _mark: town.unit_manager)
    to_login = client.post(address, typed)
    monkeypatch.undo()
    assert TYPED in log_in(client, town.unit_manager, to_login.url).content.decode()


def test_a_form_opened_by_someone_else_is_not_sent_in_my_name(town, as_, address):
    typed = opened(as_("employee"), address) | {"occurred_when": "today"}
    other = as_("unit_ombud")
    assert other.post(address, typed).url == reverse("report:choose")
    assert not Incident.objects.exists()
    assert ReportDraft.objects.get().person == town.employee


@pytest.mark.parametrize("mark", ["", "forged", "0195e0c8-0000-7000-8000-000000000000:1abc:xyz"])
def test_a_mark_that_is_not_ours_keeps_nothing(address, mark):
    client = Client()
    assert "/account/login/" in client.post(address, {"text": TYPED, "person": mark})["Location"]
    assert not ReportDraft.objects.exists()


def test_a_form_that_has_stood_open_too_long_keeps_nothing(town, as_, address, monkeypatch):
    typed = opened(as_("employee"), address)
    monkeypatch.setattr(form_owner, "STANDS_OPEN", timedelta(seconds=-1))
    Client().post(address, typed)
    assert not ReportDraft.objects.exists()


def test_a_report_that_was_sent_already_leads_to_its_receipt(town, as_, address):
    client = as_("employee")
    typed = opened(client, address) | {"occurred_when": "today"}
    receipt = client.post(address, typed).url
    client.logout()
    assert receipt in client.post(address, typed).url
    assert not ReportDraft.objects.exists()


def test_a_draft_ends_after_a_day(town, as_, address, monkeypatch):
    draft = services.keep_draft(body=town.bodies["care-north"], person=town.employee, answers={"text": TYPED})
    assert services.delete_ended_drafts() == 0
    ReportDraft.objects.filter(pk=draft.pk).update(written_at=clock.now() - timedelta(hours=25))
    assert TYPED not in as_("employee").get(address).content.decode()
    assert tasks.end_drafts() == 1


def test_a_draft_is_replaced_not_heaped(town):
    for text in ("först", "sedan"):
        services.keep_draft(body=town.bodies["care-north"], person=town.employee, answers={"text": text})
    assert ReportDraft.objects.get().answers == {"text": "sedan"}


def test_a_draft_needs_the_right_to_report(town, other_town):
    with pytest.raises(NotAllowed):
        services.keep_draft(body=other_town.bodies["care-north"], person=town.employee, answers={})


def test_a_broken_key_is_not_kept(town, as_, address):
    client = as_("employee")
    typed = opened(client, address) | {"submission_key": "broken"}
    client.logout()
    client.post(address, typed)
    client.force_login(town.employee)
    assert uuid.UUID(client.get(address).context["form"]["submission_key"].value())
