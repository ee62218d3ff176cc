"""Several bodies become one of them, or a new one."""

import pytest

from organisation.errors import TreeError
from organisation.models import Appointment, Body, BodyKind, Seat
from organisation.services.reorganising import ChangeRefused, DecisionMissing, NewBody, close_body, merge_bodies
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_body, make_order
from tests.organisation.reorganising.reading import fresh, parent_on, refuse_broken, seen

pytestmark = pytest.mark.django_db


def merge(town, keys: tuple[str, ...], into: str | NewBody, on=None, **words: object):
    heir = into if isinstance(into, NewBody) else town.bodies[into]
    return merge_bodies(bodies=[town.bodies[key] for key in keys], into=heir, order=make_order(town, on, **words))


def new(town, name: str = "Hemtjänsten", parent: str = "care-dept") -> NewBody:
    return NewBody(name=name, kind=BodyKind.UNIT, parent=town.bodies[parent])


def test_into_one_of_them(town, today):
    change = merge(town, ("care-north", "care-south"), "care-south")
    assert fresh(town.bodies["care-north"]).successor == town.bodies["care-south"]
    assert fresh(town.bodies["care-south"]).valid_to is None
    assert set(change.parts.values_list("part", "body__key")) == {
        ("before", "care-north"),
        ("before", "care-south"),
        ("after", "care-south"),
    }
    refuse_broken(town.municipality)


def test_into_one_that_stands_beside_them(town):
    merge(town, ("care-north",), "care-south")
    assert fresh(town.bodies["care-north"]).successor == town.bodies["care-south"]


def test_into_a_new_one(town, today):
    team = make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-south"], key="night")
    rebuild_closure(town.municipality)
    merge(town, ("care-north", "care-south"), new(town))
    body = Body.objects.get(name="Hemtjänsten")
    assert {fresh(town.bodies[key]).successor for key in ("care-north", "care-south")} == {body}
    assert (parent_on(body, today), parent_on(team, today)) == ("care-dept", body.key)
    assert {"care-north", "care-south", "night", body.key} <= seen(town.head)
    assert Seat.objects.filter(body=body, seat_type__kind="unit_manager").count() == 1
    assert Appointment.objects.get(person=town.employee, valid_to=None).seat.body == body
    refuse_broken(town.municipality)


def test_into_a_new_one_to_come(town, next_month, today):
    merge(town, ("care-north", "care-south"), new(town), next_month)
    assert "care-north" in seen(town.unit_manager)
    assert not fresh(town.bodies["care-north"]).is_closed(today)
    refuse_broken(town.municipality)


def test_one_that_stands_below_another_of_them(town):
    make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-north"], key="night")
    rebuild_closure(town.municipality)
    town.bodies["night"] = Body.objects.get(key="night")
    merge(town, ("care-north", "night"), new(town))
    refuse_broken(town.municipality)


def test_into_the_one_that_the_others_stand_below(town):
    merge(town, ("care-north", "care-south"), "care-dept")
    assert {fresh(town.bodies[key]).successor for key in ("care-north", "care-south")} == {town.bodies["care-dept"]}
    refuse_broken(town.municipality)


def test_two_committees_rest_on_a_decision(town):
    committee = NewBody(name="Välfärdsnämnden", kind=BodyKind.COMMITTEE, parent=town.bodies["council"])
    with pytest.raises(DecisionMissing):
        merge(town, ("care", "school"), committee)
    assert merge(town, ("care", "school"), committee, reference="§ 80, KF 2026-4").crosses_authorities
    below = Body.objects.get(name="Välfärdsnämnden").placements_below.values_list("body__key", flat=True)
    assert set(below) == {"care-dept", "school-dept"}
    refuse_broken(town.municipality)


class TestRefused:
    @pytest.mark.parametrize(
        ("keys", "into"), [(("care-north",), "care-north"), (("care-north", "care-north"), "care-north")]
    )
    def test_one_alone(self, town, keys, into):
        with pytest.raises(ChangeRefused) as refusal:
            merge(town, keys, into)
        assert refusal.value.field == "others"

    def test_one_alone_into_a_new_one(self, town):
        with pytest.raises(ChangeRefused):
            merge(town, ("care-north",), new(town))
        assert not Body.objects.filter(name="Hemtjänsten").exists()

    def test_into_one_below_them(self, town):
        with pytest.raises(ChangeRefused):
            merge(town, ("care-dept", "care-south"), "care-north")

    def test_a_new_one_below_one_that_ends(self, town):
        with pytest.raises(ChangeRefused) as refusal:
            merge(town, ("care-north", "care-south"), new(town, parent="care-south"))
        assert refusal.value.field == "parent"

    def test_a_new_one_under_what_falls_away_with_them(self, town):
        """The parent stands below one that ends: the new one would stand below itself."""
        with pytest.raises(TreeError):
            merge(town, ("care-dept", "care-north"), new(town, parent="care-south"))
        assert not Body.objects.filter(name="Hemtjänsten").exists()

    def test_kinds_that_do_not_take_over_from_each_other(self, town):
        with pytest.raises(ChangeRefused):
            merge(town, ("care-north", "group"), "care-north")

    def test_the_board(self, town):
        with pytest.raises(ChangeRefused):
            merge(town, ("board", "care"), "care", reference="§ 1")

    def test_one_that_closes_later(self, town, next_month):
        close_body(
            body=town.bodies["care-north"], successor=town.bodies["care-dept"], order=make_order(town, next_month)
        )
        with pytest.raises(ChangeRefused):
            merge(town, ("care-north", "care-south"), "care-south")
