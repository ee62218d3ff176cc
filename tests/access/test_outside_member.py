"""What a group's outside member can reach by following links: the group and what is shared with it, nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from unittest import mock
from urllib.parse import urldefrag, urljoin

import pytest
from django.db.models import Q
from django.urls import Resolver404, resolve

from organisation import clock
from organisation.access import Scope
from organisation.services.sharing import share_with_group
from tests.access.matrix import read_rows
from tests.factories import actionplans as plans
from tests.factories.groups import make_action, make_assignment, make_matter
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db

# Open to everyone, and the person's own account.
FOR_EVERYONE = {"accessibility", "privacy", "whistleblowing", "help", "my_account", "my_sessions"}
OF_THE_GROUP = {
    "home",
    "organisation:groups",
    "organisation:group",
    "organisation:assignment",
    "organisation:group_meeting",
    "organisation:group_action",
    "organisation:group_action_done",
}
OF_THE_SHARED_PLAN = {"actionplans:list", "actionplans:plan", "actionplans:version", "actionplans:measure"}


@pytest.fixture
def town():
    made = make_municipality()
    version = plans.make_in_force(made, year=2026)
    plans.make_in_force(made, year=2025, title="En plan som ingen har delat")
    share_with_group(
        obj=version.plan,
        group=made.bodies["group"],
        reason="Gruppen ger råd.",
        until=clock.today() + timedelta(days=30),
        by=made.safety_coordinator,
    )
    make_action(made, person=made.outside_member)
    make_assignment(made)
    make_matter(made)
    report(made, text="Kanariefågel i köket")
    return made


def links(page: str, at: str) -> Iterator[str]:
    """Yield the addresses within the portal that a page leads to."""
    for address in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page):
        whole = urldefrag(urljoin(at, unescape(address))).url
        if whole.startswith("/") and not whole.startswith(("/static/", "//")):
            yield whole


def crawl(client, user) -> dict[str, tuple[str, int, str]]:
    """Return address → (name of its URL, status, page) of everything that can be reached from the start page."""
    client.force_login(user)
    seen: dict[str, tuple[str, int, str]] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address)
        page = answer.content.decode() if not answer.streaming and "html" in answer["Content-Type"] else ""
        seen[address] = (name_of(address), answer.status_code, page)
        waiting += links(page, address)
    return seen


def name_of(address: str) -> str:
    try:
        return resolve(address.split("?")[0]).view_name
    except Resolver404:
        return f"no such page: {address}"


def test_every_link_works_and_leads_to_the_group_and_what_is_shared_with_it(client, town):
    seen = crawl(client, town.outside_member)
    broken = {address: status for address, (_name, status, _page) in seen.items() if status not in (200, 302)}
    assert not broken
    own_account = {name for name, *_rest in seen.values() if name.startswith(("account_", "mfa_"))}
    names = {name for name, *_rest in seen.values()} - own_account
    assert names <= FOR_EVERYONE | OF_THE_GROUP | OF_THE_SHARED_PLAN
    assert OF_THE_GROUP | {"actionplans:plan"} <= names


def test_no_page_tells_of_anything_else(client, town):
    pages = "".join(page for _name, _status, page in crawl(client, town.outside_member).values())
    for words in ("Kanariefågel", "En plan som ingen har delat", "Vem låser sporthallen", "Tallmons gruppboende"):
        assert words not in pages


def test_every_other_page_answers_that_it_is_not_there_or_not_for_them():
    """The matrix asks each of these addresses; here it is held that nothing new is let in by a row."""
    allowed = FOR_EVERYONE | OF_THE_GROUP | {"livez", "readyz", "set_language", "account", "mfa", "saml"}
    # Without log-in: the way back by code, and what a phone shows without a connection.
    allowed |= {"report:code", "report:leave", "report:offline", "report:worker"}
    allowed |= {"organisation:group_action"}
    let_in = {row.url for row in read_rows() if row.cells["outside_member"] not in ("403", "404")}
    assert let_in <= allowed


def test_when_the_share_ends_the_plan_is_not_there(client, town):
    tomorrow = clock.today() + timedelta(days=31)
    with mock.patch("organisation.clock.today", return_value=tomorrow):
        names = {name for name, *_rest in crawl(client, town.outside_member).values()}
    assert not names & OF_THE_SHARED_PLAN


def test_control_with_the_scope_taken_away_the_crawl_finds_more(client, town):
    everything = mock.patch.object(Scope, "condition", return_value=Q(pk__isnull=False))
    holds = mock.patch.object(Scope, "holds", return_value=True)
    client.force_login(town.outside_member)
    with everything, holds:
        page = client.get("/").content.decode()
    found = {name_of(address) for address in links(page, "/")}
    assert not found <= FOR_EVERYONE | OF_THE_GROUP | OF_THE_SHARED_PLAN
