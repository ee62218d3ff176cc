"""Leaving ends access the same second: by the page, by a file, with no worker running, however the person logged in."""

from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from organisation.access import ScopeBackend
from organisation.models import ImportRun, User
from organisation.people_import import FileKind
from organisation.services.importing import confirm_import, start_import
from organisation.services.people import end_person
from tests.factories.importing import carry_out, csv_of
from tests.factories.importing import run as import_now
from tests.factories.organisation import PASSWORD, Town, make_municipality

pytestmark = pytest.mark.django_db

BACKENDS = ("organisation.access.ScopeBackend", "allauth.account.auth_backends.AuthenticationBackend")


@pytest.fixture
def town() -> Town:
    made = make_municipality()
    User.objects.filter(pk=made.unit_manager.pk).update(external_id="100")
    return made


def logged_in(person: User, backend: str = BACKENDS[0]) -> Client:
    client = Client()
    client.force_login(person, backend=backend)
    assert client.get("/").status_code == 200
    return client


def asks_to_log_in(response) -> bool:
    return response.status_code == 302 and reverse("account_login") in response["Location"]


def by_page(town: Town) -> None:
    logged_in(town.administrator).post(reverse("organisation:person_end", args=[town.unit_manager.public_id]))


def by_service(town: Town) -> None:
    end_person(person=town.unit_manager, by=town.administrator)


def by_terminal(town: Town) -> None:
    import_now(town.municipality, full=True, people=[])


def by_import(town: Town) -> None:
    run = start_import(
        municipality=town.municipality,
        files={FileKind.PEOPLE: ContentFile(csv_of("people"))},
        is_full=True,
        by=town.administrator,
        submission_key=uuid4(),
    )
    carry_out(run)
    run = ImportRun.objects.get(pk=run.pk)
    carry_out(confirm_import(run=run, digest=run.digest, by=town.administrator))


WAYS = [by_page, by_service, by_terminal, by_import]


@pytest.mark.parametrize("leave", WAYS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_next_request_is_asked_to_log_in(town, leave, backend):
    client = logged_in(town.unit_manager, backend)
    leave(town)
    assert asks_to_log_in(client.get("/"))
    assert asks_to_log_in(client.get(reverse("incidents:inbox"), headers={"HX-Request": "true"}))
    assert asks_to_log_in(client.post(reverse("risks:new"), {"title": "x"}))


@pytest.mark.parametrize("leave", WAYS)
def test_the_password_opens_nothing_any_more(town, leave):
    leave(town)
    client = Client()
    answers = {"login": town.unit_manager.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), answers).status_code != 302
    assert asks_to_log_in(client.get("/"))


@pytest.mark.parametrize("leave", WAYS)
def test_others_stay_logged_in(town, leave):
    client = logged_in(town.head)
    leave(town)
    assert client.get("/").status_code == 200


def test_control_without_the_three_bolts_the_session_would_go_on(town, monkeypatch):
    """The account is asked whether it is active, its sessions are ended, and its password is void: each shuts alone."""
    client = logged_in(town.unit_manager)
    password = town.unit_manager.password
    monkeypatch.setattr(ScopeBackend, "get_user", lambda _self, user_id: User.objects.filter(pk=user_id).first())
    monkeypatch.setattr("organisation.people_import.writing.end_all_visits", lambda _people: 0)
    monkeypatch.setattr("organisation.people_import.writing._no_password", lambda: password)
    by_terminal(town)
    assert not asks_to_log_in(client.get("/"))
