"""The pages of plans in a real browser: without accessibility findings, wide and narrow, light and dark."""

from typing import Any

import pytest
from django.urls import reverse

from actionplans import services
from actionplans.snapshot import content_of
from organisation import clock
from organisation.models import Outcome
from tests.factories.actionplans import decide, make_in_force, make_measure, make_plan, make_submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(town, risk):
    """Each page with somebody who has reason to open it."""
    in_force = make_in_force(town, year=2026)
    submitted = make_submitted(town, year=2027)
    preliminary = decide(town, make_submitted(town, year=2028), held_on=in_force.in_force_from).version
    draft = make_plan(town, year=2029)
    make_measure(town, draft, risks=(risk,), what="Larm till all personal i nattjänst")
    back = make_submitted(town, year=2030)
    decide(town, back, Outcome.REFER_BACK)
    make_measure(town, back.plan, what="Ny åtgärd")

    def to(name, row):
        return reverse(f"actionplans:{name}", args=[row.public_id])

    prepares, records, reads = town.coordinator, town.committee_secretary, town.committee_member
    measure = draft.measures.get()
    return [
        (town.board_member, reverse("actionplans:list")),
        (reads, to("plan", submitted.plan)),
        (reads, to("version", in_force)),
        (prepares, to("plan", draft)),
        (prepares, to("plan", back.plan)),
        (prepares, reverse("actionplans:new")),
        (prepares, to("edit", draft)),
        (prepares, to("measure_add", draft)),
        (prepares, to("measure_edit", measure)),
        (prepares, to("measure_remove", measure)),
        (prepares, to("submit", draft)),
        (prepares, to("withdraw", submitted.plan)),
        (town.unit_manager, to("measure_progress", in_force.measures.all()[0])),
        (records, to("decide", submitted.plan)),
        (records, to("minutes", preliminary.plan)),
        (records, to("correct", in_force.decisions.get())),
    ]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_every_page_is_accessible(places, new_page, assert_accessible, width, dark):
    pages: dict[int, Any] = {}
    for person, address in places:
        page = pages.get(person.pk) or new_page(person, width=width, dark=dark)
        pages[person.pk] = page
        response = page.goto(address)
        assert response.status == 200, address
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_secretary_records_changes_without_javascript(town, new_page):
    version = make_submitted(town, measures=1)
    page = new_page(town.committee_secretary, width=820, javascript=False)
    page.goto(reverse("actionplans:decide", args=[version.plan.public_id]))
    day = clock.today()
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.fill(f"[name=held_on_{part}]", str(value))
    page.check("[name=outcome][value=approve_with_changes]")
    page.fill("[name=section]", "139/2023")
    page.click("button[value=check]")
    page.fill("[name=changes-0-money]", "120 000")
    page.click("button[value=check]")
    page.click("button[value=record]")
    changed = version.plan.versions.get(number=2)
    assert content_of(changed).money_ore == {2027: 12_000_000}
    assert services.missing_in(changed) == []
