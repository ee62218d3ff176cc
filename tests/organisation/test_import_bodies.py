"""The file of bodies: new, renamed, moved and closed ones, by the same rules as the pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisation import clock
from organisation.models import (
    ALWAYS,
    Body,
    BodyClosure,
    BodyName,
    Placement,
    Reorganisation,
    ReorganisationKind,
    SeatKind,
    Vacancy,
    parents_on,
)
from organisation.tree import rebuild_closure
from tests.factories.importing import codes, counts, run
from tests.factories.organisation import Town, make_municipality, make_seat

pytestmark = pytest.mark.django_db

NORTH = "care-north;Ängsgläntans hemtjänst;enhet;care-dept"


@pytest.fixture
def town() -> Town:
    return make_municipality()


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def body(town: Town, key: str) -> Body:
    return Body.objects.get(municipality=town.municipality, key=key)


def parent_of(town: Town, key: str, days: int = 0) -> str | None:
    above = parents_on(town.municipality, clock.today() + timedelta(days=days)).get(body(town, key).pk)
    return Body.objects.get(pk=above).key if above else None


def assert_the_tree_is_today(town: Town) -> None:
    """The closure is as a fresh one would be."""
    written = set(BodyClosure.objects.filter(municipality=town.municipality).values_list())
    rebuild_closure(town.municipality)
    assert set(BodyClosure.objects.filter(municipality=town.municipality).values_list()) == written


def test_new_bodies_whatever_their_order_with_the_seats_of_their_kind(town):
    rows = ["east-1;Lag 1;Enhet;east", "east;Östra området;department;care;2026-01-01"]
    imported = run(town.municipality, bodies=rows)
    assert counts(imported, "bodies") == (2, 0, 0, 0)
    assert (parent_of(town, "east-1"), parent_of(town, "east")) == ("east", "care")
    east = body(town, "east")
    assert (east.name, east.kind, east.valid_from.isoformat()) == ("Östra området", "department", "2026-01-01")
    assert body(town, "east-1").valid_from == ALWAYS
    kinds = {seat.seat_type.kind for seat in body(town, "east-1").seats.select_related("seat_type")}
    assert {SeatKind.UNIT_MANAGER, SeatKind.UNIT_OMBUD, SeatKind.EMPLOYEE} <= kinds
    assert_the_tree_is_today(town)
    for row in (east, Placement.objects.get(body=east), east.seats.first()):
        assert row.history.get().history_type == "+"


def test_seats_of_new_bodies_are_vacant(town):
    seat_type = town.seats["unit_manager"].seat_type
    seat_type.min_holders = 1
    seat_type.save()
    run(town.municipality, bodies=["east;Östra;enhet;care-dept;2026-01-01"])
    vacancy = Vacancy.objects.get(seat__body=body(town, "east"), seat__seat_type=seat_type)
    assert vacancy.since.isoformat() == "2026-01-01"


def test_the_same_file_again_writes_nothing(town):
    rows = [NORTH, "east;Östra;enhet;care-dept;2026-01-01"]
    run(town.municipality, bodies=rows)
    with CaptureQueriesContext(connection) as captured:
        imported = run(town.municipality, bodies=rows)
    assert counts(imported, "bodies") == (0, 0, 0, 2)
    assert not [one["sql"] for one in captured if one["sql"].startswith(("INSERT", "UPDATE", "DELETE", "COPY"))]


def test_a_new_name_holds_from_today_and_the_old_one_before(town):
    imported = run(town.municipality, town.administrator, bodies=["care-north;Norra hemtjänsten;enhet;care-dept"])
    assert counts(imported, "bodies") == (0, 1, 0, 0)
    assert body(town, "care-north").name == "Norra hemtjänsten"
    names = BodyName.objects.filter(body=body(town, "care-north")).values_list("name", "valid_to")
    assert dict(names) == {"Ängsgläntans hemtjänst": clock.today(), "Norra hemtjänsten": None}
    made = Reorganisation.objects.get()
    assert (made.kind, made.by, made.takes_effect_on) == (
        ReorganisationKind.RENAME,
        town.administrator,
        clock.today(),
    )


def test_a_move_takes_effect_today(town):
    run(town.municipality, bodies=["east;Östra;förvaltning;care"])
    imported = run(town.municipality, town.administrator, bodies=["care-north;Ängsgläntans hemtjänst;enhet;east"])
    assert counts(imported, "bodies") == (0, 1, 0, 0)
    assert (parent_of(town, "care-north"), parent_of(town, "care-north", -1)) == ("east", "care-dept")
    assert Reorganisation.objects.get().kind == ReorganisationKind.MOVE
    assert_the_tree_is_today(town)


def test_moves_that_wait_for_each_other_are_carried_out_in_an_order_that_works(town):
    """a over b becomes b over a: b must leave first."""
    run(town.municipality, bodies=["a;A;förvaltning;care", "b;B;förvaltning;a"])
    run(town.municipality, town.administrator, bodies=["a;A;förvaltning;b", "b;B;förvaltning;care"])
    assert (parent_of(town, "a"), parent_of(town, "b")) == ("b", "care")
    assert_the_tree_is_today(town)


def test_passing_to_another_authority_takes_a_decision(town):
    moved = "care-north;Ängsgläntans hemtjänst;;school-dept;;;;"
    refused = run(town.municipality, town.administrator, bodies=[moved])
    assert codes(refused) == [(2, "nyckel", "refused")]
    assert not Reorganisation.objects.exists()
    assert parent_of(town, "care-north") == "care-dept"
    run(town.municipality, town.administrator, bodies=[f"{moved}§ 12, KF 2026-14"])
    made = Reorganisation.objects.get()
    assert (made.crosses_authorities, made.reference) == (True, "§ 12, KF 2026-14")
    assert parent_of(town, "care-north") == "school-dept"


def test_closing_leaves_people_and_bodies_below_to_the_successor(town):
    make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE)
    closing = f"{NORTH};;{day(-1)};care-south"
    imported = run(town.municipality, town.administrator, bodies=[closing])
    assert counts(imported, "bodies") == (0, 0, 1, 0)
    closed = body(town, "care-north")
    assert (closed.valid_to, closed.successor.key) == (clock.today(), "care-south")
    employed = town.employee.appointments.in_force(clock.today()).get()
    assert employed.seat.body.key == "care-south"
    assert not town.unit_manager.appointments.in_force(clock.today()).exists()
    assert counts(run(town.municipality, town.administrator, bodies=[closing]), "bodies") == (0, 0, 0, 1)
    assert_the_tree_is_today(town)


def test_a_closing_to_come_leaves_today_alone_and_the_file_of_people_agrees_with_it(town):
    make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE)
    people = ["100;Anna;anna@exempelby.example.se;care-north"]
    rows = {"bodies": [f"{NORTH};;{day(9)};care-south"], "people": people}
    run(town.municipality, town.administrator, **rows)
    anna = town.municipality.people.get(external_id="100")
    held = [(one.seat.body.key, one.valid_to) for one in anna.appointments.order_by("valid_from")]
    assert held == [("care-north", clock.today() + timedelta(days=10)), ("care-south", None)]
    assert town.unit_manager.appointments.in_force(clock.today()).exists()
    again = run(town.municipality, town.administrator, full=True, **rows)
    assert counts(again, "bodies") == (0, 0, 0, 1)
    assert counts(again, "people") == (0, 0, 0, 1)


def test_a_body_that_is_closed_already_may_come_with_the_file(town):
    rows = ["old;Gamla enheten;enhet;care-dept;2015-01-01;2019-12-31;care-north"]
    run(town.municipality, bodies=rows)
    old = body(town, "old")
    assert (old.valid_to.isoformat(), old.successor.key) == ("2020-01-01", "care-north")
    assert counts(run(town.municipality, bodies=rows), "bodies") == (0, 0, 0, 1)
    assert_the_tree_is_today(town)


def test_a_reorganisation_at_the_terminal_is_in_somebodys_name(town):
    imported = run(town.municipality, bodies=["care-north;Norra hemtjänsten;enhet;care-dept"])
    assert codes(imported) == [(2, "nyckel", "unsigned")]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (";Östra;enhet;care-dept", "nyckel", "missing"),
        ("öst ra;Östra;enhet;care-dept", "nyckel", "bad_key"),
        ("east;;enhet;care-dept", "namn", "missing"),
        ("east;Östra;;care-dept", "slag", "missing"),
        ("east;Östra;sektor;care-dept", "slag", "unknown_kind"),
        ("east;Östra;enhet;", "överordnad", "no_parent"),
        ("east;Östra;enhet;nowhere", "överordnad", "unknown_body"),
        ("east;Östra nämnden;nämnd;care", "överordnad", "wrong_parent"),
        ("second;Fullmäktige 2;kommunfullmäktige;", "slag", "only_one"),
        ("second;Fullmäktige 2;kommunfullmäktige;board", "överordnad", "has_parent"),
        ("care-north;Ängsgläntans hemtjänst;förvaltning;care", "slag", "kind_differs"),
        ("care-dept;Äldreförvaltningen;förvaltning;care-north", "överordnad", "loop"),
        (f"{NORTH};;2030-01-31;", "efterträdare", "no_successor"),
        (f"{NORTH};;2030-01-31;nowhere", "efterträdare", "unknown_body"),
        (f"{NORTH};;2030-01-31;care-north", "efterträdare", "successor_is_closed"),
        (f"{NORTH};;;care-south", "efterträdare", "successor_without_end"),
        ("board;Kommunstyrelsen;kommunstyrelse;council;;2030-01-31;care", "nyckel", "refused"),
        (f"{NORTH};;2030-01-31;care", "nyckel", "refused"),
    ],
)
def test_what_is_wrong_with_a_line(town, row, column, code):
    imported = run(town.municipality, town.administrator, bodies=["east-1;Lag 1;enhet;care-dept", row])
    assert (3, column, code) in codes(imported)
    assert not Body.objects.filter(municipality=town.municipality, key="east-1").exists()


def test_a_key_may_stand_once(town):
    imported = run(town.municipality, bodies=["east;Östra;enhet;care-dept", "east;Östra 2;enhet;care-dept"])
    assert codes(imported) == [(3, "nyckel", "twice")]


def test_a_closed_body_is_not_opened_again_and_takes_nobody(town):
    run(town.municipality, town.administrator, bodies=[f"{NORTH};;{day(-1)};care-south"])
    assert codes(run(town.municipality, town.administrator, bodies=[NORTH])) == [(2, "sista dag", "closed_before")]
    under = run(town.municipality, bodies=["east;Östra;enhet;care-north"])
    assert codes(under) == [(2, "överordnad", "parent_is_closed")]
    employed = run(town.municipality, people=["100;Anna;anna@exempelby.example.se;care-north"])
    assert codes(employed) == [(2, "enhet", "body_is_closed")]


def test_another_municipalitys_bodies_are_unknown(town):
    other = make_municipality("Grannby kommun")
    run(other.municipality, bodies=["far;Fjärran;enhet;care-dept"])
    assert codes(run(town.municipality, bodies=["east;Östra;enhet;far"])) == [(2, "överordnad", "unknown_body")]
