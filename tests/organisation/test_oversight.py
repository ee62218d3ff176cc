"""The board's overview: matters with their age, and a row per authority with the numbers of the apps above."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import clock
from organisation.models import Appointment, BodyKind, CoordinationMatter, Ruleset, SeatType
from organisation.oversight import overview_of
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies
from tests.factories import actionplans as plans
from tests.factories import groups
from tests.factories.incidents import report
from tests.factories.organisation import make_body, make_municipality, make_seat
from tests.factories.risks import make_dimensions, make_risk, make_scale
from tests.reading import text_of

pytestmark = pytest.mark.django_db
OVERSEERS = ("board_chair", "board_member", "council_member", "chief_executive", "head_of_security")


@pytest.fixture
def town():
    made = make_municipality()
    make_scale(made.municipality)
    make_dimensions(made.municipality)
    return made


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


def page(client, user):
    client.force_login(user)
    return client.get(reverse("organisation:oversight"))


def row(town, key: str, user=None) -> dict[str, object]:
    """Return label → cell of one authority's row."""
    rows = overview_of(town.municipality, user or town.board_chair)["rows"]
    found = next(row for row in rows if row.body == town.bodies[key])
    return {str(column.source.__name__): cell for column, cell in found.cells}


def leave(town, role: str, days: int) -> None:
    town.seats[role].seat_type.min_holders = 1
    town.seats[role].seat_type.save()
    Appointment.objects.filter(person=town.people[role]).update(valid_to=clock.today() - timedelta(days=days))
    rebuild_vacancies(town.municipality)


def test_every_authority_beside_the_board_has_a_row_and_the_council_none(town):
    rows = overview_of(town.municipality, town.board_chair)["rows"]
    assert [row.body.key for row in rows] == ["board", "school", "care", "company"]


def test_companies_that_the_rules_leave_out_are_left_out(town):
    Ruleset.objects.update(companies_in_scope=False)
    assert "company" not in [row.body.key for row in overview_of(town.municipality, town.board_chair)["rows"]]


def test_vacancies_are_counted_below_each_authority_with_the_oldest(town):
    leave(town, "unit_manager", 12)
    leave(town, "coordinator", 40)
    cell = row(town, "care")["_vacancies"]
    assert cell.text.startswith("2")
    assert "40" in cell.text
    assert str(town.bodies["care"].public_id) in cell.url
    assert row(town, "school")["_vacancies"].is_empty


def test_plans_overdue_measures_and_high_risks_come_from_the_apps_above(town):
    today = clock.today()
    version = plans.make_in_force(town, year=today.year)
    version.measures.filter(position=0).update(due_on=today - timedelta(days=1))
    version.measures.exclude(position=0).update(due_on=today + timedelta(days=30))
    make_risk(town.unit_manager, town.bodies["care-north"], likelihood=5, steps=5)
    make_risk(town.unit_manager, town.bodies["care-north"], likelihood=1, steps=1)
    cells = row(town, "care")
    assert cells["plan_of_the_year"].url == reverse("actionplans:plan", args=[version.plan.public_id])
    assert cells["overdue_measures"].text == "1"
    assert cells["high_risks"].text == "1"
    other = row(town, "school")
    assert other["overdue_measures"].is_empty
    assert other["high_risks"].is_empty
    assert not other["plan_of_the_year"].url


def test_the_number_of_risks_leads_to_exactly_those(town, client):
    """The list behind the number is as long as the number says."""
    for likelihood, steps in ((5, 5), (4, 5), (1, 1)):
        make_risk(town.unit_manager, town.bodies["care-north"], likelihood=likelihood, steps=steps)
    make_risk(town.other_manager, town.bodies["school-unit"], likelihood=5, steps=5)
    cell = row(town, "care")["high_risks"]
    client.force_login(town.board_chair)
    assert client.get(cell.url).context["count"] == int(cell.text) == 2


def test_a_draft_is_told_as_being_prepared_to_those_who_do_not_prepare_it(town, client):
    plans.make_plan(town, year=clock.today().year)
    assert "Being prepared" in text_of(page(client, town.board_chair))
    assert "Draft" in text_of(page(client, town.safety_coordinator))


@pytest.mark.parametrize("role", OVERSEERS)
def test_the_headline_tells_what_lies_between_chairs_with_its_age(town, client, role):
    matter = groups.make_matter(town)
    CoordinationMatter.objects.filter(pk=matter.pk).update(raised_at=clock.now() - timedelta(days=47))
    shown = text_of(page(client, getattr(town, role)))
    assert "1 matter lies between chairs" in shown
    assert "Open for 47 days" in shown
    assert matter.question in shown
    assert "stand beside it and not below it" in shown


def test_a_town_in_order_says_so(town, client):
    SeatType.objects.update(min_holders=0)
    rebuild_vacancies(town.municipality)
    assert "Every question has an owner, and every seat that must be held has a holder" in text_of(
        page(client, town.board_chair)
    )


@pytest.mark.parametrize(
    "role", ["committee_chair", "unit_manager", "head", "employee", "administrator", "group_leader"]
)
def test_others_are_refused(town, client, role):
    assert page(client, getattr(town, role)).status_code == 403


def test_no_case_is_shown(town, client):
    """The board reads no case: neither its text nor its number stands here (KL 6:1)."""
    case = report(town, text="Kanariefågel i köket")
    shown = text_of(page(client, town.board_chair))
    assert "Kanariefågel" not in shown
    assert case.label not in shown


def test_another_municipality_is_not_counted(town, client):
    neighbour = make_municipality("Grannby kommun")
    groups.make_matter(neighbour)
    make_scale(neighbour.municipality)
    make_dimensions(neighbour.municipality)
    make_risk(neighbour.unit_manager, neighbour.bodies["care-north"], likelihood=5, steps=5)
    assert "lies between chairs" not in text_of(page(client, town.board_chair))
    assert row(town, "care")["high_risks"].is_empty


def test_as_many_queries_for_many_authorities_as_for_few(town, client):
    def queries() -> int:
        client.force_login(town.board_chair)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("organisation:oversight")).status_code == 200
        return len(captured)

    groups.make_matter(town)
    plans.make_in_force(town, year=clock.today().year)
    make_risk(town.unit_manager, town.bodies["care-north"], likelihood=5, steps=5)
    few = queries()
    for number in range(12):
        committee = make_body(town.municipality, BodyKind.COMMITTEE, f"Nämnd {number}", town.bodies["council"])
        unit = make_body(town.municipality, BodyKind.UNIT, f"Enhet {number}", committee)
        make_seat(unit, "unit_manager")
        groups.make_matter(town, question=f"Fråga {number}?")
    rebuild_closure(town.municipality)
    rebuild_vacancies(town.municipality)
    assert queries() == few
    assert few <= 25
