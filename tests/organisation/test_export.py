"""A list as CSV opens in a spreadsheet, and nothing in it is run."""

import csv
import io

import pytest

from organisation.export import DELIMITER, csv_response, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x.example";"klicka")',
        "+46 8 123",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "\n=1+1",
        "-",
        "=1",
        "-1e5",
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-12, "-12", "+3,5", "-0.5", 0, "Hot i receptionen", "a=b", "12-14", "", "'="])
def test_numbers_and_plain_text_stay_as_they_are(value):
    assert safe_cell(value) == str(value)


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


def test_the_file_reads_back_as_it_was_written():
    rows = [["Ängsgläntan", 'med "citat"; och\nny rad', -3, None], ["=1+1", "", "x", "y"]]
    response = csv_response("risker.csv", ["a", "b", "c", "d"], iter(rows))
    text = response.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    assert response["Content-Disposition"] == 'attachment; filename="risker.csv"'
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=DELIMITER))
    assert read == [
        ["a", "b", "c", "d"],
        ["Ängsgläntan", 'med "citat"; och\nny rad', "-3", ""],
        ["'=1+1", "", "x", "y"],
    ]


def test_rows_are_sent_as_they_are_read():
    def rows():
        yield ["first"]
        raise RuntimeError("the second is never asked for")

    parts = iter(csv_response("x.csv", ["a"], rows()).streaming_content)
    assert [next(parts), next(parts)] == ["\ufeffa\r\n".encode(), b"first\r\n"]
