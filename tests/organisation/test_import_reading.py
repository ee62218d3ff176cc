"""Files as people have them: encodings, separators, headings, odd cells; and what is said of one that can't be read."""

import pytest

from organisation.people_import.columns import FileKind
from organisation.people_import.problems import WORDS, Problem
from organisation.people_import.reading import LARGEST, Table, read_table

TEXT = "anställningsnummer;namn;e-post;enhet\n17;Åsa Öberg;asa@exempelby.example.se;north\n"


def read(content: bytes, kind: FileKind = FileKind.PEOPLE) -> tuple[Table, list[Problem]]:
    problems: list[Problem] = []
    return read_table(kind, content, problems), problems


def names(content: bytes) -> list[str]:
    table, problems = read(content)
    assert not problems
    return [table.cell(line, "name") for line in table.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_usual_encodings(encoding: str) -> None:
    assert names(TEXT.encode(encoding)) == ["Åsa Öberg"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_usual_separators_and_line_ends(separator: str, line_end: str) -> None:
    assert names(TEXT.replace(";", separator).replace("\n", line_end).encode()) == ["Åsa Öberg"]


def test_a_separator_that_the_file_tells() -> None:
    table, problems = read(b"sep=,\nnamn,e-post,personnel id\nAnna,a@exempelby.example.se,1\n")
    assert not problems
    assert [(line.number, line.cells) for line in table.lines] == [(3, ["Anna", "a@exempelby.example.se", "1"])]


def test_headings_in_english_in_any_order_and_case() -> None:
    table, problems = read(b'E-Mail;UNIT;"Personnel ID";Name\na@exempelby.example.se;north;1;Anna\n')
    assert not problems
    line = table.lines[0]
    assert [table.cell(line, key) for key in ("personnel_id", "name", "email", "body")] == [
        "1",
        "Anna",
        "a@exempelby.example.se",
        "north",
    ]


def test_unknown_columns_are_told_and_left_out() -> None:
    table, problems = read("anställningsnummer;namn;titel;e-post;skonummer\n1;A;Undersköterska;a@b.se;43\n".encode())
    assert not problems
    assert table.unknown == ["titel", "skonummer"]


def test_quoted_cells_empty_lines_and_short_lines() -> None:
    text = 'anställningsnummer;namn;e-post;enhet\n\n;;;\n1;"Berg; ""Bengt"" =1+1";b@b.se\n'
    table, problems = read(text.encode())
    assert not problems
    assert [(line.number, line.cells) for line in table.lines] == [(4, ["1", 'Berg; "Bengt" =1+1', "b@b.se", ""])]


def test_a_formula_is_text_like_any_other() -> None:
    assert names(TEXT.replace("Åsa Öberg", '"=HYPERLINK(""http://x"")"').encode()) == ['=HYPERLINK("http://x")']


def test_a_cell_over_two_lines_keeps_the_line_numbers_right() -> None:
    table, problems = read('anställningsnummer;namn;e-post\n1;"två\nrader";a@b.se\n2;En;b@b.se\n'.encode())
    assert [(one.line, one.column, one.code) for one in problems] == [(2, "namn", "control")]
    assert [line.number for line in table.lines] == [2, 4]


@pytest.mark.parametrize(
    ("content", "line", "column", "code"),
    [
        (b"", 1, "", "empty"),
        (b"\n\n", 1, "", "empty"),
        (b"fri text utan rubriker\n", 1, "", "empty"),
        (b"namn;e-post\nA;b@b.se\n", 1, "anställningsnummer", "missing_column"),
        ("namn;name;e-post;anställningsnummer\n".encode(), 1, "namn", "double_column"),
        (TEXT.encode() + b"1;2;3;4;5\n", 3, "", "too_many_cells"),
        (TEXT.encode() + b'1;"A" B;c@b.se\n', 3, "", "unreadable"),
        (TEXT.encode() + b'1;"A', 3, "", "unreadable"),
        (TEXT.encode() + b"1;A\x00B;c@b.se\n", 1, "", "not_text"),
        (b"PK\x03\x04" + bytes(range(256)), 1, "", "not_text"),
        (b"namn;e-post\n\x81\x8d\n", 1, "", "undecodable"),
        (TEXT.encode() + b"1;A\x07;c@b.se;\n", 3, "namn", "control"),
        (b"x" * (LARGEST + 1), 1, "", "too_large"),
    ],
)
def test_what_can_not_be_read_is_told(content: bytes, line: int, column: str, code: str) -> None:
    _table, problems = read(content)
    assert (line, column, code) in [(one.line, one.column, one.code) for one in problems]


def test_without_a_needed_column_nothing_is_said_of_the_lines() -> None:
    table, problems = read(b"namn;e-post\nA;b@b.se\nB;\n")
    assert [one.code for one in problems] == ["missing_column"]
    assert not table.lines


def test_every_problem_has_words_for_what_is_wrong_and_what_is_right() -> None:
    anything = dict.fromkeys(
        (
            *("limit", "other", "count", "expected", "length", "value", "kind", "parent_kind", "allowed", "day"),
            *("before", "after", "person", "known", "seat", "period", "why"),
        ),
        "x",
    )
    for code in WORDS:
        problem = Problem(2, "namn", code, anything, file=FileKind.PEOPLE)
        assert problem.text
        assert problem.fix
        assert Problem.from_json(problem.as_json()) == problem
