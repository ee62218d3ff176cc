"""Figures of cases: each event once, years beside each other, small counts hidden from who does not see the cases."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.figures.asked import Asked
from incidents.figures.page import figures_of, figures_page
from incidents.figures.years import end_of
from incidents.models import (
    Affected,
    Channel,
    ClockRule,
    Consequence,
    Incident,
    IncidentKind,
    Injury,
    NoticeState,
    StatutoryNotice,
    Withheld,
)
from organisation import clock
from organisation.access import Scope
from policies.models import Dimension
from tests.factories.incidents import make_incidents

ADDRESS = "incidents:figures"
YEAR = 2025
AT = datetime(2025, 5, 5, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def figures_for(person, *, year=YEAR, **narrowed):
    asked = Asked.of_year(Scope.of(person), person.municipality, year, clock.today(), **narrowed)
    return figures_of(asked)


@pytest.fixture
def cases(town):
    """A year at two units of the same department, and a little of the year before."""
    north, south = town.bodies["care-north"], town.bodies["care-south"]
    may, june = date(YEAR, 5, 4), date(YEAR, 6, 1)
    make_incidents(north, 8, occurred_on=may, affected=Affected.EMPLOYEE, cost_ore=150_000, injury=Injury.PHYSICAL)
    make_incidents(north, 12, occurred_on=june, kind=IncidentKind.NEAR_MISS, affected=Affected.CLIENT)
    make_incidents(south, 2, occurred_on=june, kind=IncidentKind.FIRE, affected=Affected.VISITOR, cost_ore=100)
    make_incidents(north, 6, occurred_on=date(YEAR - 1, 5, 4))
    return Incident.objects.all()


# --- Who sees every case: exact figures ---------------------------------------------------------


def test_the_head_sees_every_count(town, cases):
    found = figures_for(town.head)
    assert found.now.total == 22
    assert found.before.total == 6
    assert found.now.kinds["fire"] == 2
    assert found.now.groups["threats_violence"] == 8
    assert found.now.months == {**dict.fromkeys(map(str, range(1, 13)), 0), "5": 8, "6": 14}
    assert found.now.affected == {"employee": 8, "client": 12, "visitor": 2}
    assert found.now.injured == 8
    assert found.now.cost == 8 * 150_000 + 2 * 100
    assert found.now.costs["accidents"] == 200
    units = [town.bodies["care-north"], town.bodies["care-south"]]
    assert found.body_names == {str(unit.public_id): unit.name for unit in sorted(units, key=str)}
    assert found.now.bodies == {str(unit.public_id): count for unit, count in zip(units, (20, 2), strict=True)}


def test_a_unit_and_a_kind_can_be_chosen(town, cases):
    assert figures_for(town.head, body=town.bodies["care-south"]).now.total == 2
    assert figures_for(town.head, body=town.bodies["care-dept"], kind=IncidentKind.NEAR_MISS).now.total == 12


def test_a_manager_counts_their_own_unit_alone(town, cases):
    assert figures_for(town.unit_manager).now.total == 20


def test_a_neighbouring_municipality_is_never_counted(town, other_town, cases):
    assert figures_for(other_town.safety_coordinator).now.total == 0


def test_years_are_compared_up_to_the_same_day(town):
    unit = town.bodies["care-north"]
    make_incidents(unit, 5, occurred_on=date(2024, 3, 1))
    make_incidents(unit, 7, occurred_on=date(2024, 9, 1))
    asked = Asked.of_year(Scope.of(town.head), town.municipality, YEAR, date(YEAR, 6, 30))
    assert figures_of(asked).before.total == 5


@pytest.mark.parametrize(
    ("cut_off", "own", "before"),
    [
        (date(2024, 2, 28), date(2024, 2, 29), date(2023, 3, 1)),
        (date(2024, 2, 29), date(2024, 3, 1), date(2023, 3, 1)),
        (date(2025, 2, 28), date(2025, 3, 1), date(2024, 3, 1)),
        (date(2025, 12, 31), date(2026, 1, 1), date(2025, 1, 1)),
    ],
)
def test_each_year_has_its_own_end_of_february(cut_off, own, before):
    assert end_of(cut_off.year, cut_off=cut_off, of=cut_off.year) == own
    assert end_of(cut_off.year - 1, cut_off=cut_off, of=cut_off.year) == before


def test_an_event_reported_twice_counts_once(town, cases):
    first, second = cases.filter(kind=IncidentKind.FIRE)
    Incident.objects.filter(pk=second.pk).update(merged_into=first)
    assert figures_for(town.head).now.total == 21


def test_control_without_the_rule_a_merged_report_would_count_twice(town, cases, monkeypatch):
    first, second = cases.filter(kind=IncidentKind.FIRE)
    Incident.objects.filter(pk=second.pk).update(merged_into=first)
    monkeypatch.setattr("incidents.models.incident.IncidentQuerySet.counted", lambda self: self)
    assert figures_for(town.head).now.total == 22


def test_a_case_that_is_disposed_of_stays_in_the_figures(town, cases):
    before = figures_for(town.head)
    cases.update(disposed_at=clock.now())
    after = figures_for(town.head)
    assert (after.now.total, after.now.kinds, after.now.cost) == (before.now.total, before.now.kinds, before.now.cost)
    assert after.now.disposed == 22


def test_a_case_kept_from_a_person_is_in_none_of_their_figures(town, cases):
    kept = cases.filter(kind=IncidentKind.THREAT, occurred_on__year=YEAR).first()
    Withheld.objects.create(incident=kept, person=town.unit_manager, at=clock.now())
    assert figures_for(town.unit_manager).now.total == 19
    assert figures_for(town.head).now.total == 22


def test_how_many_came_from_another_system(town, cases):
    make_incidents(town.bodies["care-north"], 3, occurred_on=date(YEAR, 7, 1), channel=Channel.IMPORT)
    assert figures_for(town.head).now.imported == 3


def test_time_to_the_first_answer_and_how_many_were_in_time(town, cases):
    days = [1, 2, 9]
    for case, waited in zip(cases.filter(kind=IncidentKind.NEAR_MISS), days, strict=False):
        Incident.objects.filter(pk=case.pk).update(
            reported_at=AT, first_answered_at=AT + timedelta(days=waited), answer_by=AT.date() + timedelta(days=3)
        )
    found = figures_for(town.head)
    assert found.median_wait == timedelta(days=2)
    assert (found.now.answered, found.now.in_time) == (3, 2)
    # Those that nobody has answered and whose promised day has passed count too.
    assert found.now.due == 22


def test_the_median_of_none_is_none(town, cases):
    assert figures_for(town.head).median_wait is None


# --- Clocks and consequences --------------------------------------------------------------------


@pytest.fixture
def rule(town):
    return ClockRule.objects.create(
        municipality=town.municipality,
        key="test-authority",
        title={"sv": "Anmäl", "en": "Notify"},
        authority="Arbetsmiljöverket",
        basis="AML 3:3a",
    )


def notice(rule, case, state, *, due, done=None, by=None):
    return StatutoryNotice.objects.create(
        municipality=case.municipality,
        incident=case,
        rule=rule,
        state=state,
        started_at=AT,
        due_at=due,
        done_at=done,
        done_by=by,
    )


def test_punctuality_of_duties_to_notify(town, cases, rule):
    on_time, late, overdue, to_come, refused = cases.filter(kind=IncidentKind.NEAR_MISS)[:5]
    by, due = town.head, AT + timedelta(days=1)
    notice(rule, on_time, NoticeState.DONE, due=due, done=AT, by=by)
    notice(rule, late, NoticeState.DONE, due=due, done=AT + timedelta(days=2), by=by)
    notice(rule, overdue, NoticeState.DUE, due=due)
    notice(rule, to_come, NoticeState.TO_DECIDE, due=clock.now() + timedelta(days=1))
    StatutoryNotice.objects.create(
        municipality=town.municipality,
        incident=refused,
        rule=rule,
        state=NoticeState.NOT_NEEDED,
        started_at=AT,
        due_at=due,
        decided_at=AT,
        decided_by=by,
    )
    found = figures_for(town.head)
    assert found.punctuality == {"in_time": 1, "late": 1, "overdue": 1}
    assert list(found.notices.values()) == [found.punctuality]


def test_consequences_by_dimension(town, cases):
    dimension = Dimension.objects.filter(municipality=town.municipality).first() or Dimension.objects.create(
        municipality=town.municipality, key="person", name="Person"
    )
    for case in cases.filter(kind=IncidentKind.FIRE):
        Consequence.objects.create(municipality=town.municipality, incident=case, dimension=dimension, level=4)
    assert figures_for(town.head).levels == {dimension.name: {"4": 2}}
    assert figures_for(town.board_member).dimensions == {dimension.name: None}


# --- Who does not see the cases: small counts hidden ---------------------------------------------


def test_a_board_member_is_shown_no_small_count(town, cases):
    found = figures_for(town.board_member)
    assert found.now.total == 22
    assert found.now.kinds["fire"] is None
    assert found.now.affected["visitor"] is None
    # Nor what would give it away by subtraction.
    assert found.now.groups["threats_violence"] is None
    assert found.now.affected["employee"] is None
    assert found.now.months_of_group == {}
    assert found.now.costs["accidents"] is None


def test_control_without_suppression_the_small_counts_are_told(town, cases, monkeypatch):
    monkeypatch.setattr("organisation.suppression.THRESHOLD", 0)
    assert figures_for(town.board_member).now.kinds["fire"] == 2


def test_a_small_total_tells_nothing_at_all(town):
    make_incidents(town.bodies["care-north"], 3, occurred_on=date(YEAR, 5, 4), cost_ore=5)
    found = figures_for(town.board_member).now
    assert {found.total, found.cost, *found.kinds.values(), *found.months.values(), *found.bodies.values()} <= {None}
    assert found.injured is None


def test_a_kind_or_a_unit_can_not_be_chosen_by_who_does_not_see_the_cases(town, cases, as_):
    page = as_("board_member").get(reverse(ADDRESS), {"year": YEAR, "kind": "fire"})
    assert list(page.context["filter"].fields) == ["year"]
    assert page.context["asked"].kind == ""
    unit = town.bodies["care-south"].public_id
    page = as_("board_member").get(reverse(ADDRESS), {"year": YEAR, "body": unit})
    assert page.context["asked"].body is None


def test_a_manager_can_not_ask_for_another_unit(town, cases, as_):
    page = as_("unit_manager").get(reverse(ADDRESS), {"year": YEAR, "body": town.bodies["care-south"].public_id})
    assert page.context["asked"].body is None


def test_what_a_person_sees_themselves_is_never_hidden_and_the_rest_is(town, cases, monkeypatch):
    """A board member who also manages a unit: the unit's own cases are known, those of others must be many."""
    scope = Scope.of(town.board_member)
    unit = town.bodies["care-north"].pk
    mixed = Scope(
        user_id=scope.user_id,
        municipality_id=scope.municipality_id,
        everywhere=scope.everywhere,
        own=scope.own,
        roots={**scope.roots, "incidents.view_incident": frozenset({unit})},
    )
    found = figures_of(Asked.of_year(mixed, town.municipality, YEAR, clock.today())).now
    # Two of another unit's are not theirs to see: 22 would tell them.
    assert found.total is None
    make_incidents(town.bodies["care-south"], 5, occurred_on=date(YEAR, 8, 1), kind=IncidentKind.FIRE)
    found = figures_of(Asked.of_year(mixed, town.municipality, YEAR, clock.today())).now
    assert found.total == 27
    assert found.kinds["near_miss"] == 12
    assert found.kinds["fire"] == 7


# --- The page and its files ----------------------------------------------------------------------


def test_the_page_leads_whoever_sees_the_cases_to_them(town, cases, as_):
    page = as_("head").get(reverse(ADDRESS), {"year": YEAR}).content.decode()
    assert f"{reverse('incidents:inbox')}?state=all&amp;year={YEAR}&amp;kind=fire" in page


def test_the_page_leads_nobody_else_to_a_case(town, cases, as_):
    page = as_("board_member").get(reverse(ADDRESS), {"year": YEAR}).content.decode()
    assert f"{reverse('incidents:inbox')}?" not in page
    assert ".." in page


@pytest.mark.parametrize("role", ["employee", "unit_ombud", "safety_representative", "administrator"])
def test_others_have_no_figures(town, as_, role):
    assert as_(role).get(reverse(ADDRESS)).status_code == 403


def test_the_figures_as_csv(town, cases, as_):
    answer = as_("board_member").get(reverse(ADDRESS), {"year": YEAR, "as": "csv"})
    assert answer["Cache-Control"] == "no-store, private"
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    by_row = {(row[1], row[2]): row[3] for row in rows}
    assert ".." in by_row.values()
    assert "2" not in {figure for (_row, column), figure in by_row.items() if column == str(YEAR)}


def test_the_figures_as_an_excel_file(town, cases, as_):
    answer = as_("head").get(reverse(ADDRESS), {"year": YEAR, "as": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert (str(YEAR), 22) in {(row[2], row[3]) for row in rows}


def test_the_page_of_nothing(town, as_):
    assert as_("head").get(reverse(ADDRESS)).context["is_empty"]


def test_what_is_typed_into_the_address_is_understood_or_left_out(town, as_):
    assert as_("head").get(reverse(ADDRESS), {"year": "x", "body": "y", "kind": "z", "as": "exe"}).status_code == 200


@pytest.mark.parametrize("role", ["head", "unit_manager", "board_member", "safety_coordinator", "chief_executive"])
def test_as_few_questions_however_many_cases(town, as_, role):
    client = as_(role)
    kinds = list(IncidentKind)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(ADDRESS)).status_code == 200
        return [query["sql"] for query in captured]

    make_incidents(town.bodies["care-north"], 10, first_answered_at=clock.now())
    few = asked()
    for kind in kinds:
        make_incidents(town.bodies["care-south"], 60, kind=kind, first_answered_at=clock.now())
    many = asked()
    assert len(few) == len(many) <= 12
    assert abs(sum(map(len, few)) - sum(map(len, many))) < 200


def test_no_count_is_shown_that_the_parts_would_tell(town, cases):
    """The chapter's own words: hidden parts are never one alone."""
    found = figures_for(town.board_member).now
    for counts in (found.affected, found.months, found.bodies):
        hidden = [name for name, count in counts.items() if count is None]
        assert len(hidden) != 1


@pytest.mark.parametrize(("role", "drawings"), [("board_member", 1), ("head", 3)])
def test_months_of_a_group_are_drawn_for_who_sees_the_cases(town, cases, role, drawings):
    person = town.people[role]
    asked = Asked.of_year(Scope.of(person), town.municipality, YEAR, clock.today())
    assert len(figures_page(figures_of(asked), asked)["charts"]) == drawings
