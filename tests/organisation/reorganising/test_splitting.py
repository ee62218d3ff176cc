"""One body becomes several: one of them is its heir, and every body below it is given to a part."""

import pytest

from organisation.models import Appointment, Body, BodyKind, Seat
from organisation.services.reorganising import ChangeRefused, split_body
from organisation.tree import rebuild_closure
from organisation.union.representatives import representatives_of
from tests.factories.organisation import make_body, make_order
from tests.organisation.reorganising.reading import fresh, parent_on, refuse_broken, seen

pytestmark = pytest.mark.django_db

PARTS = ("Hemtjänst och särskilt boende", "Stöd i hemmet")


def split(town, key: str = "care-dept", parts=PARTS, heir: int = 0, children=None, on=None, **words: object):
    if children is None:
        children = {town.bodies["care-north"]: 0, town.bodies["care-south"]: 1}
    return split_body(
        body=town.bodies[key], parts=parts, heir=heir, children=children, order=make_order(town, on, **words)
    )


def part(name: str) -> Body:
    return Body.objects.get(name=name)


def test_the_parts_stand_in_its_place_and_each_child_below_its_part(town, today, last_month):
    split(town)
    first, second = (part(name) for name in PARTS)
    assert {parent_on(first, today), parent_on(second, today)} == {"care"}
    assert parent_on(town.bodies["care-north"], today) == first.key
    assert parent_on(town.bodies["care-south"], today) == second.key
    assert parent_on(town.bodies["care-south"], last_month) == "care-dept"
    assert {first.kind, second.kind} == {BodyKind.DEPARTMENT}
    refuse_broken(town.municipality)


def test_one_part_is_the_heir(town):
    split(town, heir=1)
    assert fresh(town.bodies["care-dept"]).successor == part(PARTS[1])


def test_employees_follow_to_the_heir_and_the_unions_area_to_every_part(town, today):
    split(town, "care-north", children={})
    heir, other = (part(name) for name in PARTS)
    assert Appointment.objects.get(person=town.employee, valid_to=None).seat.body == heir
    for body in (heir, other):
        assert [one.person for one in representatives_of(body, today)] == [town.safety_representative]
    assert {heir.key, other.key} <= seen(town.safety_representative)


def test_each_part_has_its_seats(town):
    split(town)
    for name in PARTS:
        kinds = set(Seat.objects.filter(body=part(name)).values_list("seat_type__kind", flat=True))
        assert {"head", "department_coordinator"} <= kinds


def test_what_is_to_stand_below_it_later_goes_to_the_heir(town, next_month):
    body = Body.objects.create(
        municipality=town.municipality, key="later", name="Senare", kind="unit", valid_from=next_month
    )
    body.placements.create(municipality=town.municipality, parent=town.bodies["care-dept"], valid_from=next_month)
    rebuild_closure(town.municipality)
    split(town, heir=1)
    assert parent_on(body, next_month) == part(PARTS[1]).key
    refuse_broken(town.municipality)


def test_one_to_come(town, today, next_month):
    split(town, on=next_month)
    assert parent_on(town.bodies["care-north"], today) == "care-dept"
    assert "care-north" in seen(town.head)
    refuse_broken(town.municipality)


def test_a_committee_may_be_split_by_a_decision(town):
    change = split(
        town, "care", ("Vårdnämnden", "Omsorgsnämnden"), children={town.bodies["care-dept"]: 1}, reference="§ 8"
    )
    assert change.crosses_authorities
    assert set(change.parts.values_list("part", "name")) == {
        ("before", "Äldrenämnden"),
        ("after", "Vårdnämnden"),
        ("after", "Omsorgsnämnden"),
    }
    refuse_broken(town.municipality)


class TestRefused:
    @pytest.mark.parametrize(
        ("parts", "field"),
        [(("Ensam",), "parts"), ((), "parts"), (("Lika", "lika "), "parts"), (("En", " "), "name")],
    )
    def test_parts_that_are_too_few_or_alike(self, town, parts, field):
        with pytest.raises(ChangeRefused) as refusal:
            split(town, parts=parts)
        assert refusal.value.field == field

    def test_a_child_that_is_given_to_none(self, town):
        with pytest.raises(ChangeRefused):
            split(town, children={town.bodies["care-north"]: 0})

    @pytest.mark.parametrize(("heir", "number"), [(2, 0), (-1, 0), (0, 2)])
    def test_a_part_that_there_is_not(self, town, heir, number):
        children = {town.bodies["care-north"]: number, town.bodies["care-south"]: 1}
        with pytest.raises(ChangeRefused):
            split(town, heir=heir, children=children)
        assert not Body.objects.filter(name__in=PARTS).exists()

    def test_the_board(self, town):
        with pytest.raises(ChangeRefused):
            split(town, "board", children={town.bodies["office"]: 0}, reference="§ 1")

    def test_a_child_of_another_body_is_not_moved(self, town, today):
        make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-north"], key="night")
        rebuild_closure(town.municipality)
        children = {town.bodies["care-north"]: 0, town.bodies["care-south"]: 1, town.bodies["school-unit"]: 1}
        split(town, children=children)
        assert parent_on(town.bodies["school-unit"], today) == "school-dept"
        refuse_broken(town.municipality)
