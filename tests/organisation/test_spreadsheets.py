"""A list as an Excel file: numbers stay numbers, and nothing in it is run."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from organisation import spreadsheets
from organisation.spreadsheets import xlsx_response


def cells(response):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(response.getvalue())).active.iter_rows()]


def values(response):
    return [[cell.value for cell in row] for row in cells(response)]


FORMULAS = ["=1+1", "+46 8 123", "-2+3", "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "  =1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_is_text(text):
    (_header, (cell,)) = cells(xlsx_response("x.xlsx", ["a"], [[text]]))
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_control_a_cell_that_is_not_made_safe_is_a_formula(monkeypatch):
    monkeypatch.setattr(spreadsheets, "safe_cell", str)
    (_header, (cell,)) = cells(xlsx_response("x.xlsx", ["a"], [["=1+1"]]))
    assert cell.data_type == "f"


def test_numbers_and_days_keep_their_kind():
    row = [-12, 3.5, Decimal("-0.25"), date(2026, 5, 4), None, "Ängsgläntan", True]
    _header, read = values(xlsx_response("x.xlsx", list("abcdefg"), [row]))
    assert read == [-12, 3.5, -0.25, datetime(2026, 5, 4), None, "Ängsgläntan", True]


def test_a_time_is_told_as_the_municipalitys_clock_shows_it():
    _header, (at,) = values(xlsx_response("x.xlsx", ["at"], [[datetime(2026, 5, 4, 12, 0, tzinfo=UTC)]]))
    assert at == datetime(2026, 5, 4, 14, 0)


def test_what_a_sheet_can_not_hold_is_left_out():
    assert values(xlsx_response("x.xlsx", ["a"], [["hot\x00\x0b och våld"]]))[1] == ["hot och våld"]


def test_no_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    assert values(xlsx_response("x.xlsx", ["a"], ([place] for place in range(10)))) == [["a"], [0], [1]]


def test_the_file_is_for_download_under_its_name():
    response = xlsx_response("ärenden.xlsx", ["a"], [])
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == spreadsheets.TYPE
