"""The responsibility map: every seat of a day in its tree; lazily where there are many bodies, in constant queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from organisation import clock
from organisation.map.branches import MOST_AUTHORITIES, MOST_DRAWN, ResponsibilityMap
from organisation.map.drawing import BodyNode, SeatCard
from organisation.models import (
    Absence,
    Appointment,
    Body,
    BodyKind,
    BodyName,
    Headcount,
    Seat,
    SeatKind,
    SeatType,
)
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db
MAP = reverse("organisation:map")


@pytest.fixture
def town():
    town = make_municipality()
    types = SeatType.objects.filter(municipality=town.municipality)
    types.filter(kind__in=[SeatKind.DEPARTMENT_COORDINATOR, SeatKind.UNIT_MANAGER]).update(min_holders=1)
    return town


@pytest.fixture
def large(town):
    """More units than are drawn at once, most without a manager."""
    for number in range(300):
        unit = make_body(town.municipality, BodyKind.UNIT, f"Enhet {number}", town.bodies["care-dept"])
        if number < 100:
            make_seat(unit, SeatKind.UNIT_MANAGER)
    rebuild_closure(town.municipality)
    rebuild_vacancies(town.municipality)
    return town


def leave(town, role: str, days: int) -> None:
    Appointment.objects.filter(person=town.people[role]).update(valid_to=clock.today() - timedelta(days=days))
    rebuild_vacancies(town.municipality)


def drawn(town, on=None) -> list[BodyNode]:
    return list(ResponsibilityMap(town.municipality, on or clock.today()).first_screen().nodes)


def all_nodes(nodes) -> dict[str, BodyNode]:
    return {name: node for top in nodes for name, node in ({top.name: top} | all_nodes(top.children)).items()}


def card(nodes, body: str, title: str) -> SeatCard:
    return next(one for one in all_nodes(nodes)[body].seats if one.title == title)


class TestCards:
    def test_a_vacancy_says_its_age_and_who_answers(self, town):
        leave(town, "coordinator", 47)
        found = card(drawn(town), "Äldreförvaltningen", "Säkerhetshandläggare")
        assert (found.vacant, found.days, found.answers) == (True, 47, "Förvaltningschef Nils Påhittsson")

    def test_a_seat_that_is_held_where_needed_is_no_vacancy(self, town):
        """R131."""
        leave(town, "unit_ombud", 47)
        found = card(drawn(town), "Ängsgläntans hemtjänst", "Säkerhetsombud")
        assert not found.vacant
        assert found.detail == "Enhetschef Maja Exempelsson"

    def test_who_is_away_is_told_with_the_one_who_answers(self, town):
        own = Appointment.objects.get(person=town.unit_manager)
        back = clock.today() + timedelta(days=5)
        Absence.objects.create(municipality=town.municipality, appointment=own, valid_from=clock.today(), valid_to=back)
        found = card(drawn(town), "Ängsgläntans hemtjänst", "Enhetschef")
        assert "Maja Exempelsson" in found.holder
        assert found.holder != "Maja Exempelsson"
        assert "Nils Påhittsson" in found.detail
        appoint(make_user(town.municipality, "Vikarie Vikström"), town.seats["unit_manager"], is_deputy=True)
        assert "Vikarie Vikström" in card(drawn(town), "Ängsgläntans hemtjänst", "Enhetschef").detail

    def test_a_deputy_alone_is_a_vacancy_that_names_the_deputy(self, town):
        leave(town, "unit_manager", 3)
        appoint(make_user(town.municipality, "Vikarie Vikström"), town.seats["unit_manager"], is_deputy=True)
        found = card(drawn(town), "Ängsgläntans hemtjänst", "Enhetschef")
        assert found.vacant
        assert "Vikarie Vikström" in found.answers

    def test_a_seat_that_is_not_needed_is_said_to_be_so(self, town):
        leave(town, "unit_ombud", 3)
        Seat.objects.filter(pk=town.seats["unit_ombud"].pk).update(not_needed_reason="Två anställda")
        found = card(drawn(town), "Ängsgläntans hemtjänst", "Säkerhetsombud")
        assert not found.vacant
        assert found.holder

    def test_employees_are_counted_and_no_seats(self, town):
        node = all_nodes(drawn(town))["Ängsgläntans hemtjänst"]
        assert "1 " in node.kind
        assert "Medarbetare" not in {one.title for one in node.seats}
        body = town.bodies["care-north"]
        Headcount.objects.create(municipality=town.municipality, body=body, counted_on=clock.today(), employees=38)
        assert "38 " in all_nodes(drawn(town))["Ängsgläntans hemtjänst"].kind


class TestDays:
    def test_another_day_is_drawn_as_it_was_under_the_names_of_then(self, town):
        leave(town, "coordinator", 10)
        before = clock.today() - timedelta(days=20)
        body = town.bodies["care-dept"]
        for name, first, last in (
            ("Omsorgskontoret", body.valid_from, clock.today()),
            (body.name, clock.today(), None),
        ):
            BodyName.objects.create(
                municipality=town.municipality, body=body, name=name, valid_from=first, valid_to=last
            )
        found = card(drawn(town, before), "Omsorgskontoret", "Säkerhetshandläggare")
        assert (found.vacant, found.holder) == (False, "Sanna Låtsas")
        assert card(drawn(town), "Äldreförvaltningen", "Säkerhetshandläggare").vacant

    def test_a_large_municipality_of_another_day_tells_how_much_is_below(self, large):
        before = clock.today() - timedelta(days=20)
        care = all_nodes(drawn(large, before))["Äldrenämnden"]
        today = all_nodes(drawn(large))["Äldrenämnden"]
        assert (care.below.bodies, care.below.vacant) == (today.below.bodies, today.below.vacant) == (303, 100)


class TestLazily:
    def test_a_small_municipality_is_drawn_whole(self, town):
        assert set(all_nodes(drawn(town))) == {body.name for body in town.bodies.values()}
        assert all(node.below is None for node in all_nodes(drawn(town)).values())

    def test_of_a_large_one_the_authorities_with_how_much_stands_below_each(self, large):
        nodes = all_nodes(drawn(large))
        assert set(nodes) == {
            "Kommunfullmäktige",
            "Kommunstyrelsen",
            "Äldrenämnden",
            "Utbildningsnämnden",
            "Demobostäder AB",
        }
        assert (nodes["Äldrenämnden"].below.bodies, nodes["Äldrenämnden"].below.vacant) == (303, 100)
        assert nodes["Kommunstyrelsen"].below.bodies == 3
        assert nodes["Demobostäder AB"].below is None
        assert nodes["Kommunfullmäktige"].below is None

    def test_nothing_is_lost_below_an_authority_that_has_another_under_it(self, large):
        joint = make_body(large.municipality, BodyKind.JOINT_COMMITTEE, "Gemensamma nämnden", large.bodies["care"])
        make_body(large.municipality, BodyKind.UNIT, "Gemensamma enheten", joint)
        rebuild_closure(large.municipality)
        nodes = all_nodes(drawn(large))
        assert (nodes["Äldrenämnden"].below.bodies, nodes["Gemensamma nämnden"].below.bodies) == (303, 1)

    def test_a_branch_is_drawn_level_by_level_in_pages(self, large):
        page = ResponsibilityMap(large.municipality, clock.today())
        (department,) = page.branch(large.bodies["care"]).nodes
        assert (department.name, department.below.bodies) == ("Äldreförvaltningen", 302)
        first = page.branch(large.bodies["care-dept"])
        assert len(first.nodes) == MOST_DRAWN
        second = page.branch(large.bodies["care-dept"], start=MOST_DRAWN)
        assert not {node.name for node in first.nodes} & {node.name for node in second.nodes}
        last = page.branch(large.bodies["care-dept"], start=5 * MOST_DRAWN)
        assert (len(last.nodes), last.next_url) == (2, "")

    def test_of_very_many_authorities_some_are_drawn_and_the_others_follow(self, large):
        for number in range(70):
            make_body(large.municipality, BodyKind.COMMITTEE, f"Nämnd {number}", large.bodies["council"])
        make_body(large.municipality, BodyKind.UNIT, "Ensamma enheten")
        rebuild_closure(large.municipality)
        page = ResponsibilityMap(large.municipality, clock.today())
        seen = []
        for start in range(0, 75, MOST_AUTHORITIES):
            screen = page.first_screen(start=start)
            seen += [name for name in all_nodes(screen.nodes) if name != "Kommunfullmäktige"]
        assert screen.next_url == ""
        assert len(seen) == len(set(seen)) == 4 + 70 + 1
        assert seen[0] == "Kommunstyrelsen"

    def test_a_small_branch_is_drawn_whole(self, large):
        page = ResponsibilityMap(large.municipality, clock.today())
        (department,) = page.branch(large.bodies["school"]).nodes
        assert [child.name for child in department.children] == ["Björkhagens förskola"]


class TestPage:
    def test_it_is_there_for_everyone_of_the_municipality(self, town, client):
        leave(town, "coordinator", 47)
        client.force_login(town.employee)
        page = client.get(MAP).content.decode()
        assert "47" in page.split("</h1>")[0].rsplit("<h1", 1)[1]
        assert "Maja Exempelsson" in page
        client.force_login(make_municipality("Grannby kommun", people=True).employee)
        assert "47" not in client.get(MAP).content.decode().split("</h1>")[0].rsplit("<h1", 1)[1]

    def test_a_branch_is_a_page_and_for_htmx_a_piece(self, large, client):
        client.force_login(large.employee)
        asked = {"root": str(large.bodies["school"].public_id)}
        page = client.get(MAP, asked)
        assert "<html" in page.content.decode()
        piece = client.get(MAP, asked | {"level": "4"}, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in piece
        assert "<h4" in piece
        assert "Björkhagens förskola" in piece

    def test_the_first_screen_leads_on_without_script(self, large, client):
        client.force_login(large.employee)
        page = client.get(MAP).content.decode()
        link = f"{MAP}?root={large.bodies['care'].public_id}"
        assert f'href="{link}"' in page
        assert client.get(link).status_code == 200

    def test_bodies_that_are_not_there_are_not_found(self, town, client):
        client.force_login(town.employee)
        other = make_municipality("Grannby kommun")
        for root in (other.bodies["care"].public_id, "x", ""):
            assert client.get(MAP, {"root": root}).status_code == 404

    def test_bad_dates_are_told(self, town, client):
        client.force_login(town.employee)
        assert client.get(MAP, {"on": "2025-01-31"}).status_code == 200
        for asked in ({"on_day": "31", "on_month": "2", "on_year": "2026"}, {"on": "9999-12-31"}):
            page = client.get(MAP, asked)
            assert page.status_code == 422
            assert 'class="govuk-error-summary' in page.content.decode()


class TestQueries:
    """The same number for thirteen bodies and for three hundred, today and on another day."""

    def test_they_are_constant(self, town, client, django_assert_max_num_queries):
        client.force_login(town.employee)
        client.get(MAP)
        before = (clock.today() - timedelta(days=3)).isoformat()
        with django_assert_max_num_queries(22) as small:
            client.get(MAP)
        with django_assert_max_num_queries(24) as small_before:
            client.get(MAP, {"on": before})
        for number in range(300):
            make_seat(
                make_body(town.municipality, BodyKind.UNIT, f"Enhet {number}", town.bodies["care-dept"]),
                SeatKind.UNIT_MANAGER,
            )
        rebuild_closure(town.municipality)
        rebuild_vacancies(town.municipality)
        # Of many bodies the few first ones are read, and then how much stands below them.
        with django_assert_max_num_queries(len(small) + 2):
            client.get(MAP)
        with django_assert_max_num_queries(len(small_before) + 5):
            client.get(MAP, {"on": before})
        for number in range(60):
            make_body(town.municipality, BodyKind.COMMITTEE, f"Nämnd {number}", town.bodies["council"])
        rebuild_closure(town.municipality)
        with django_assert_max_num_queries(len(small) + 2):
            client.get(MAP)
        with django_assert_max_num_queries(len(small_before) + 5):
            client.get(MAP, {"on": before})
        with django_assert_max_num_queries(24):
            client.get(MAP, {"root": str(town.bodies["care-dept"].public_id)})


def test_the_map_and_the_figures_count_the_same_seats(town):
    """One definition of a vacancy: held where needed is none, a deputy alone is one, and employees don't count."""
    SeatType.objects.filter(municipality=town.municipality, kind=SeatKind.HEAD).update(min_holders=1)
    for role in ("coordinator", "unit_ombud", "head"):
        leave(town, role, 0)
    appoint(make_user(town.municipality, "Vikarie Vikström"), town.seats["head"], is_deputy=True)
    counted = Seat.objects.to_be_held(clock.today()).filter(municipality=town.municipality)
    cards = [one for node in all_nodes(drawn(town)).values() for one in node.seats]
    assert sum(one.vacant for one in cards) == counted.filter(held=False).count() == 2
    town.municipality.refresh_from_db()
    assert town.municipality.seats_to_hold == counted.count()


def test_the_tree_page_shows_the_same_bodies(large, client):
    client.force_login(large.employee)
    assert client.get(reverse("organisation:tree")).status_code == 200
    assert Body.objects.filter(municipality=large.municipality).count() > MOST_DRAWN
