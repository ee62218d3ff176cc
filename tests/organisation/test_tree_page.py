"""The tree on any date: authorities first, what lies below when asked for, under the names of the day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import clock
from organisation.models import BodyKind
from organisation.pages import tree as tree_page
from organisation.services.reorganising import NewBody, close_body, create_body, move_body, rename_body
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_body, make_municipality, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture
def reader(client, town):
    client.force_login(town.employee, backend="organisation.access.ScopeBackend")
    return client


def outline(nodes) -> dict:
    """Name → what is drawn below it; a number: so many are hidden."""
    return {node.body.name: outline(node.children) or node.hidden for node in nodes}


def drawn(reader, **query: object) -> dict:
    return outline(reader.get(reverse("organisation:tree"), query).context["nodes"])


def test_authorities_first_with_how_many_stand_below_each(reader):
    assert drawn(reader) == {
        "Kommunfullmäktige": {
            "Kommunstyrelsen": 3,
            "Utbildningsnämnden": 2,
            "Äldrenämnden": 3,
            "Demobostäder AB": 0,
        }
    }


def test_what_stands_under_nothing_and_directly_under_the_council_is_there_too(reader, town):
    make_body(town.municipality, BodyKind.OUTSIDE_PARTY, "Polisen")
    make_body(town.municipality, BodyKind.OTHER_GROUP, "Rådet", town.bodies["council"])
    make_body(town.municipality, BodyKind.COMPANY, "Dotterbolaget AB", town.bodies["company"])
    rebuild_closure(town.municipality)
    found = drawn(reader)
    assert found["Polisen"] == 0
    assert found["Kommunfullmäktige"]["Rådet"] == 0
    assert found["Kommunfullmäktige"]["Demobostäder AB"] == {"Dotterbolaget AB": 0}


def test_below_one_of_them(reader, town):
    assert drawn(reader, root=town.bodies["care"].public_id) == {
        "Äldrenämnden": {"Äldreförvaltningen": {"Tallmons gruppboende": 0, "Ängsgläntans hemtjänst": 0}}
    }


def test_another_authority_below_is_not_opened(reader, town):
    assert drawn(reader, root=town.bodies["council"].public_id)["Kommunfullmäktige"]["Äldrenämnden"] == 3


def test_too_many_are_drawn_one_level_at_a_time(reader, town, monkeypatch):
    monkeypatch.setattr(tree_page, "MOST_DRAWN", 2)
    assert drawn(reader, root=town.bodies["care"].public_id) == {"Äldrenämnden": {"Äldreförvaltningen": 2}}


class TestAnotherDate:
    @pytest.fixture
    def changed(self, town):
        """Today the north unit has another name and another committee."""
        rename_body(body=town.bodies["care-north"], name="Ängen", order=make_order(town))
        move_body(
            body=town.bodies["care-north"],
            parent=town.bodies["school-dept"],
            order=make_order(town, reference="§ 12"),
        )

    def test_names_and_places_of_that_day(self, reader, town, changed):
        before = (clock.today() - timedelta(days=1)).isoformat()
        root = town.bodies["care-dept"].public_id
        assert drawn(reader, root=root, on=before) == {
            "Äldreförvaltningen": {"Tallmons gruppboende": 0, "Ängsgläntans hemtjänst": 0}
        }
        assert drawn(reader, root=root) == {"Äldreförvaltningen": {"Tallmons gruppboende": 0}}
        assert drawn(reader, root=town.bodies["school-dept"].public_id) == {
            "Utbildningsförvaltningen": {"Björkhagens förskola": 0, "Ängen": 0}
        }

    def test_the_authorities_of_that_day(self, reader, town):
        day = clock.today() + timedelta(days=30)
        create_body(
            new=NewBody("Välfärdsnämnden", BodyKind.COMMITTEE, town.bodies["council"]), order=make_order(town, day)
        )
        assert "Välfärdsnämnden" not in drawn(reader)["Kommunfullmäktige"]
        assert drawn(reader, on=day.isoformat())["Kommunfullmäktige"]["Välfärdsnämnden"] == 0
        assert drawn(reader, on=day.isoformat())["Kommunfullmäktige"]["Äldrenämnden"] == 3

    def test_closed_bodies_and_those_to_come_are_marked_when_asked_for(self, reader, town):
        day = clock.today() + timedelta(days=30)
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=make_order(town))
        create_body(new=NewBody("Granen", BodyKind.UNIT, town.bodies["care-dept"]), order=make_order(town, day))
        root = town.bodies["care-dept"].public_id
        assert drawn(reader, root=root) == {"Äldreförvaltningen": {"Tallmons gruppboende": 0}}
        assert drawn(reader, root=root, all="on") == {
            "Äldreförvaltningen": {"Granen": 0, "Tallmons gruppboende": {"Ängsgläntans hemtjänst": 0}}
        }
        page = reader.get(reverse("organisation:tree"), {"root": root, "all": "on"})
        notes = {node.body.name: node.note for node in page.context["nodes"][0].children}
        assert notes["Granen"]
        assert not notes["Tallmons gruppboende"]
        everything = drawn(reader, all="on")["Kommunfullmäktige"]
        assert everything["Äldrenämnden"] == 4

    def test_links_keep_the_day(self, reader, town):
        page = reader.get(reverse("organisation:tree"), {"on": "2026-01-02", "all": "on"})
        (council,) = page.context["nodes"]
        assert council.url.endswith("?on=2026-01-02")
        assert "on=2026-01-02" in council.children[0].more_url
        assert "all=on" in council.children[0].more_url

    def test_a_day_that_is_none_is_told_and_today_is_drawn(self, reader):
        page = reader.get(reverse("organisation:tree"), {"on_day": "31", "on_month": "2", "on_year": "2026"})
        assert page.status_code == 422
        assert page.context["nodes"]


@pytest.mark.parametrize("root", ["no-id", "01900000-0000-7000-8000-000000000000"])
def test_a_root_that_there_is_not(reader, root):
    assert reader.get(reverse("organisation:tree"), {"root": root}).status_code == 404


def test_another_municipalitys_root_is_not_there(reader):
    other = make_municipality("Grannby kommun")
    assert reader.get(reverse("organisation:tree"), {"root": other.bodies["care"].public_id}).status_code == 404
    assert len(drawn(reader)) == 1


@pytest.mark.parametrize("query", [{}, {"root": "care"}, {"on": "2026-01-02"}, {"all": "on"}])
def test_as_many_queries_for_many_bodies_as_for_few(reader, town, query):
    asked = {**query, "root": town.bodies["care"].public_id} if "root" in query else query

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            reader.get(reverse("organisation:tree"), asked)
        return len(captured)

    few = queries()
    for number in range(40):
        make_body(town.municipality, BodyKind.UNIT, f"Enhet {number}", town.bodies["care-dept"])
    rebuild_closure(town.municipality)
    assert queries() == few <= 14


def test_the_administrator_finds_the_way_to_change_it(client, town):
    client.force_login(town.administrator, backend="organisation.access.ScopeBackend")
    assert reverse("organisation:body_new") in client.get(reverse("organisation:tree")).content.decode()


def test_others_do_not(reader):
    assert reverse("organisation:body_new") not in reader.get(reverse("organisation:tree")).content.decode()
