"""A file of cases as it was read: its headings, and its rows with the number of the line on which each begins."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from incidents.arriving.problems import Problem
from organisation.people_import import LARGEST_MB
from organisation.people_import.reading import Unreadable, decoded, records_of

MOST_ROWS = 20_000


@dataclass
class Sheet:
    """The headings in order, and (line, cells) of each row that says anything."""

    headings: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def place_of(self, heading: str) -> int | None:
        """Return where the column stands; none when the file has no such column."""
        return self.headings.index(heading) if heading in self.headings else None


def read_sheet(content: bytes, problems: list[Problem]) -> Sheet:
    """Read the file in any usual encoding and separator; what is wrong with it as a whole is added to ``problems``."""
    sheet = Sheet()
    try:
        records = _told(records_of(decoded(content)))
        _line, sheet.headings = next(records, (1, []))
        sheet.rows = list(islice(records, MOST_ROWS + 1))
    except Unreadable as wrong:
        problems.append(Problem(wrong.line, "", wrong.code, {"limit": LARGEST_MB}))
        return Sheet()
    if not sheet.rows:
        problems.append(Problem(1, "", "empty"))
    if len(sheet.rows) > MOST_ROWS:
        problems.append(Problem(sheet.rows[-1][0], "", "too_many_rows", {"limit": MOST_ROWS}))
    return sheet


def _told(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in records:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield number, stripped
