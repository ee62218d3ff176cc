"""The columns of each file: what they are called in Swedish and English, and which must be there.

``docs/import.md`` tells the same to whoever makes the files.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    """What a file holds; in the order in which they are read and written."""

    BODIES = "bodies", _("bodies")
    PEOPLE = "people", _("people")
    SEATS = "seats", _("seats")
    HEADCOUNTS = "headcounts", _("headcounts")


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading in each language, other headings for it, whether it must be there."""

    key: str
    swedish: str
    english: str
    also: tuple[str, ...] = ()
    needed: bool = False

    @property
    def heading(self) -> str:
        """What the column is called in the language of the moment."""
        return self.swedish if get_language() == "sv" else self.english

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the column may be called."""
        return (self.key, self.swedish, self.english, *self.also)


FIRST_DAY = Column("first_day", "första dag", "first day", ("från", "from", "fr.o.m."))
# Both inclusive, as staff lists have it; the portal's own periods end the day after.
LAST_DAY = Column("last_day", "sista dag", "last day", ("till", "to", "t.o.m.", "till och med"))
BODY = Column("body", "enhet", "body", ("organ", "unit", "nyckel", "key"), needed=True)
PERSONNEL_ID = Column(
    "personnel_id", "anställningsnummer", "personnel id", ("anställningsid", "personal-id", "employee id")
)
EMAIL = Column("email", "e-post", "e-mail", ("epost", "mejl", "email", "e-postadress"))
DECISION = Column("decision", "beslut", "decision")

COLUMNS: Mapping[FileKind, tuple[Column, ...]] = {
    FileKind.BODIES: (
        Column("key", "nyckel", "key", ("id",), needed=True),
        Column("name", "namn", "name", needed=True),
        Column("kind", "slag", "kind", ("typ", "type"), needed=True),
        Column("parent", "överordnad", "parent", ("under",), needed=True),
        FIRST_DAY,
        LAST_DAY,
        Column("successor", "efterträdare", "successor"),
        DECISION,
    ),
    FileKind.PEOPLE: (
        Column(PERSONNEL_ID.key, PERSONNEL_ID.swedish, PERSONNEL_ID.english, PERSONNEL_ID.also, needed=True),
        Column("name", "namn", "name", needed=True),
        Column(EMAIL.key, EMAIL.swedish, EMAIL.english, EMAIL.also, needed=True),
        Column("body", "enhet", "unit", ("organ", "body")),
        FIRST_DAY,
        LAST_DAY,
    ),
    FileKind.SEATS: (
        PERSONNEL_ID,
        EMAIL,
        Column("seat_type", "uppdragstyp", "seat type", ("uppdrag", "seat"), needed=True),
        BODY,
        FIRST_DAY,
        LAST_DAY,
        Column("deputy", "ersättare", "deputy"),
        DECISION,
    ),
    FileKind.HEADCOUNTS: (
        BODY,
        Column("counted_on", "datum", "date", needed=True),
        Column("employees", "anställda", "employees", ("antal", "antal anställda", "headcount"), needed=True),
    ),
}


def plain(heading: str) -> str:
    """Return a heading as it is compared: letters and digits alone, in lower case."""
    folded = unicodedata.normalize("NFC", heading).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def columns_by_name(kind: FileKind) -> dict[str, Column]:
    """Return every name of the file's columns, as it is compared, with its column."""
    return {plain(name): column for column in COLUMNS[kind] for name in column.names}
