"""Ids swapped for another's, in addresses and in forms, open nothing and change nothing."""

import pytest
from django.db import transaction
from django.urls import reverse

from organisation.access import Scope
from organisation.models import Body, BodyKind, SeatKind
from organisation.tree import rebuild_closure
from risks.models import RiskQuerySet
from tests.access.cells import ASKED
from tests.access.filling import choices_in, filled, forms_made, swapped
from tests.access.matrix import read_rows
from tests.access.swapping import (
    MARK,
    ask,
    changed_tables,
    crossings,
    fingerprint,
    urls_with_an_id,
    visitor,
)
from tests.factories.organisation import appoint, make_body, make_seat, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unchanged")]

IDS = urls_with_an_id()
# A template of a file to import is named by its kind: nobody's row.
NO_ROW = {"organisation:import_template"}
ROWS = read_rows()
METHODS = {url: sorted({row.method for row in ROWS if row.url == url}) for url in {row.url for row in ROWS}}
# Forms are sent where the page takes them; else the page is asked with the answers in its address.
PAGES = sorted(url for url in METHODS if ":" in url and url not in NO_ROW)
# What every manager sees of a neighbouring unit: the organisation, and the plan of the committee that both are under.
OPEN_TO_A_SIBLING = {
    "organisation:body",
    "organisation:seat",
    "organisation:mandate",
    "organisation:chart_paper",
    "organisation:chart_file",
    "policies:document",
    "report:form",
    "actionplans:plan",
    "actionplans:version",
    "actionplans:measure",
}


# Pages of one person alone, whatever seats another holds: the receipt of the reporter, what one's staff left behind.
SEEN_BY_ONE = {
    "organisation:filter_delete": "unit_manager",
    **dict.fromkeys(("report:receipt", "report:receipt_pdf", "report:status"), "employee"),
    **dict.fromkeys(("report:withdraw", "report:support"), "employee"),
    "organisation:handover": "head",
    # The code that is given to whoever told it: shown to the one who wrote it down.
    "incidents:entered": "unit_manager",
    # Who has read, shown to the reporter; what an officer has collected, given to that officer.
    "incidents:case_readings": "employee",
    "incidents:person_export_json": "data_protection_officer",
    "incidents:person_export_pdf": "data_protection_officer",
}


def seer(twins, url: str):
    """The browser of somebody who sees the page at home."""
    role = SEEN_BY_ONE.get(url)
    return visitor(twins.home.people[role]) if role else twins.client


def foreign_ids(twins, url: str) -> list[str]:
    """Every id of the other municipality that the URL's kind of row has."""
    ours = twins.ours[url][IDS[url]]
    if IDS[url] == "report_code":
        return list(Body.objects.of(twins.foreign.municipality).values_list("report_code", flat=True))
    row = twins.with_public_id(str(ours))
    assert row is not None, f"{url} is not asked with the id of a row"
    return [str(other.public_id) for other in twins.rows_of(type(row))[1]]


def opened(twins, url: str) -> tuple[list[str], int]:
    """Return what the other municipality's ids open, and how often it was asked."""
    found, asked = [], 0
    for value in foreign_ids(twins, url):
        for method in ("GET", "POST"):
            asked += 1
            status = ask(twins.client, method, url, {IDS[url]: value}).status_code
            if status not in (404, 405):
                found.append(f"{method} {url}: {status}")
    return found, asked


@pytest.mark.parametrize("url", sorted(set(IDS) - NO_ROW))
def test_no_id_of_another_municipality_opens_a_page(twins, record_property, url):
    """Somebody who holds every seat of one municipality is nobody in the other."""
    with transaction.atomic():
        own = [ask(seer(twins, url), method, url, twins.ours[url]).status_code for method in METHODS[url]]
        transaction.set_rollback(True)
    assert 404 not in own, "the person sees it at home, so that the ids alone make the difference"
    before = fingerprint()
    found, asked = opened(twins, url)
    record_property(ASKED, ("with an id swapped", asked))
    assert not found
    assert not changed_tables(before)


def test_no_id_of_a_sibling_unit_opens_more_than_everybody_sees(twins, record_property):
    manager = make_user(twins.home.municipality, "Sixten Syskon")
    beside = make_body(twins.home.municipality, BodyKind.UNIT, "Solbackens hemtjänst", twins.home.bodies["care-dept"])
    rebuild_closure(twins.home.municipality)
    appoint(manager, make_seat(beside, SeatKind.UNIT_MANAGER))
    client = visitor(manager)
    before, found = fingerprint(), []
    asked = [(url, method) for url in sorted(set(IDS) - NO_ROW) for method in ("GET", "POST")]
    for url, method in asked:
        status = ask(client, method, url, twins.ours[url]).status_code
        open_here = url in OPEN_TO_A_SIBLING and (method == "GET" or url == "report:form")
        if status not in ((200, 422) if open_here else (403, 404, 405)):
            found.append(f"{method} {url}: {status}")
    record_property(ASKED, ("with an id swapped", len(asked)))
    assert not found
    assert not changed_tables(before)


# Ids within forms


def sent(twins, url: str) -> str:
    return "POST" if "POST" in METHODS[url] else "GET"


def fresh_form(twins, client, url: str) -> list:
    """The forms that a page begins with; one that has no page of its own shows them when nothing is answered."""
    with forms_made() as made, transaction.atomic():
        response = client.get(reverse(url, kwargs=twins.ours.get(url, {})))
        transaction.set_rollback(True)
    if response.status_code == 405:
        with forms_made() as made, transaction.atomic():
            client.post(reverse(url, kwargs=twins.ours.get(url, {})))
            transaction.set_rollback(True)
    return made


def obeyed(twins, url: str) -> tuple[list[str], int]:
    """Return the questions of a page in which a row of the other municipality is taken, and how many there are."""
    client, found = seer(twins, url), []
    made = fresh_form(twins, client, url)
    answers, choices = filled(made), list(choices_in(made, twins.with_public_id))
    for choice in choices:
        foreign = swapped(choice, twins.counterpart(choice.row))
        outcomes = {}
        for name, value in (("ours", choice.value), ("theirs", foreign)):
            with transaction.atomic(), forms_made() as again:
                data = answers | {choice.name: [value, *answers[choice.name][1:]]}
                before = fingerprint()
                response = ask(client, sent(twins, url), url, twins.ours.get(url, {}), data)
                wrong = any(choice.name in named_errors(form) for form in again)
                told = MARK in response.content.decode(errors="replace") if not response.streaming else False
                changed = bool(changed_tables(before))
                outcomes[name] = (wrong, changed, told or (changed and bool(crossings())))
                transaction.set_rollback(True)
        if outcomes["ours"][0]:
            found.append(f"{url}: our own row is refused in {choice.name}")
        refused, changed, told = outcomes["theirs"]
        # A key that both municipalities use names our own row; an id that is carried along may be disregarded.
        disregarded = choice.hidden or foreign == choice.value
        if told or not (disregarded or (refused and not changed)):
            found.append(f"{url}: {choice.name} {outcomes}")
    return found, len(choices)


def named_errors(form) -> set[str]:
    return {form.add_prefix(name) for name in form.errors} if form.is_bound else set()


@pytest.mark.parametrize("url", PAGES)
def test_no_form_takes_a_row_of_another_municipality(twins, record_property, url):
    found, asked = obeyed(twins, url)
    record_property(ASKED, ("with an id swapped in a form", asked))
    assert not found


@pytest.mark.parametrize("url", [url for url in PAGES if "GET" in METHODS[url]])
def test_no_page_names_anything_of_another_municipality(twins, url):
    response = seer(twins, url).get(reverse(url, kwargs=twins.ours.get(url, {})))
    page = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code in (200, 302)
    assert MARK.encode() not in page


# Controls


def test_control_a_view_without_its_condition_is_seen(twins, monkeypatch):
    monkeypatch.setattr(RiskQuerySet, "visible_to", lambda self, user: self.all())
    assert opened(twins, "risks:risk")[0]


def test_control_a_tie_across_municipalities_is_seen(twins):
    assert not crossings()
    twins.home.seats["head"].appointments.filter(person=twins.home.head).update(person=twins.foreign.head)
    assert crossings() == ["Appointment.person"]


def test_control_a_form_that_offers_every_body_is_seen(twins, monkeypatch):
    assert not obeyed(twins, "risks:new")[0]
    monkeypatch.setattr(Scope, "bodies", lambda self, permission: Body.objects.all())
    assert obeyed(twins, "risks:new")[0]
