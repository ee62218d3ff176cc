"""Reads a CSV file as people have it: any usual encoding and separator, Swedish or English headings in any order."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from organisation.people_import.columns import COLUMNS, FileKind, columns_by_name, plain
from organisation.people_import.problems import Problem

LARGEST_MB = 20
LARGEST = LARGEST_MB * 1024 * 1024
SEPARATORS = ";,\t"
# Excel may write the separator on a line of its own before the headings.
TOLD_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ENCODINGS_BY_MARK = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Unreadable(Exception):
    """The file as a whole can't be read: the code of the problem, and its line."""

    def __init__(self, code: str, line: int = 1, **values: object) -> None:
        super().__init__(code)
        self.code, self.line, self.values = code, line, values


@dataclass(slots=True)
class Line:
    """One line of a file: where it stands, and a cell for each column."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """A file that was read: its columns under the headings as typed, its lines, and headings that mean nothing here."""

    kind: FileKind
    places: dict[str, int] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def has(self, column: str) -> bool:
        """Tell whether the file has the column."""
        return column in self.places

    def cell(self, line: Line, column: str) -> str:
        """Return what stands in the column; a column that the file lacks is empty."""
        place = self.places.get(column)
        return "" if place is None else line.cells[place]

    def problem(self, line: int, column: str, code: str, **values: object) -> Problem:
        """Return a problem on the line; the column is named as the file does, else as the portal does."""
        known = {one.key: one.heading for one in COLUMNS[self.kind]}
        heading = self.headings.get(column) or known.get(column, "")
        return Problem(line, heading, code, values, file=self.kind)


def read_table(kind: FileKind, content: bytes, problems: list[Problem]) -> Table:
    """Read the file; what is wrong with it is added to ``problems``. Empty lines are passed over."""
    table = Table(kind)
    try:
        records = records_of(decoded(content))
        width = _take_headings(table, records, problems)
        for number, cells in records:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                _take_line(table, Line(number, stripped), width, problems)
    except Unreadable as wrong:
        problems.append(table.problem(wrong.line, "", wrong.code, **wrong.values))
    return table


def decoded(content: bytes) -> str:
    """Return the text of the file: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.

    Raises ``Unreadable`` for what is no text.
    """
    if len(content) > LARGEST:
        raise Unreadable("too_large", limit=LARGEST_MB)
    if b"\x00" in content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("not_text")
    marked = next((encoding for mark, encoding in ENCODINGS_BY_MARK if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("undecodable")


def records_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) of each record; raises ``Unreadable`` where the quotation marks fail."""
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    told = TOLD_SEPARATOR.fullmatch(first)
    if told is None:
        lines.seek(0)
    before = 1 if told else 0
    reader = csv.reader(lines, delimiter=told[1] if told else _separator(first), strict=True)
    while True:
        number = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable("unreadable", number) from error
        yield number, cells


def _separator(headings: str) -> str:
    """Return the separator that the line of headings has most of; a Swedish spreadsheet writes semicolons."""
    return max(SEPARATORS, key=headings.count)


def _take_headings(table: Table, records: Iterator[tuple[int, list[str]]], problems: list[Problem]) -> int:
    """Note which column stands where; return how many columns the file has. Raises ``Unreadable`` without any."""
    number, headings = next(((number, cells) for number, cells in records if any(map(str.strip, cells))), (1, []))
    known = columns_by_name(table.kind)
    for place, heading in enumerate(map(str.strip, headings)):
        column = known.get(plain(heading))
        if column is None:
            table.unknown += [heading] if heading else []
        elif column.key in table.places:
            problems.append(table.problem(number, column.key, "double_column", other=heading))
        else:
            table.places[column.key], table.headings[column.key] = place, heading
    if not table.places:
        raise Unreadable("empty")
    missing = [column.key for column in COLUMNS[table.kind] if column.needed and not table.has(column.key)]
    problems += [table.problem(number, key, "missing_column") for key in missing]
    if missing:
        # Without it nothing can be said of the lines; they would all be told as wrong.
        table.places.clear()
    return len(headings)


def _take_line(table: Table, line: Line, width: int, problems: list[Problem]) -> None:
    """Add the line to the table, filled up to the width of the headings."""
    if not table.places:
        return
    if any(line.cells[width:]):
        problems.append(table.problem(line.number, "", "too_many_cells", count=len(line.cells), expected=width))
        return
    if CONTROL.search("".join(line.cells)):
        problems.extend(
            table.problem(line.number, column, "control")
            for column, place in table.places.items()
            if place < len(line.cells) and CONTROL.search(line.cells[place])
        )
    line.cells += [""] * (width - len(line.cells))
    table.lines.append(line)
