"""A body stands elsewhere from a day on, with all below it; rights follow, and no loop arises on any day."""

from datetime import timedelta

import pytest

from organisation.errors import NotAllowed, TreeError
from organisation.models import BodyKind, Placement, Reorganisation
from organisation.services.reorganising import (
    ChangeRefused,
    DecisionMissing,
    NewBody,
    close_body,
    create_body,
    move_body,
)
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_body, make_municipality, make_order
from tests.organisation.reorganising.reading import fresh, parent_on, refuse_broken, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def night_team(town):
    """A unit below a unit."""
    team = make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-north"], key="night")
    rebuild_closure(town.municipality)
    return team


def move(town, body: str, parent: str, on=None, **words: object) -> Reorganisation:
    words.setdefault("reference", "§ 12")
    return move_body(body=town.bodies[body], parent=town.bodies[parent], order=make_order(town, on, **words))


def test_it_stands_there_from_its_day_with_all_below_it(town, today, last_month, night_team):
    move(town, "care-north", "school-dept")
    assert (parent_on(town.bodies["care-north"], last_month), parent_on(town.bodies["care-north"], today)) == (
        "care-dept",
        "school-dept",
    )
    assert {"care-north", "night"} <= seen(town.other_head)
    assert not {"care-north", "night"} & seen(town.head)
    refuse_broken(town.municipality)


def test_its_own_people_keep_their_seats(town):
    move(town, "care-north", "school-dept")
    assert "care-north" in seen(town.unit_manager)


def test_a_move_to_come_changes_no_right_until_the_first_request_of_its_day(town, next_month, client, move_clock):
    move(town, "care-north", "school-dept", next_month)
    assert "care-north" in seen(town.head)
    assert "care-north" not in seen(town.other_head)
    move_clock(next_month)
    client.force_login(fresh(town.employee), backend="organisation.access.ScopeBackend")
    client.get("/livez")
    assert "care-north" not in seen(town.head)
    assert "care-north" in seen(town.other_head)


def test_a_later_move_that_is_decided_stands(town, today, next_month):
    move(town, "care-north", "school-dept", next_month)
    move(town, "care-north", "office")
    unit = town.bodies["care-north"]
    assert (parent_on(unit, today), parent_on(unit, next_month)) == ("office", "school-dept")
    refuse_broken(town.municipality)


def test_a_move_on_the_day_of_another_corrects_it(town, today):
    move(town, "care-north", "school-dept")
    move(town, "care-north", "office")
    assert parent_on(town.bodies["care-north"], today) == "office"
    assert Placement.objects.filter(body=town.bodies["care-north"]).count() == 2


def test_under_one_that_closes_later_it_goes_on_under_the_successor(town, next_month):
    close_body(body=town.bodies["care-south"], successor=town.bodies["care-north"], order=make_order(town, next_month))
    team = create_body(new=NewBody("Nattpatrullen", "unit", town.bodies["care-dept"]), order=make_order(town))
    body = team.parts.get(part="after").body
    move_body(body=body, parent=town.bodies["care-south"], order=make_order(town))
    assert parent_on(body, next_month) == "care-north"
    refuse_broken(town.municipality)


def test_what_is_recorded(town):
    change = move(town, "care-north", "school-dept")
    assert set(change.parts.values_list("part", "body__key")) == {
        ("before", "care-north"),
        ("after", "care-north"),
        ("from", "care-dept"),
        ("to", "school-dept"),
    }
    assert ["organisation.holders", 2, 0] in change.moved


class TestAcrossAuthorities:
    def test_it_is_a_recorded_disclosure_that_rests_on_a_decision(self, town):
        assert move(town, "care-north", "school-dept").crosses_authorities

    @pytest.mark.parametrize("reference", ["", "  "])
    def test_without_a_decision_it_is_refused(self, town, today, reference):
        with pytest.raises(DecisionMissing) as refusal:
            move(town, "care-north", "school-dept", reference=reference)
        assert refusal.value.field == "reference"
        assert parent_on(town.bodies["care-north"], today) == "care-dept"

    def test_a_past_day_counts_for_whose_it_is_today(self, town, today, last_month):
        """North has been below south since last month, but south has been the school's for a week."""
        week_ago = today - timedelta(days=7)
        move(town, "care-south", "school-dept", week_ago)
        with pytest.raises(DecisionMissing):
            move(town, "care-north", "care-south", last_month, reference="")
        assert move(town, "care-north", "care-south", last_month).crosses_authorities

    def test_so_does_a_day_to_come_that_is_decided_already(self, town, next_month):
        move(town, "care-south", "school-dept", next_month)
        with pytest.raises(DecisionMissing):
            move(town, "care-north", "care-south", reference="")

    def test_within_an_authority_none_is_needed(self, town, night_team):
        assert not move_body(
            body=night_team, parent=town.bodies["care-dept"], order=make_order(town)
        ).crosses_authorities


class TestRefused:
    def test_below_itself(self, town, night_team):
        for parent in (town.bodies["care-north"], night_team):
            with pytest.raises(ChangeRefused) as refusal:
                move_body(body=town.bodies["care-north"], parent=parent, order=make_order(town))
            assert refusal.value.field == "parent"

    def test_a_loop_that_arises_only_on_a_later_day(self, town, next_month):
        """North goes below south next month; south can't go below north for good today."""
        move(town, "care-north", "care-south", next_month)
        with pytest.raises(TreeError):
            move(town, "care-south", "care-north")
        refuse_broken(town.municipality)

    def test_under_one_that_it_is_to_take_over_from(self, town, next_month):
        close_body(
            body=town.bodies["care-south"], successor=town.bodies["care-north"], order=make_order(town, next_month)
        )
        with pytest.raises(ChangeRefused):
            move(town, "care-north", "care-south")
        refuse_broken(town.municipality)

    def test_where_it_stands(self, town):
        with pytest.raises(ChangeRefused):
            move(town, "care-north", "care-dept")

    @pytest.mark.parametrize(
        ("body", "parent"),
        [("board", "care"), ("care", "board"), ("council", "board"), ("company", "care"), ("care-north", "closed")],
    )
    def test_where_its_kind_can_not_stand_or_nothing_is(self, town, last_month, body, parent):
        close_body(
            body=town.bodies["care-south"], successor=town.bodies["care-dept"], order=make_order(town, last_month)
        )
        town.bodies["closed"] = town.bodies["care-south"]
        with pytest.raises(ChangeRefused):
            move(town, body, parent)

    def test_another_municipalitys_parent(self, town):
        other = make_municipality("Grannby kommun")
        with pytest.raises(ChangeRefused) as refusal:
            move_body(body=town.bodies["care-north"], parent=other.bodies["care-dept"], order=make_order(town))
        assert refusal.value.field == "parent"

    @pytest.mark.parametrize("role", ["head", "safety_coordinator"])
    def test_by_others_than_the_administrator(self, town, role):
        with pytest.raises(NotAllowed):
            move(town, "care-north", "school-dept", by=town.people[role])

    def test_nothing_is_written(self, town, monkeypatch):
        def fail(*_arguments: object, **_named: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("organisation.services.reorganising.change.rebuild_closure", fail)
        with pytest.raises(RuntimeError):
            move(town, "care-north", "school-dept")
        assert not Reorganisation.objects.exists()
        assert Placement.objects.filter(body=town.bodies["care-north"]).count() == 1
