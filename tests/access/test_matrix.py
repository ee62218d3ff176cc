"""The access matrix: every URL × method × role answers as written by hand, and no URL is left out."""

from unittest import mock

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.test import Client

from organisation.access import Scope
from tests.access.cells import ASKED
from tests.access.matrix import answer_of, read_rows, url_names
from tests.access.world import build_world
from tests.followup.making import blank_pdf

pytestmark = pytest.mark.django_db

ROWS = read_rows()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all rows: each question is asked in a transaction of its own that leaves nothing behind."""
    # A paper's rights don't depend on its layout, which takes long.
    laid_out = mock.patch("safety_portal.pdf.html_to_pdf", return_value=blank_pdf())
    with django_db_blocker.unblock(), transaction.atomic(), laid_out:
        made = build_world()
        # Logged in once per role, which costs as much as a page.
        made.sessions = {role: session_of(person) for role, person in made.people.items() if person is not None}
        yield made
        transaction.set_rollback(True)


def session_of(person) -> str:
    """Log a person in and return the session's key."""
    client = Client()
    client.force_login(person, backend="organisation.access.ScopeBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(world, row, role: str) -> str:
    """Ask as one role, in a transaction that leaves nothing behind."""
    client = Client(raise_request_exception=False)
    if role in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    with transaction.atomic():
        response = getattr(client, row.method.lower())(world.address(row.url))
        transaction.set_rollback(True)
    return answer_of(response)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_role_gets_the_answer_that_is_written(world, record_property, row):
    answers = {role: ask(world, row, role) for role in row.cells}
    wrong = {
        role: f"expected {expected}, got {answers[role]}"
        for role, expected in row.cells.items()
        if answers[role] != expected
    }
    record_property(ASKED, ("answer by answer over HTTP", len(row.cells)))
    assert not wrong


def test_every_url_has_a_row():
    """A new URL without a row fails, and so does a row whose URL is gone."""
    assert {row.url for row in ROWS} == url_names()


def test_no_cell_is_empty():
    assert all(cell in {"ok", "login", "403", "404", "405"} for row in ROWS for cell in row.cells.values())
    assert all(len(row.cells) == len(ROWS[0].cells) for row in ROWS)


def test_control_with_the_scope_taken_away_the_matrix_fails(world, monkeypatch):
    """With every right reaching everywhere, a stranger's case is shown: the rows above can fail."""
    row = next(row for row in ROWS if row.url == "incidents:case" and row.method == "GET")
    assert row.cells["other_manager"] == "404"
    assert ask(world, row, "other_manager") == "404"
    monkeypatch.setattr(Scope, "condition", lambda self, permission, body="body": Q(pk__isnull=False))
    assert ask(world, row, "other_manager") == "ok"


def test_control_a_view_without_its_check_is_seen(world, monkeypatch):
    """With ``require`` switched off, someone who may only read a risk is let in to change it."""
    row = next(row for row in ROWS if row.url == "risks:edit" and row.method == "GET")
    assert ask(world, row, "committee_member") == "403"
    monkeypatch.setattr("risks.views.changing.require", lambda *_arguments: None)
    assert ask(world, row, "committee_member") == "ok"
