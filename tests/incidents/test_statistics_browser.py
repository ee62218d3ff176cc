"""The figures and what a workplace is told, in a real browser: nothing for the accessibility rules to find."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from incidents.models import Affected, Consequence, Incident, IncidentKind, Injury
from incidents.services import close_case, publish_outcome
from organisation import clock
from policies.models import Dimension
from tests.factories.incidents import make_incidents, read, report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WENT = "Vi har satt in en vakt och bytt lås på dörren."


@pytest.fixture
def full_town(town):
    """Some years of cases, and one whose outcome is told."""
    north, south = town.bodies["care-north"], town.bodies["care-south"]
    this, last = clock.today().year, clock.today().year - 1
    for year, extra in ((this, 3), (last, 6)):
        for month in range(1, 13 if year == last else max(clock.today().month, 2)):
            make_incidents(north, extra + month % 4, occurred_on=date(year, month, 1), affected=Affected.EMPLOYEE)
            make_incidents(
                south,
                1 + month % 3,
                occurred_on=date(year, month, 2),
                kind=IncidentKind.NEAR_MISS,
                injury=Injury.NONE,
                cost_ore=250_000,
            )
    make_incidents(south, 2, occurred_on=date(last, 3, 3), kind=IncidentKind.FIRE, affected=Affected.VISITOR)
    dimension, _new = Dimension.objects.get_or_create(
        municipality=town.municipality, key="person", defaults={"name": "Person"}
    )
    for case in Incident.objects.filter(kind=IncidentKind.NEAR_MISS)[:6]:
        Consequence.objects.create(municipality=town.municipality, incident=case, dimension=dimension, level=3)
    case = read(report(town), town.unit_manager)
    town.closed = close_case(incident=case, feedback="Tack.", by=town.unit_manager)
    publish_outcome(incident=case, text=WENT, nobody_recognised=True, by=town.unit_manager)
    return town


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("role", ["head", "board_member"])
def test_the_figures_can_be_read_by_all(full_town, new_page, assert_accessible, role, width):
    page = new_page(full_town.people[role], width=width)
    page.goto(f"{reverse('incidents:figures')}?year={clock.today().year}")
    _picture(page, f"figures-{role}-{width}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_what_the_workplace_is_told_can_be_read_by_all(full_town, new_page, assert_accessible, width):
    page = new_page(full_town.employee, width=width)
    page.goto(reverse("incidents:outcomes"))
    _picture(page, f"outcomes-{width}")
    assert_accessible(page)
    assert page.get_by_text(WENT).is_visible()
    page = new_page(full_town.unit_manager, width=width)
    page.goto(reverse("incidents:outcome", args=[full_town.closed.public_id]))
    _picture(page, f"outcome-{width}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _picture(page, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
