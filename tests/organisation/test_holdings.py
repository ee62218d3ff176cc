"""What bodies hold, in numbers: each app counts its own, in as many queries for many bodies as for one."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisation import clock
from organisation.holdings import held_by, kept
from organisation.models import Assignment, CoordinationMatter, MatterBody
from tests.factories import incidents
from tests.factories.actionplans import make_in_force, make_plan
from tests.factories.organisation import make_municipality
from tests.factories.risks import make_areas, make_dimensions, make_risk, make_scale

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make_municipality()
    make_scale(town.municipality)
    make_dimensions(town.municipality)
    make_areas(town.municipality)
    return town


def counts(town, *keys: str, below: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    ids = {town.bodies[key].pk for key in keys}
    found = held_by(ids, {town.bodies[key].pk for key in below}, clock.today())
    return {held.key: (held.here, held.below) for held in found}


def test_a_unit_with_one_of_everything(town):
    opened, closed = incidents.report(town), incidents.report(town)
    type(closed).objects.filter(pk=closed.pk).update(state="closed")
    make_risk(town.unit_manager, town.bodies["care-north"])
    assert opened.body == town.bodies["care-north"]
    assert counts(town, "care-north") == {
        "organisation.seats": (2, 0),
        "organisation.holders": (2, 0),
        "organisation.employees": (1, 0),
        "organisation.mandates": (1, 0),
        "risks.open": (1, 0),
        "incidents.open": (1, 0),
        "incidents.all": (2, 0),
    }


def test_a_committees_plans(town):
    make_in_force(town, year=2026)
    make_plan(town, year=2028)
    found = counts(town, "care")
    assert found["actionplans.in_force"] == (1, 0)
    assert found["actionplans.under_work"] == (1, 0)


def test_a_groups_assignments_and_matters(town):
    words = {"municipality": town.municipality, "submission_key": uuid.uuid4()}
    group = town.bodies["group"]
    Assignment.objects.create(body=group, kind="other", title="Kartlägg", given_on=clock.today(), **words)
    matter = CoordinationMatter.objects.create(
        question="Vem låser?", raised_by=town.head, raised_at=clock.now(), **words
    )
    MatterBody.objects.create(municipality=town.municipality, matter=matter, body=group)
    found = counts(town, "group")
    assert found["organisation.assignments"] == (1, 0)
    assert found["organisation.matters"] == (1, 0)


def test_what_lies_below_is_counted_beside(town):
    assert counts(town, "care-dept", below=("care-north", "care-south"))["organisation.holders"] == (2, 2)


def test_what_there_is_none_of_is_not_told(town):
    assert counts(town, "care-south") == {}


def test_as_many_queries_for_many_bodies_as_for_one(town):
    def queries(*keys: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            counts(town, *keys)
        return len(asked)

    assert queries(*town.bodies) == queries("care-north") <= 12


def test_counts_that_were_kept_are_read_under_their_names(town):
    (held, unknown) = kept([["incidents.open", 3, 1], ["gone.app", 2, 0]])
    assert (held.here, held.below) == (3, 1)
    assert str(held.label) != "incidents.open"
    assert str(unknown.label) == "gone.app"
