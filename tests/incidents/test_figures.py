"""Counts and costs for the follow-up."""

from datetime import date

import pytest

from incidents.models import Incident, IncidentKind
from tests.factories.incidents import make_incidents


@pytest.fixture
def year(town, other_town):
    """2025 in the town: two in January, one in December; one the year before; one in the other town."""
    unit, home = town.bodies["care-north"], town.bodies["care-south"]
    make_incidents(unit, 2, occurred_on=date(2025, 1, 31), cost_ore=150_000)
    make_incidents(home, 1, occurred_on=date(2025, 12, 31), kind=IncidentKind.FIRE)
    make_incidents(unit, 1, occurred_on=date(2024, 12, 31), cost_ore=100)
    make_incidents(other_town.bodies["care-north"], 1, occurred_on=date(2025, 1, 1))
    return Incident.objects.of(town.municipality).occurred_in(2025)


def test_by_month(town, year):
    assert Incident.objects.of(town.municipality).by_month(2025) == [2, *[0] * 10, 1]


def test_by_kind(year):
    assert year.by_kind() == {"threat": 2, "fire": 1}


def test_by_body(town, year):
    assert year.by_body() == {town.bodies["care-north"].pk: 2, town.bodies["care-south"].pk: 1}


def test_costs(town, year):
    assert year.cost_ore() == 300_000
    assert year.cost_ore_by_body() == {town.bodies["care-north"].pk: 300_000}
    assert Incident.objects.none().cost_ore() == 0


def test_at_or_below(town, year):
    assert year.at_or_below(town.bodies["care-dept"]).count() == 3
    assert year.at_or_below(town.bodies["care-south"]).count() == 1
