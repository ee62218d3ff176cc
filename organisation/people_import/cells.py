"""Reads single cells: days, keys, addresses, yes and no; what is wrong with one is added to the file's problems."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import translation

from organisation.models import BodyKind
from organisation.people_import.columns import plain
from organisation.people_import.problems import Problem
from organisation.people_import.reading import Line, Table
from organisation.people_import.telling import MOST_REPEATED

T = TypeVar("T")

A_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
A_KEY = re.compile(r"[\w.\-]+")
# With its century, or with its sign before the last four: what no staff system uses as personnel id by chance.
A_PERSONAL_NUMBER = re.compile(r"(19|20)\d{6}[-+]?\d{4}|\d{6}[-+]\d{4}")
# Nearly every address there is; what looks otherwise is put to Django's slower rules.
A_USUAL_ADDRESS = re.compile(r"[a-z0-9_%+\-]+(\.[a-z0-9_%+\-]+)*@([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,63}")
YES = frozenset({"ja", "j", "yes", "y", "1", "x", "sant", "true"})
NO = frozenset({"", "nej", "n", "no", "0", "falskt", "false"})

_is_email = EmailValidator()


class Cells:
    """The cells of one line; each question answers with the value, or tells the problem and answers with none."""

    def __init__(self, table: Table, line: Line, problems: list[Problem]) -> None:
        self.table, self.line, self.problems = table, line, problems
        self.sound = True

    def wrong(self, column: str, code: str, **values: object) -> None:
        """Tell a problem with the column."""
        self.problems.append(self.table.problem(self.line.number, column, code, **values))
        self.sound = False

    def text(self, column: str, *, limit: int, needed: bool = False) -> str:
        """Return the text of the column, with single spaces."""
        text = " ".join(self.table.cell(self.line, column).split())
        if needed and not text:
            self.wrong(column, "missing")
        if len(text) > limit:
            self.wrong(column, "too_long", length=len(text), limit=limit)
        return text

    def key(self, column: str, *, needed: bool = False) -> str:
        """Return a key, such as that of a body."""
        key = self.text(column, limit=100, needed=needed)
        if key and not A_KEY.fullmatch(key):
            self.wrong(column, "bad_key", value=key)
        return key

    def day(self, column: str) -> date | None:
        """Return the day, none when the cell is empty."""
        return self._read(column, _day, "not_a_date")

    def period(self) -> tuple[date | None, date | None]:
        """Return first day and the day after the last: the portal's half-open period."""
        first, last = self.day("first_day"), self.day("last_day")
        if first and last and last < first:
            self.wrong("last_day", "ends_before")
        return first, last + timedelta(days=1) if last else None

    def yes(self, column: str) -> bool:
        """Return whether the cell says yes."""
        return bool(self._read(column, _yes, "not_yes_or_no"))

    def number(self, column: str) -> int | None:
        """Return a number of people."""
        if not self.text(column, limit=100, needed=True):
            return None
        return self._read(column, _number, "not_a_number")

    def email(self, column: str, *, needed: bool = False) -> str:
        """Return the e-mail address in lower case."""
        email = self.text(column, limit=254, needed=needed).lower()
        if email and not _good_email(email):
            self.wrong(column, "not_an_email", value=email)
        return email

    def personnel_id(self, column: str, *, needed: bool = False) -> str:
        """Return the personnel id; never a personal identity number."""
        number = self.text(column, limit=100, needed=needed)
        if A_PERSONAL_NUMBER.fullmatch(number):
            self.wrong(column, "personal_number")
        return number

    def kind(self, column: str) -> BodyKind | None:
        """Return the kind of body, none when the cell is empty; its word in any language of the portal is read."""
        word = self.text(column, limit=100)
        if not word:
            return None
        found = kinds_by_word().get(plain(word))
        if found is None:
            self.wrong(column, "unknown_kind", value=word, known=", ".join(str(kind.label) for kind in BodyKind))
        return found

    def _read(self, column: str, read: Callable[[str], T], code: str) -> T | None:
        text = self.table.cell(self.line, column)
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.wrong(column, code, value=text[:MOST_REPEATED])
            return None


def _day(text: str) -> date:
    matched = A_DAY.fullmatch(text)
    if matched is None:
        raise ValueError(text)
    year, month, day = map(int, matched.groups())
    return date(year, month, day)


def _yes(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError(text)
    return word in YES


def _number(text: str) -> int:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 8):
        raise ValueError(text)
    return int(digits)


def _good_email(email: str) -> bool:
    if A_USUAL_ADDRESS.fullmatch(email):
        return True
    try:
        _is_email(email)
    except ValidationError:
        return False
    return True


@cache
def kinds_by_word() -> dict[str, BodyKind]:
    """Return every word for a kind of body, as it is compared, with the kind."""
    words = {plain(kind.value): kind for kind in BodyKind}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {plain(str(kind.label)): kind for kind in BodyKind}
    return words
