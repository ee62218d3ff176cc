"""The dated tree: no loops, no overlaps, no strangers; today's closure follows the day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from organisation import clock
from organisation.errors import TreeError
from organisation.models import AUTHORITIES, BodyClosure, BodyKind, Municipality, Placement
from organisation.tree import children_on, loop_in, place_body, rebuild_closure
from tests.factories.organisation import make_body, make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality(people=False)


def below(body) -> set[str]:
    rows = BodyClosure.objects.filter(ancestor=body).select_related("descendant")
    return {row.descendant.key for row in rows}


def test_a_body_cannot_stand_below_itself(town):
    top = town.bodies["care-dept"]
    top.placements.all().delete()
    with pytest.raises(TreeError):
        place_body(body=top, parent=town.bodies["care-north"], valid_from=clock.today())
    assert not top.placements.exists()


def test_a_loop_that_only_arises_next_year_is_refused_today(town):
    north, south = town.bodies["care-north"], town.bodies["care-south"]
    next_year = date(clock.today().year + 1, 1, 1)
    north.placements.update(valid_to=next_year)
    place_body(body=north, parent=south, valid_from=next_year)
    south.placements.update(valid_to=next_year)
    with pytest.raises(TreeError):
        place_body(body=south, parent=north, valid_from=next_year)


def test_control_without_the_loop_check_the_loop_is_written(town, monkeypatch):
    monkeypatch.setattr("organisation.tree.refuse_loops", lambda municipality, *, since: None)
    top = town.bodies["care-dept"]
    top.placements.all().delete()
    place_body(body=top, parent=town.bodies["care-north"], valid_from=clock.today())
    assert loop_in({top.pk: town.bodies["care-north"].pk, town.bodies["care-north"].pk: top.pk}) is not None
    assert top.placements.exists()


def test_overlapping_placements_are_refused(town):
    with pytest.raises(TreeError):
        place_body(body=town.bodies["care-north"], parent=town.bodies["school-dept"], valid_from=clock.today())


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the constraint is PostgreSQL's")
def test_the_database_itself_refuses_overlaps(town):
    body = town.bodies["care-north"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(municipality=town.municipality, body=body, parent=town.bodies["school-dept"])
    assert connection.vendor == "postgresql"


def test_an_end_before_the_start_is_refused(town):
    body = make_body(town.municipality, BodyKind.UNIT, "Ny enhet")
    with pytest.raises(TreeError):
        place_body(body=body, parent=town.bodies["care-dept"], valid_from=date(2026, 5, 1), valid_to=date(2026, 5, 1))


def test_another_municipalitys_parent_is_refused(town):
    other = make_municipality("Grannby kommun", people=False)
    body = make_body(town.municipality, BodyKind.UNIT, "Ny enhet")
    with pytest.raises(TreeError):
        place_body(body=body, parent=other.bodies["care-dept"], valid_from=clock.today())


def test_the_closure_never_enters_another_authority(town):
    assert below(town.bodies["council"]) == {"council"}
    assert below(town.bodies["board"]) == {"board", "office", "safety", "group"}
    assert below(town.bodies["care"]) == {"care", "care-dept", "care-north", "care-south"}


def test_an_old_date_shows_the_old_tree(town):
    north, day = town.bodies["care-north"], clock.today()
    north.placements.update(valid_to=day)
    place_body(body=north, parent=town.bodies["school-dept"], valid_from=day)
    care, school = town.bodies["care-dept"], town.bodies["school-dept"]
    assert north in children_on(town.municipality, day - timedelta(days=1))[care.pk]
    assert north in children_on(town.municipality, day)[school.pk]


def test_the_closure_is_rebuilt_by_the_first_request_after_a_boundary(town, client, monkeypatch):
    from tests.factories.organisation import make_user

    north, tomorrow = town.bodies["care-north"], clock.today() + timedelta(days=1)
    north.placements.update(valid_to=tomorrow)
    place_body(body=north, parent=town.bodies["school-dept"], valid_from=tomorrow)
    assert Municipality.objects.get(pk=town.municipality.pk).tree_valid_until == tomorrow
    assert "care-north" in below(town.bodies["care-dept"])
    monkeypatch.setattr("organisation.clock.today", lambda: tomorrow)
    client.force_login(make_user(town.municipality), backend="organisation.access.ScopeBackend")
    client.get("/livez")
    assert "care-north" in below(town.bodies["school-dept"])
    assert "care-north" not in below(town.bodies["care-dept"])


def test_rebuilding_an_unchanged_tree_writes_nothing(town):
    with CaptureQueriesContext(connection) as captured:
        rebuild_closure(town.municipality)
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=13))
def test_a_loop_is_found_exactly_when_there_is_one(parents):
    """Against the plain definition: some body reaches itself by going up."""

    def returns(start):
        at = parents.get(start)
        for _step in range(len(parents) + 1):
            if at is None:
                return False
            if at == start:
                return True
            at = parents.get(at)
        return False

    found = loop_in(parents)
    assert (found is not None) == any(returns(start) for start in parents)


def test_committees_and_companies_are_authorities():
    assert {BodyKind.COMMITTEE, BodyKind.COMPANY, BodyKind.BOARD, BodyKind.COUNCIL} <= AUTHORITIES
