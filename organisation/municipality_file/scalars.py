"""Reads single values: text, whole numbers, true and false, dates, words from a closed list."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.nouns.base import AtMost, Between, Pattern
from organisation.municipality_file.problems import suggest

LONGEST_TEXT = 200  # characters, where the type says nothing else


class BadValueError(Exception):
    """A text that is not the value wanted; holds the two message templates and their values."""

    def __init__(self, template: object, fix: object = "", **values: object) -> None:
        super().__init__(str(values))
        self.template, self.fix, self.values = template, fix, values


def read_text(raw: str, marks: tuple[Any, ...]) -> str:
    """The text as typed, without blanks around it."""
    text = raw.strip()
    if not text:
        raise BadValueError(_("The text is empty."), _("Write it, or leave the key out."))
    limit = next((mark.characters for mark in marks if isinstance(mark, AtMost)), LONGEST_TEXT)
    if len(text) > limit:
        raise BadValueError(
            _("The text is %(length)s characters long."), _("Write at most %(limit)s."), length=len(text), limit=limit
        )
    for mark in marks:
        if isinstance(mark, Pattern) and not re.fullmatch(mark.regex, text):
            raise BadValueError(
                _("“%(value)s” does not have the right form."),
                _("Write it like this: %(example)s."),
                value=text,
                example=mark.example,
            )
    return text


def read_bool(raw: str) -> bool:
    """True or false, in the one spelling that nobody can misread."""
    if raw in ("true", "false"):
        return raw == "true"
    raise BadValueError(_("“%(value)s” is not true or false."), _("Write true or false."), value=raw)


def read_int(raw: str, marks: tuple[Any, ...]) -> int:
    """A whole number within its bounds."""
    bounds = next((mark for mark in marks if isinstance(mark, Between)), Between(-(10**9), 10**9))
    fix = _("Write a whole number from %(low)s to %(high)s.")
    values = {"value": raw, "low": bounds.low, "high": bounds.high}
    if not re.fullmatch(r"-?[0-9]{1,12}", raw):
        raise BadValueError(_("“%(value)s” is not a whole number."), fix, **values)
    if not bounds.low <= int(raw) <= bounds.high:
        raise BadValueError(_("%(value)s is out of bounds."), fix, **values)
    return int(raw)


def read_date(raw: str) -> dt.date:
    """A date written year-month-day."""
    compact = re.fullmatch(r"(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})", raw)
    if compact:
        try:
            date = dt.date(*(int(part) for part in compact.groups()))
        except ValueError:
            raise BadValueError(
                _("The date %(value)s does not exist."), _("Write it as year-month-day, like 2027-01-31."), value=raw
            ) from None
        if date.isoformat() == raw:
            return date
        raise BadValueError(
            _("“%(value)s” is not a date as it is written here."), _("Write %(date)s."), value=raw, date=date
        )
    raise BadValueError(
        _("“%(value)s” is not a date."),
        _("Write it as year-month-day, like 2027-01-31; leave it out if the document doesn't say it."),
        value=raw,
    )


def read_word(raw: str, words: type[StrEnum]) -> StrEnum:
    """A word from a closed list."""
    allowed = [str(word) for word in words]
    if raw in allowed:
        return words(raw)
    fix, values = suggest(raw, allowed)
    raise BadValueError(_("“%(value)s” is not a word known here."), fix, value=raw, **values)
