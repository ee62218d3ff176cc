"""The bench measures every page there is, and what it says of a measurement is right."""

import ast
import csv

import pytest
from django.urls import reverse

from bench import inbox, measure, workloads
from scripts.steps import ROOT

# GET pages that are not measured against F, each with its reason.
NOT_MEASURED = {
    "incidents:notices": "the few duties of one case, which the case's page shows too",
    "incidents:fund": "a page of few entries: some a year",
    "incidents:fund_csv": "a small file",
    **dict.fromkeys(("accessibility", "privacy", "whistleblowing", "help", "gallery", "livez", "readyz"), "no data"),
    **dict.fromkeys(("account", "admin", "mfa", "openid_connect", "saml"), "another project's page"),
    **dict.fromkeys(("my_account", "my_sessions", "organisation:filters"), "one person's few rows"),
    **dict.fromkeys(
        ("incidents:retention", "incidents:disposals", "incidents:disposal", "incidents:disposal_log"),
        "opened a few times a year; pages by keyset like every other list",
    ),
    **dict.fromkeys(("incidents:disposal_keep", "incidents:disposal_decide"), "a form beside one proposal"),
    **dict.fromkeys(
        ("incidents:enter", "incidents:entered", "incidents:import_mapping"), "a form or a receipt beside one thing"
    ),
    **dict.fromkeys(
        ("incidents:enter_where", "incidents:imports", "incidents:import", "incidents:import_errors"),
        "opened seldom; pages by keyset, and shows what was kept of one run",
    ),
    "incidents:enter_paper": "lays out one sheet",
    "incidents:disposal_package": "sends a file that is there",
    "incidents:export_csv": "the filtered inbox, read in pieces; as long as the list is",
    "incidents:export_xlsx": "the filtered inbox, read in pieces; as long as the list is",
    "organisation:login": "opened a few times a year; counts every appointment of the municipality",
    **dict.fromkeys(("followup:pdf",), "sends a file that is there"),
    **dict.fromkeys(("organisation:import_errors", "organisation:import_template"), "a small file"),
    "organisation:import": "shows what was kept of one run, the first rows of each kind",
    "organisation:handover": "the hand-over that the person's page shows too",
    **dict.fromkeys(
        ("organisation:person_new", "organisation:person_edit", "organisation:person_end", "organisation:person_back"),
        "a form beside one person",
    ),
    **dict.fromkeys(
        (
            "organisation:seat_type",
            "organisation:seat_type_new",
            "organisation:appoint",
            "organisation:appointment_end",
            "organisation:absence",
            "organisation:absence_end",
            "organisation:seat_needed",
            "organisation:body_new",
            "organisation:reorganise",
            "organisation:rename",
            "organisation:move",
            "organisation:merge",
            "organisation:split",
            "organisation:close",
            "organisation:mandate_new",
            "organisation:mandate_area",
            "organisation:mandate_end",
            "organisation:request_new",
            "organisation:request_answer",
            "organisation:request_refer",
            "organisation:request_withdraw",
            "organisation:stop_new",
            "organisation:stop_authority",
            "organisation:stop_lift",
            "organisation:group_member_new",
            "organisation:group_outside_new",
            "organisation:group_member_end",
            "organisation:assignment_new",
            "organisation:assignment_edit",
            "organisation:assignment_done",
            "organisation:group_meeting_new",
            "organisation:group_meeting_edit",
            "organisation:group_action_done",
            "organisation:matter_new",
            "organisation:matter_note",
            "organisation:matter_take_over",
            "organisation:matter_add_body",
            "organisation:matter_close",
            "organisation:matter_reopen",
            "actionplans:from_action",
            "incidents:share",
            "incidents:outcome",
            "incidents:answers",
            "incidents:aware",
            "incidents:notice_decide",
            "incidents:notice_done",
            "incidents:notice_receipt",
            "incidents:damage",
            "incidents:claim_new",
            "incidents:claim",
            "incidents:claim_pay",
            "incidents:fund_entry",
            "incidents:hand_over",
            "incidents:merge",
            "incidents:again",
            "incidents:messages",
            "incidents:tasks",
            "incidents:support",
            "incidents:escalation",
            "incidents:precautions",
            "incidents:investigation",
            "organisation:filter_new",
            "actionplans:share",
        ),
        "a form beside one row",
    ),
    "incidents:files": "the twenty files of one case at most",
    "incidents:file": "sends a file that is there",
    **dict.fromkeys(
        (
            "incidents:secrecy",
            "incidents:disclosures",
            "incidents:disclosure_new",
            "incidents:purge",
            "incidents:purge_ask",
            "incidents:case_readings",
            "incidents:case_register",
        ),
        "what stands beside one case",
    ),
    "incidents:disclosure_file": "laid out by WeasyPrint once, then a file that is there",
    "incidents:readings": "one officer's list, read by an index of its own",
    "incidents:protection": "the portal described for one officer, some times a year",
    **dict.fromkeys(
        (
            "incidents:person_exports",
            "incidents:person_export",
            "incidents:person_export_json",
            "incidents:person_export_pdf",
        ),
        "few rows, how far a job is, its file",
    ),
    **dict.fromkeys(("organisation:chart_paper", "organisation:chart_file"), "tells how far a job is, sends its file"),
    **dict.fromkeys(("report:code", "report:offline", "report:worker"), "no data"),
    **dict.fromkeys(("report:status", "report:withdraw", "incidents:told"), "one report's few rows"),
    **dict.fromkeys(
        ("report:receipt_pdf", "incidents:poster_a4", "incidents:poster_a6"), "one sheet, laid out by WeasyPrint"
    ),
    **dict.fromkeys(("incidents:posters", "incidents:poster"), "opened a few times a year; by keyset"),
    "organisation:request_pdf": "laid out by WeasyPrint, as the yearly report is",
    **dict.fromkeys(("report:receipt", "risks:level", "risks:edit", "risks:close", "risks:reopen"), "as small as F"),
    **dict.fromkeys(
        (
            "actionplans:version",
            "actionplans:new",
            "actionplans:edit",
            "actionplans:submit",
            "actionplans:withdraw",
            "actionplans:decide",
            "actionplans:minutes",
            "actionplans:correct",
            "actionplans:measure_add",
            "actionplans:measure_edit",
            "actionplans:measure_remove",
            "actionplans:measure_progress",
        ),
        "a form beside one plan, or the plan's own paper again",
    ),
}


def pages_of_the_access_matrix() -> set[str]:
    with (ROOT / "tests" / "access" / "expectations.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["url"] for row in rows if row["method"] == "GET"}


def test_every_page_is_measured_or_has_a_reason() -> None:
    measured = {page.view for page in (*workloads.PAGES, *inbox.PAGES)}
    assert measured | NOT_MEASURED.keys() == pages_of_the_access_matrix()
    assert not measured & NOT_MEASURED.keys()


@pytest.mark.parametrize("view", [page.view for page in workloads.PAGES if page.is_list])
def test_each_list_has_an_address(view: str) -> None:
    assert reverse(view).startswith("/")


@pytest.mark.parametrize(
    ("words", "alone"), [(["case inbox"], True), (["case inbox", "risk list"], False), (["submission"], False)]
)
def test_only_what_reads_cases_alone_is_measured_in_a_city_of_cases(words: list[str], alone: bool) -> None:
    chosen = [workload for _name, workload in workloads.named(words)]
    assert chosen
    assert all(workload in workloads.CASES_ALONE for workload in chosen) is alone


def test_the_program_is_valid_python() -> None:
    tree = ast.parse((ROOT / "bench" / "run.py").read_text(encoding="utf-8"))
    assert any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def test_ratios_are_taken_in_turn_after_one_run_that_is_not_counted() -> None:
    order: list[str] = []

    def clock(action: measure.Action) -> float:
        action()
        return 6.0 if order[-1] == "measured" else 2.0

    found = measure.ratios(lambda: order.append("measured"), lambda: order.append("floor"), runs=4, clock=clock)
    assert found == [3.0] * 4
    assert order == ["measured", "floor"] * 5


@pytest.mark.parametrize(
    ("found", "at_most", "met"), [([1.0, 2.0, 9.0], 2, True), ([1.0, 2.1, 9.0], 2, False), ([99.0], None, True)]
)
def test_the_median_decides_and_no_target_is_always_met(found: list[float], at_most: float | None, met: bool) -> None:
    result = measure.result("a page", 1, found, at_most=at_most, unit="F")
    assert result.met is met
    assert result.target == ("–" if at_most is None else "≤ 2 F")
    assert set(result.as_json()) >= {"workload", "scale", "ratio_median", "ratio_p95", "queries", "sql_bytes", "met"}


def test_one_query_too_many_misses_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "sql_of", lambda _action: (13, 1000))
    assert not measure.result("a list", 1, [1.0], at_most=3, queries=12, asked=lambda: None).met
