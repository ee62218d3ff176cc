"""What is wrong with a cell of a file of cases, and what would be right; never what a text says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Code → what is wrong, what would be right.
WORDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "too_large": (_("The file is larger than %(limit)s MB."), _("Split it, or leave out columns that are not used.")),
    "too_many_rows": (
        _("The file has more than %(limit)s rows."),
        _("Split it: the same number is never written twice."),
    ),
    "not_text": (_("The file is not text: it holds a null character."), _("Save it as CSV from your spreadsheet.")),
    "undecodable": (_("The file is written in neither UTF-8 nor Windows-1252."), _("Save it as CSV UTF-8.")),
    "empty": (_("The file has no line of headings, or no row below it."), _("Export it from the other system again.")),
    "unreadable": (_("The line can't be read as CSV."), _("Check the quotation marks.")),
    "no_column": (_("No column is chosen."), _("Choose it under “How the columns are read”.")),
    "gone_column": (_("The file has no column “%(value)s”."), _("Choose another under “How the columns are read”.")),
    "missing": (_("The cell is empty."), _("Fill it in.")),
    "too_long": (_("The text is %(length)s characters long."), _("Write at most %(limit)s.")),
    "not_a_date": (_("“%(value)s” is not a date."), _("Write it as 2026-01-31 or 31.1.2026.")),
    "not_a_time": (_("“%(value)s” is not a time of day."), _("Write it as 14.30 or 14:30.")),
    "not_yes_or_no": (_("“%(value)s” is neither yes nor no."), _("Write ja, nej, or nothing.")),
    "not_a_number": (_("“%(value)s” is not a number."), _("Write a whole number, 0 or more.")),
    "not_kronor": (_("“%(value)s” is not an amount."), _("Write it as 12500 or 12 500,50.")),
    "unknown_word": (_("“%(value)s” is not understood."), _("Say what it means under “How the columns are read”.")),
    "unknown_body": (_("No workplace is called “%(value)s”."), _("Write its key or its name in the portal.")),
    "two_bodies": (_("Several workplaces are called “%(value)s”."), _("Write the key of the one that is meant.")),
    "twice": (_("The number stands on line %(other)s already."), _("Keep one of the lines.")),
    "in_the_future": (_("%(value)s has not come yet."), _("Check the year.")),
    "before_it_happened": (_("The day comes before the day it happened."), _("Check both days.")),
}
# So much of a cell is repeated in what is said of it.
MOST_REPEATED = 40


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its line (1 is that of the headings), the column as the file calls it, and a code."""

    line: int
    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is wrong."""
        return str(WORDS[self.code][0]) % self.values

    @property
    def fix(self) -> str:
        """What would be right."""
        return str(WORDS[self.code][1]) % self.values

    def as_json(self) -> list[Any]:
        """Return the problem for a JSON column."""
        return [self.line, self.column, self.code, dict(self.values)]

    @classmethod
    def from_json(cls, kept: list[Any]) -> "Problem":
        """Return the problem that ``as_json`` gave."""
        line, column, code, values = kept
        return cls(line, column, code, values)
