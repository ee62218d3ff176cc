"""The inbox and one's own reports: order, filters, pages, and the same number of queries for 10 and 1,000 cases."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from incidents import inbox
from incidents.models import IncidentGrant, IncidentKind, IncidentState
from organisation import clock
from organisation.database import is_postgres
from organisation.keyset import keyset_page
from organisation.models import Appointment, Body, SeatKind
from organisation.work import work_for
from tests.factories.incidents import make_incidents, read, report
from tests.factories.organisation import appoint, make_seat

INBOX, MINE = "/incidents/", "/incidents/mine/"
MOST_QUERIES = 12


def shown(client, address=INBOX, **chosen):
    page = client.get(address, chosen)
    assert page.status_code == 200
    return [case.label for case in page.context["page"].rows]


def test_serious_first_then_oldest(town, as_):
    first, second, third = make_incidents(town.bodies["care-north"], 3)
    type(third).objects.filter(pk=third.pk).update(serious=True)
    assert shown(as_("unit_manager")) == [third.label, first.label, second.label]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("unit_manager", {"care-north"}),
        ("head", {"care-north", "care-south"}),
        ("safety_coordinator", {"care-north", "care-south", "school-unit"}),
        ("safety_representative", {"care-north"}),
        ("other_manager", {"school-unit"}),
        ("employee", set()),
        ("committee_chair", set()),
    ],
)
def test_each_sees_the_cases_of_their_part(town, other_town, as_, role, expected):
    for key in ("care-north", "care-south", "school-unit"):
        make_incidents(town.bodies[key], 1)
    make_incidents(other_town.bodies["care-north"], 1)
    rows = as_(role).get(INBOX).context["page"].rows
    assert {case.body.key for case in rows} == expected
    assert all(case.municipality_id == town.municipality.pk for case in rows)


def test_one_s_own_reports_stand_on_their_own_page(town, as_):
    own = report(town, by="other_manager", at="care-north")
    report(town)
    assert shown(as_("other_manager")) == []
    assert shown(as_("other_manager"), MINE) == [own.label]


def test_a_case_shared_with_me_stands_above_the_others(town, as_):
    """Without manager and head the chief executive answers, whose own seat does not reach the workplace."""
    Appointment.objects.filter(person__in=[town.unit_manager, town.head]).update(valid_to=clock.today())
    incident = report(town)
    assert incident.label in as_("chief_executive").get(INBOX).content.decode()
    assert incident.label not in as_("chief_executive").get(INBOX, {"kind": "fire"}).content.decode()
    assert incident.label in [item.title for item in work_for(town.chief_executive)][0]
    assert incident.label not in as_("board_chair").get(INBOX).content.decode()


def test_mine_holds_nobody_elses(town, as_):
    report(town)
    assert shown(as_("unit_manager"), MINE) == []
    assert "page" in as_("unit_manager").get(MINE).context


class TestFilter:
    @pytest.fixture
    def cases(self, town):
        today = clock.today()
        unit, home = town.bodies["care-north"], town.bodies["care-south"]
        long_ago = today.replace(year=today.year - 1, month=6, day=1)
        return {
            "threat": make_incidents(unit, 1)[0].label,
            "fire": make_incidents(unit, 1, kind=IncidentKind.FIRE, state=IncidentState.READ)[0].label,
            "closed": make_incidents(unit, 1, state=IncidentState.CLOSED)[0].label,
            "elsewhere": make_incidents(home, 1)[0].label,
            "before": make_incidents(unit, 1, occurred_on=long_ago)[0].label,
        }

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            ({}, {"threat", "fire", "elsewhere", "before"}),
            ({"state": "all"}, {"threat", "fire", "closed", "elsewhere", "before"}),
            ({"state": "closed"}, {"closed"}),
            ({"state": "read"}, {"fire"}),
            ({"kind": "fire"}, {"fire"}),
            ({"kind": "fire", "state": "closed"}, set()),
            ({"state": "nonsense", "kind": "nonsense", "body": "nonsense", "year": "nonsense"},
             {"threat", "fire", "elsewhere", "before"}),
        ],
    )  # fmt: skip
    def test_state_and_kind(self, as_, cases, chosen, expected):
        assert set(shown(as_("head"), **chosen)) == {cases[name] for name in expected}

    def test_body_holds_what_lies_below(self, town, as_, cases):
        client = as_("head")
        assert set(shown(client, body=town.bodies["care-south"].public_id)) == {cases["elsewhere"]}
        assert len(shown(client, body=town.bodies["care-dept"].public_id)) == 4

    def test_a_body_that_one_does_not_see_is_left_out_of_account(self, town, as_, cases):
        assert len(shown(as_("unit_manager"), body=town.bodies["school-unit"].public_id)) == 3

    def test_year_is_when_it_happened(self, as_, cases):
        year = clock.today().year - 1
        assert shown(as_("head"), year=str(year)) == [cases["before"]]

    def test_the_count_is_that_of_the_filter(self, as_, cases):
        assert as_("head").get(INBOX, {"state": "closed"}).context["count"] == 1

    def test_of_many_bodies_only_those_that_hold_others_are_offered(self, town, as_):
        Body.objects.bulk_create(
            Body(municipality=town.municipality, kind="unit", name=f"Enhet {n}", key=f"e-{n}") for n in range(200)
        )
        unit = Body.objects.get(key="e-7", municipality=town.municipality)
        client = as_("safety_coordinator")
        offered = dict(client.get(INBOX).context["filter"].fields["body"].widget.choices)
        assert town.bodies["care"].name in offered.values()
        assert unit.name not in offered.values()
        chosen = dict(client.get(INBOX, {"body": unit.public_id}).context["filter"].fields["body"].widget.choices)
        assert unit.name in chosen.values()


class TestPages:
    def test_every_case_once_and_back_again(self, town, as_):
        made = [case.label for case in make_incidents(town.bodies["care-north"], 60)]
        client = as_("unit_manager")
        page = client.get(INBOX, {"state": "new"})
        seen = [case.label for case in page.context["page"].rows]
        while page.context["older_url"]:
            assert "state=new" in page.context["older_url"]
            page = client.get(INBOX + page.context["older_url"])
            seen += [case.label for case in page.context["page"].rows]
        assert seen == made
        back = client.get(INBOX + page.context["newer_url"])
        assert [case.label for case in back.context["page"].rows] == made[25:50]

    def test_serious_ones_are_passed_on_the_way(self, town, as_):
        serious = make_incidents(town.bodies["care-north"], 26, serious=True)
        other = make_incidents(town.bodies["care-north"], 3)
        client = as_("unit_manager")
        second = client.get(INBOX + client.get(INBOX).context["older_url"])
        assert [case.label for case in second.context["page"].rows] == [serious[-1].label, *(c.label for c in other)]

    def test_a_cursor_that_is_not_ours_gives_the_first_page(self, town, as_):
        make_incidents(town.bodies["care-north"], 30)
        assert len(shown(as_("unit_manager"), page="forged")) == 25


def explained(rows, cursor):
    """How PostgreSQL would read a page, if the list were too long to be read whole or sorted."""
    with CaptureQueriesContext(connection) as asked:
        keyset_page(rows, order=inbox.OLDEST_FIRST, cursor=cursor, size=10)
    with connection.cursor() as database:
        for way in ("seqscan", "bitmapscan", "sort"):
            database.execute(f"SET LOCAL enable_{way} = off")
        database.execute(f"EXPLAIN {asked.captured_queries[0]['sql']}")
        return "\n".join(line for (line,) in database.fetchall())


@pytest.mark.parametrize("index", ["incidents_oldest_first", "incidents_open_oldest_first"])
def test_a_page_far_down_begins_at_its_place_in_the_index(town, index):
    if not is_postgres():
        pytest.skip("the plan is PostgreSQL's")
    make_incidents(town.bodies["care-north"], 30)
    cases = inbox.by_seat(town.safety_coordinator).ranked()
    rows = cases if index == "incidents_oldest_first" else cases.open()
    first = keyset_page(rows, order=inbox.OLDEST_FIRST, size=10)
    plan = explained(rows, first.older_cursor)
    assert index in plan
    assert re.search(r"Index Cond: .*ROW\(CASE WHEN serious THEN 0 ELSE 1 END, reported_at, id\) >", plan)


@pytest.mark.parametrize(
    ("address", "role"), [(INBOX, "safety_coordinator"), (INBOX, "unit_manager"), (MINE, "employee")]
)
def test_as_many_queries_for_1000_cases_as_for_10(town, as_, address, role):
    def cost():
        client = as_(role)
        with CaptureQueriesContext(connection) as spent:
            shown(client, address)
        return len(spent), sum(len(query["sql"]) for query in spent.captured_queries)

    make_incidents(town.bodies["care-north"], 10, reporter=town.employee)
    few, few_bytes = cost()
    make_incidents(town.bodies["care-north"], 990, reporter=town.employee)
    many, many_bytes = cost()
    assert many == few <= MOST_QUERIES
    assert abs(many_bytes - few_bytes) < 50


def test_what_is_overdue_says_so(town, as_):
    yesterday = clock.today() - timedelta(days=1)
    late, closed = make_incidents(town.bodies["care-north"], 2, answer_by=yesterday)
    type(closed).objects.filter(pk=closed.pk).update(state=IncidentState.CLOSED)
    page = as_("unit_manager").get(INBOX, {"state": "all"}).content.decode()
    assert page.count("tp-tag--late") == 1
    assert late.answer_is_late


def test_an_empty_inbox_says_so(town, as_):
    assert "tp-empty" in as_("unit_manager").get(INBOX).content.decode()
    assert "tp-empty" in as_("unit_manager").get(INBOX, {"kind": "fire"}).content.decode()


class TestWhoHasIt:
    @pytest.fixture
    def cases(self, town):
        mine, theirs, opened = report(town), report(town, at="care-south"), read(report(town), town.unit_manager)
        nobodys = make_incidents(town.bodies["care-north"], 1, serious=True)[0]
        return {"mine": mine, "theirs": theirs, "opened": opened, "nobodys": nobodys}

    @pytest.mark.parametrize(
        ("role", "chosen", "expected"),
        [
            ("unit_manager", {"who": "mine"}, {"mine", "opened"}),
            ("head", {"who": "mine"}, {"theirs"}),
            ("head", {"who": "nobody"}, {"nobodys"}),
            ("head", {"only": "unopened"}, {"mine", "theirs"}),
            ("head", {"only": "serious"}, {"nobodys"}),
            ("unit_manager", {"who": "mine", "only": "unopened"}, {"mine"}),
            ("head", {"who": "nonsense", "only": "nonsense"}, {"mine", "theirs", "opened", "nobodys"}),
        ],
    )
    def test_filters(self, as_, cases, role, chosen, expected):
        assert set(shown(as_(role), **chosen)) == {cases[name].label for name in expected}

    def test_overdue(self, town, as_, cases):
        type(cases["mine"]).objects.filter(pk=cases["mine"].pk).update(answer_by=clock.today() - timedelta(days=1))
        closed = make_incidents(town.bodies["care-north"], 1, answer_by=clock.today() - timedelta(days=1))[0]
        type(closed).objects.filter(pk=closed.pk).update(state=IncidentState.CLOSED)
        assert shown(as_("head"), only="late", state="all") == [cases["mine"].label]

    def test_told_to_those_who_handle_it(self, town, as_, cases):
        page = as_("head").get(INBOX)
        rows = {case.label: (case.handler_name, case.opened_at is not None) for case in page.context["page"].rows}
        assert rows[cases["mine"].label] == (town.unit_manager.name, False)
        assert rows[cases["opened"].label] == (town.unit_manager.name, True)
        assert rows[cases["nobodys"].label] == (None, False)
        assert town.unit_manager.name in page.content.decode()

    @pytest.mark.parametrize("role", ["safety_coordinator", "safety_representative", "unit_ombud"])
    def test_and_to_nobody_else_since_it_may_tell_who_reported(self, town, as_, role):
        own = report(town, by="unit_manager")
        page = as_(role).get(INBOX)
        assert own.label in page.content.decode()
        assert town.head.name not in page.content.decode()
        assert {case.handler_name for case in page.context["page"].rows} == {""}

    def test_control_the_condition_is_what_hides_it(self, town, as_, monkeypatch):
        report(town, by="unit_manager")
        monkeypatch.setattr(inbox, "HANDLE_INCIDENT", "incidents.view_incident")
        assert town.head.name in as_("safety_coordinator").get(INBOX).content.decode()

    @pytest.fixture
    def elsewhere(self, town):
        """A case that the unit manager sees, as ombud of another unit, and does not handle."""
        appoint(town.unit_manager, make_seat(town.bodies["school-unit"], SeatKind.UNIT_OMBUD, key="second-ombud"))
        return report(town, at="school-unit")

    def test_of_two_seats_each_tells_of_its_own_cases(self, town, as_, elsewhere):
        mine = report(town)
        page = as_("unit_manager").get(INBOX)
        names = {case.label: case.handler_name for case in page.context["page"].rows}
        assert names == {mine.label: town.unit_manager.name, elsewhere.label: ""}
        assert town.other_manager.name not in page.content.decode()

    def test_control_that_not_all_that_is_seen_is_handled_hides_it(self, town, as_, elsewhere, monkeypatch):
        monkeypatch.setattr(inbox, "handles_all_seen", lambda _scope: True)
        assert town.other_manager.name in as_("unit_manager").get(INBOX).content.decode()

    @pytest.mark.parametrize(
        ("codenames", "told"), [(["view_incident"], False), (["view_incident", "handle_incident"], True)]
    )
    def test_a_shared_case_tells_it_to_whoever_may_handle_it(self, town, as_, codenames, told):
        mine, theirs = report(town), report(town, at="school-unit")
        for codename in codenames:
            IncidentGrant.objects.create(
                content_object=theirs,
                user=town.unit_manager,
                permission=Permission.objects.get(codename=codename, content_type__app_label="incidents"),
                reason="Same visitor",
                given_by=town.other_manager,
                valid_from=clock.today(),
                valid_to=clock.today() + timedelta(days=1),
            )
        page = as_("unit_manager").get(INBOX)
        assert [case.handler_name for case in page.context["page"].rows] == [town.unit_manager.name]
        assert [case.label for case in page.context["groups"][0][1]] == [theirs.label]
        assert mine.label in page.content.decode()
        assert (town.other_manager.name in page.content.decode()) is told


class TestFiles:
    def rows(self, client, **chosen):
        response = client.get("/incidents/cases.csv", chosen)
        lines = b"".join(response.streaming_content).decode().lstrip("\ufeff").splitlines()
        return list(csv.reader(lines, delimiter=";"))

    def test_the_filtered_list_without_text_or_names(self, town, as_):
        told = report(town, text="En stol flög.")
        make_incidents(town.bodies["care-north"], 1, kind=IncidentKind.FIRE)
        header, *rows = self.rows(as_("unit_manager"), kind="threat")
        assert [row[0] for row in rows] == [told.label]
        assert len(header) == len(rows[0])
        assert "En stol flög." not in str(rows)
        assert town.employee.name not in str(rows)
        assert town.unit_manager.name not in str(rows)

    def test_the_same_rows_as_an_excel_file(self, town, as_):
        make_incidents(town.bodies["care-north"], 30)
        response = as_("unit_manager").get("/incidents/cases.xlsx")
        sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert len(rows) == 31
        assert rows[1][0] == self.rows(as_("unit_manager"))[1][0]

    def test_no_cell_is_a_formula(self, town, as_):
        Body.objects.filter(pk=town.bodies["care-north"].pk).update(name='=HYPERLINK("http://example.com")')
        make_incidents(town.bodies["care-north"], 1)
        assert self.rows(as_("unit_manager"))[1][2].startswith("'=")
        response = as_("unit_manager").get("/incidents/cases.xlsx")
        cell = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active["C2"]
        assert cell.data_type == "s"
        assert cell.value.startswith("'=")

    def test_what_is_kept_from_somebody_is_not_in_their_file(self, town, as_):
        hidden = report(town, keep_from_manager=True)
        assert hidden.label not in str(self.rows(as_("unit_manager")))
        assert hidden.label in str(self.rows(as_("head")))

    @pytest.mark.parametrize("address", ["/incidents/cases.csv", "/incidents/cases.xlsx"])
    def test_not_for_people_from_outside(self, as_, address):
        assert as_("outside_member").get(address).status_code == 403


def test_my_work_holds_what_i_answer_and_not_what_i_reported(town):
    theirs, own = report(town), report(town, by="unit_manager")
    titles = [item.title for item in work_for(town.unit_manager)]
    assert any(theirs.label in title for title in titles)
    assert not any(own.label in title for title in titles)
    read(theirs, town.unit_manager)
    assert any(theirs.label in item.title for item in work_for(town.unit_manager))
    assert not any(theirs.label in item.title for item in work_for(town.safety_coordinator))
