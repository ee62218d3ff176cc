"""A new body: in its place, with its seats, from its day on."""

import uuid

import pytest

from organisation.errors import NotAllowed
from organisation.models import Body, BodyKind, Reorganisation, Seat, Vacancy
from organisation.services.reorganising import ChangeRefused, NewBody, close_body, create_body
from organisation.services.reorganising.creating import key_for
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_municipality, make_order
from tests.organisation.reorganising.reading import below, parent_on, refuse_broken, seen

pytestmark = pytest.mark.django_db


def new_unit(
    town, name: str = "Granbackens hemtjänst", parent: str = "care-dept", kind: str = BodyKind.UNIT
) -> NewBody:
    return NewBody(name=name, kind=kind, parent=town.bodies[parent])


def made(name: str = "Granbackens hemtjänst") -> Body:
    return Body.objects.get(name=name)


def test_it_stands_in_its_place_from_its_day(town, today, last_month):
    create_body(new=new_unit(town), order=make_order(town))
    assert parent_on(made(), today) == "care-dept"
    assert parent_on(made(), last_month) is None
    assert made().key in below(town.bodies["care-dept"])
    assert made().key in seen(town.head)
    refuse_broken(town.municipality)


def test_it_has_a_seat_of_every_type_that_sits_at_its_kind_and_these_are_vacant(town, today):
    create_body(new=new_unit(town), order=make_order(town))
    kinds = set(Seat.objects.filter(body=made()).values_list("seat_type__kind", flat=True))
    assert kinds == {"unit_manager", "unit_ombud", "safety_representative", "employee"}
    assert set(Seat.objects.filter(body=made()).values_list("valid_from", flat=True)) == {today}


def test_a_seat_that_must_be_held_is_a_vacancy_at_once(town, today):
    town.seats["unit_manager"].seat_type.min_holders = 1
    town.seats["unit_manager"].seat_type.save()
    create_body(new=new_unit(town), order=make_order(town))
    assert Vacancy.objects.get(seat__body=made()).since == today


def test_a_seat_type_that_is_not_in_use_yet_gets_its_seat_from_its_own_day(town, today, next_month):
    seat_type = town.seats["unit_ombud"].seat_type
    seat_type.details = {"from": next_month.isoformat()}
    seat_type.save()
    create_body(new=new_unit(town), order=make_order(town))
    assert Seat.objects.get(body=made(), seat_type=seat_type).valid_from == next_month


def test_one_to_come_leaves_today_untouched_and_is_there_on_its_day(town, today, next_month, move_clock):
    create_body(new=new_unit(town), order=make_order(town, next_month))
    assert made().key not in below(town.bodies["care-dept"])
    assert not Vacancy.objects.filter(seat__body=made()).exists()
    refuse_broken(town.municipality)
    move_clock(next_month)
    rebuild_closure(town.municipality)
    assert made().key in below(town.bodies["care-dept"])


def test_it_goes_on_under_whoever_takes_over_from_its_parent(town, next_month):
    """The department is to close; what begins under it meanwhile is not left behind."""
    close_body(
        body=town.bodies["care-dept"],
        successor=town.bodies["school-dept"],
        order=make_order(town, next_month, reference="§ 5"),
    )
    create_body(new=new_unit(town), order=make_order(town))
    assert parent_on(made(), next_month) == "school-dept"
    refuse_broken(town.municipality)


def test_what_is_recorded(town):
    change = create_body(new=new_unit(town), order=make_order(town, reference=" § 12 ", note="Fler brukare"))
    assert (change.kind, change.reference, change.note, change.by) == (
        "create",
        "§ 12",
        "Fler brukare",
        town.administrator,
    )
    assert set(change.parts.values_list("part", "name")) == {
        ("after", "Granbackens hemtjänst"),
        ("to", "Äldreförvaltningen"),
    }
    assert made().history.count() == 1


def test_the_same_order_twice_is_one_body(town):
    order = make_order(town)
    first = create_body(new=new_unit(town), order=order)
    assert create_body(new=new_unit(town), order=order) == first
    assert Body.objects.filter(name="Granbackens hemtjänst").count() == 1


def test_another_persons_order_is_not_answered(town):
    key = uuid.uuid4()
    create_body(new=new_unit(town), order=make_order(town, submission_key=key))
    other = make_municipality("Grannby kommun")
    with pytest.raises(NotAllowed):
        create_body(new=new_unit(other), order=make_order(other, submission_key=key))


@pytest.mark.parametrize("role", ["head", "safety_coordinator", "chief_executive", "employee"])
def test_only_the_administrator_may(town, role):
    with pytest.raises(NotAllowed):
        create_body(new=new_unit(town), order=make_order(town, by=town.people[role]))
    assert not Reorganisation.objects.exists()


def test_nobody_begins_a_body_in_another_municipality(town):
    other = make_municipality("Grannby kommun")
    with pytest.raises(NotAllowed):
        create_body(new=new_unit(other), order=make_order(town))


@pytest.mark.parametrize(
    ("kind", "parent", "field"),
    [
        (BodyKind.COMMITTEE, "board", "parent"),
        (BodyKind.WORKING_COMMITTEE, "care-dept", "parent"),
        (BodyKind.COUNCIL, "council", "kind"),
        (BodyKind.BOARD, "council", "kind"),
    ],
)
def test_where_its_kind_can_not_stand_it_is_refused(town, kind, parent, field):
    with pytest.raises(ChangeRefused) as refusal:
        create_body(new=new_unit(town, parent=parent, kind=kind), order=make_order(town))
    assert refusal.value.field == field
    assert not Body.objects.filter(name="Granbackens hemtjänst").exists()


def test_a_parent_that_is_not_there_yet_is_refused(town, next_month):
    create_body(new=new_unit(town), order=make_order(town, next_month))
    below_it = NewBody(name="Nattgruppen", kind=BodyKind.UNIT, parent=made())
    with pytest.raises(ChangeRefused) as refusal:
        create_body(new=below_it, order=make_order(town))
    assert refusal.value.field == "parent"


@pytest.mark.parametrize("name", ["", "   ", "x" * 161])
def test_a_name_is_needed_and_not_too_long(town, name):
    with pytest.raises(ChangeRefused) as refusal:
        create_body(new=new_unit(town, name=name), order=make_order(town))
    assert refusal.value.field == "name"


def test_an_outside_party_stands_under_nothing(town):
    create_body(new=NewBody("Räddningsförbundet", BodyKind.OUTSIDE_PARTY, None), order=make_order(town))
    assert not made("Räddningsförbundet").placements.exists()


def test_a_unit_does_not(town):
    with pytest.raises(ChangeRefused):
        create_body(new=NewBody("Granbacken", BodyKind.UNIT, None), order=make_order(town))


class TestKey:
    def test_it_is_a_slug_of_the_name(self, town):
        assert key_for(town.municipality, "Ängsgläntans hemtjänst") == "angsglantans_hemtjanst"

    def test_it_is_nobody_elses_of_the_municipality(self, town):
        create_body(new=new_unit(town, name="Granen"), order=make_order(town))
        assert key_for(town.municipality, "Granen") == "granen_2"
        assert key_for(make_municipality("Grannby kommun").municipality, "Granen") == "granen"

    def test_it_is_no_kind_of_body_and_no_seat_type(self, town):
        assert key_for(town.municipality, "Unit") == "unit_2"
        assert key_for(town.municipality, "Administrator") == "administrator_2"

    def test_a_name_without_letters_has_one_too(self, town):
        assert key_for(town.municipality, "!!!") == "body"
