"""What is told of anything wrong in a CSV file, whatever it holds: where, what is wrong, and what would be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Code → what is wrong, what would be right.
Words = dict[str, tuple[Promise | str, Promise | str]]

OF_ANY_FILE: Words = {
    "too_large": (_("The file is larger than %(limit)s MB."), _("Split it, or leave out columns that are not used.")),
    "not_text": (_("The file is not text: it holds a null character."), _("Save it as CSV from your spreadsheet.")),
    "undecodable": (_("The file is written in neither UTF-8 nor Windows-1252."), _("Save it as CSV UTF-8.")),
    "unreadable": (_("The line can't be read as CSV."), _("Check the quotation marks.")),
    "missing": (_("The cell is empty."), _("Fill it in.")),
    "too_long": (_("The text is %(length)s characters long."), _("Write at most %(limit)s.")),
    "not_yes_or_no": (_("“%(value)s” is neither yes nor no."), _("Write ja, nej, or nothing.")),
}
# So much of a cell is repeated in what is said of it.
MOST_REPEATED = 40


@dataclass(frozen=True)
class FileProblem:
    """One thing that is wrong: its line (1 is that of the headings), the column as the file calls it, and a code.

    Kept by its code and told in the reader's language, by the ``words`` of each kind of file.
    """

    words: ClassVar[Words] = OF_ANY_FILE

    line: int
    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is wrong."""
        return str(self.words[self.code][0]) % self.values

    @property
    def fix(self) -> str:
        """What would be right."""
        return str(self.words[self.code][1]) % self.values

    def as_json(self) -> list[Any]:
        """Return the problem for a JSON column."""
        return [self.line, self.column, self.code, dict(self.values)]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Self:
        """Return the problem that ``as_json`` gave."""
        line, column, code, values = kept
        return cls(line, column, code, values)
