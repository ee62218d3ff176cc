"""A word in every text of an ordinary and of a secret case: nobody who may not read it meets it on any surface.

Every GET page of the portal, lists with their files and searches, forms sent empty, papers, errors, mail, the outbox,
the logs, the history and the operator's admin; and controls that find the word where a protection is off.
"""

import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail, serializers
from django.db import transaction
from django.test import Client
from django.urls import reverse

from incidents.disclosure.fields import FIELDS, IDENTITY, NARRATIVE, model_of, names_of
from incidents.models import Incident, ReadLog
from incidents.sight import Sight
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.models import User
from safety_portal.logs import JsonFormatter
from tests.access.matrix import Row, read_rows
from tests.access.world import World, build_world
from tests.factories import canary
from tests.factories.incidents import report
from tests.factories.organisation import Town

pytestmark = pytest.mark.django_db
OPEN = canary.Words("kanariefågelordet", "Kanarina Fågelsson", "kanariehemligt")
SECRET = canary.Words("gruvfågelordet", "Gruvina Fågelberg", "gruvhemligt")
WORDS = (*OPEN.all, *SECRET.all)
# The case's text is read by its reporter, and with names by those who handle it; by nobody else.
READERS = {"employee", "unit_manager", "coordinator", "head"}
CASE_PAGES = ("incidents:", "report:")
# They meet every page of the apps above and beside the cases.
OVERSEERS = (
    "safety_coordinator",
    "safety_representative",
    "committee_secretary",
    "data_protection_officer",
    "operator",
)
# The first letters of a word, which a search could find it by.
BEGUN = "kanari"
REFUSALS_READ = 5


@dataclass
class Mine:
    """The world, its case and another that is marked as secret, and all that was logged while they were handled."""

    world: World
    town: Town
    opened: Incident
    secret: Incident
    logged: io.StringIO


@pytest.fixture(scope="module")
def mine(django_db_setup: None, django_db_blocker: Any) -> Iterator[Mine]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    with django_db_blocker.unblock(), transaction.atomic(), mock.patch("safety_portal.pdf.html_to_pdf", str.encode):
        yield _made(stream)
        transaction.set_rollback(True)
    logging.getLogger().removeHandler(handler)


def _made(stream: io.StringIO) -> Mine:
    world = build_world()
    opened = Incident.objects.get(public_id=world.arguments["incidents:case"]["public_id"])
    people = {role: person for role, person in world.people.items() if person is not None}
    town = Town(opened.municipality, bodies={opened.body.key: opened.body}, people=people)
    secret = report(town, text=SECRET.told)
    for person in people.values():
        # Outside the reserved domains, so that mail is really made.
        User.objects.filter(pk=person.pk).update(email=f"p{person.pk}@kommunen.se")
    for case, words in ((opened, OPEN), (secret, SECRET)):
        canary.act(case, town, words)
        canary.fill(case, town.unit_manager, words)
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        deliver_message(message.pk)
    return Mine(world, town, opened, secret, stream)


@pytest.fixture(autouse=True)
def _nothing_left_behind(mine: Mine) -> Iterator[None]:
    with transaction.atomic(), mock.patch("safety_portal.pdf.html_to_pdf", str.encode):
        yield
        transaction.set_rollback(True)


# --- Asking -------------------------------------------------------------------------------


def browser(mine: Mine, role: str) -> Client:
    client = Client(raise_request_exception=False)
    person = mine.world.people[role]
    if person is not None:
        client.force_login(person, backend="organisation.access.ScopeBackend")
    return client


def others(mine: Mine, row: Row) -> Iterator[str]:
    """Yield where else the page leads: to the secret case, or to a list's files, searches and closed cases."""
    arguments = mine.world.arguments.get(row.url, {})
    if arguments.get("public_id") == mine.opened.public_id and len(arguments) == 1:
        yield reverse(row.url, kwargs={"public_id": mine.secret.public_id})
    elif not arguments and row.url.startswith(CASE_PAGES):
        address = mine.world.address(row.url)
        yield from (
            f"{address}?{asked}" for asked in ("as=csv&state=all", f"as=xlsx&q={BEGUN}", f"q={BEGUN}&state=all")
        )


def body_of(response: Any) -> str:
    content: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        # A sheet, or an archive package: every part of it.
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b" ".join(parts.read(name) for name in parts.namelist())
    return content.decode(errors="replace")


def met(mine: Mine, role: str, rows: list[Row], words: tuple[str, ...] = WORDS) -> dict[str, list[str]]:
    """Return address → the words met there by ``role``."""
    client, found, refused = browser(mine, role), {}, 0
    for row in rows:
        if row.method == "GET" and row.cells[role] != "ok":
            # Refusals show the same page wherever they come from; the matrix proves that they come.
            refused += 1
            if refused > REFUSALS_READ:
                continue
        ask = getattr(client, row.method.lower())
        for address in (mine.world.address(row.url), *others(mine, row)):
            with transaction.atomic():
                answer = ask(address)
                body = f"{body_of(answer)} {answer.headers}"
                transaction.set_rollback(True)
            if here := [word for word in words if word in body]:
                found[f"{row.method} {address}"] = here
    return found


ROWS = read_rows()
# A log-out would end the round.
PAGES = [
    row for row in ROWS if row.method == "GET" and row.url not in ("admin", "account", "mfa", "saml", "openid_connect")
]
ABOUT_CASES = [row for row in PAGES if row.url.startswith(CASE_PAGES) or row.url == "home"]
FORMS = [row for row in ROWS if row.method == "POST" and row.url.startswith(CASE_PAGES)]
OTHERS = sorted(set(ROWS[0].cells) - READERS)


# --- Surfaces -----------------------------------------------------------------------------


def test_every_text_of_a_case_holds_the_word(mine: Mine) -> None:
    """Else the rounds below would look for what is not there."""
    empty = []
    for name in FIELDS:
        text = serializers.serialize("json", model_of(name)._base_manager.all())
        for field in names_of(name, NARRATIVE, IDENTITY):
            kind = model_of(name)._meta.get_field(field)
            if kind.is_relation or kind.get_internal_type() not in ("CharField", "TextField"):
                continue
            held = model_of(name)._base_manager.filter(**{f"{field}__in": WORDS})
            if not held.exists() and (name, field) not in WRITTEN_OTHERWISE:
                empty.append(f"{name}.{field}")
        assert text
    assert not empty


# A provision is chosen from a list, a file has a stored name, disposal and grants have rounds of their own.
WRITTEN_OTHERWISE = {
    ("SecrecyMark", "provision"),
    ("Disclosure", "file"),
    ("Purge", "reason"),
    ("DisposalItem", "kept_reason"),
    ("IncidentGrant", "reason"),
    ("IncidentGrant", "assessment"),
}


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_about_cases_shows_it(mine: Mine, role: str) -> None:
    assert met(mine, role, ABOUT_CASES) == {}


@pytest.mark.parametrize("role", OVERSEERS)
def test_no_other_page_shows_it(mine: Mine, role: str) -> None:
    assert met(mine, role, [row for row in PAGES if row not in ABOUT_CASES]) == {}


@pytest.mark.parametrize("role", ["safety_coordinator", "safety_representative"])
def test_no_form_sent_with_errors_shows_it(mine: Mine, role: str) -> None:
    assert met(mine, role, FORMS) == {}


def test_the_reporter_meets_neither_others_names_nor_what_is_kept(mine: Mine) -> None:
    assert met(mine, "employee", ABOUT_CASES, (OPEN.kept, SECRET.kept)) == {}


def test_no_mail_and_no_message_carries_it(mine: Mine) -> None:
    carried = str(list(OutboxMessage.objects.values_list("payload", "once_key")))
    sent = " ".join(f"{one.subject} {one.body} {one.extra_headers} {one.attachments}" for one in mail.outbox)
    assert OutboxMessage.objects.filter(topic="mail").exists()
    for word in WORDS:
        assert word not in carried
        assert word not in sent


def test_no_log_carries_it(mine: Mine) -> None:
    assert mine.logged is not None
    for word in WORDS:
        assert word not in mine.logged.getvalue()


def holders(mine: Mine) -> set[str]:
    """The tables with the word in any column, histories and what is kept for searching and counting among them."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        text = serializers.serialize("json", model._base_manager.all())
        if any(word in text for word in WORDS):
            found.add(model.__name__)
    return found


def test_no_other_table_holds_it(mine: Mine) -> None:
    may = {name for name in FIELDS if names_of(name, NARRATIVE, IDENTITY)} | {"Attachment"}
    assert holders(mine) <= may


def test_the_operators_admin_shows_none_of_it(mine: Mine) -> None:
    client, found = browser(mine, "operator"), []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        row = model._base_manager.order_by("-pk").first()
        if row is not None:
            pages += [reverse(f"{name}_change", args=[row.pk]), reverse(f"{name}_history", args=[row.pk])]
        for page in pages:
            body = body_of(client.get(page))
            found += [f"{page}: {word}" for word in WORDS if word in body]
    assert not found


def test_a_page_that_breaks_shows_and_logs_none_of_it(mine: Mine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise RuntimeError(OPEN.told)

    monkeypatch.setattr("incidents.views.cases.case_page", fail)
    answer = browser(mine, "unit_manager").get(f"/incidents/{mine.opened.public_id}/")
    assert answer.status_code == 500
    assert OPEN.told not in answer.content.decode()
    assert OPEN.told not in mine.logged.getvalue()


# --- Those who may, and what they leave ----------------------------------------------------


def test_control_those_who_may_read_it_do(mine: Mine) -> None:
    rows = [row for row in PAGES if row.url in ("incidents:case", "incidents:disclosure_new", "incidents:secrecy")]
    read = met(mine, "head", rows)
    assert {word for words in read.values() for word in words} == set(WORDS)
    assert OPEN.told in str(met(mine, "employee", rows))


def test_whoever_meets_it_has_left_a_reading(mine: Mine) -> None:
    """No page with the text is opened by a handler without a row in the read log."""
    unnoted = []
    client = browser(mine, "head")
    for row in ABOUT_CASES:
        if row.cells["head"] == "ok":
            with transaction.atomic():
                ReadLog.objects.all().delete()
                answer = client.get(mine.world.address(row.url))
                if OPEN.told in body_of(answer):
                    unnoted += [] if ReadLog.objects.filter(by=mine.town.head).exists() else [row.url]
                transaction.set_rollback(True)
    assert not unnoted


# --- Controls -----------------------------------------------------------------------------


def test_control_with_sight_of_everything_the_word_is_met(mine: Mine, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = Sight(is_reporter=False, reads_text=True, sees_reporter=True, handles=True)
    monkeypatch.setattr(Sight, "of", classmethod(lambda cls, incident, person: everything))
    assert met(mine, "safety_coordinator", [row for row in PAGES if row.url == "incidents:case"])


def test_control_with_the_scope_taken_away_the_word_is_met(mine: Mine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisation.access.Scope.allows", lambda self, permission, obj=None: True)
    rows = [row for row in PAGES if row.url in ("incidents:case", "incidents:messages", "incidents:tasks")]
    assert met(mine, "safety_coordinator", rows)


def test_control_a_word_in_the_history_a_mail_or_a_log_is_found(mine: Mine) -> None:
    Incident.history.filter(id=mine.opened.pk).update(registry_number=OPEN.told)
    assert "HistoricalIncident" in holders(mine)
    OutboxMessage.objects.create(topic="mail", payload={"body": SECRET.kept}, not_before=mine.opened.reported_at)
    with pytest.raises(AssertionError):
        test_no_mail_and_no_message_carries_it(mine)
    logging.getLogger("incidents").error(OPEN.named)
    assert OPEN.named in mine.logged.getvalue()
