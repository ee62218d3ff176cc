"""Reads single cells of a file of cases, in the ways in which other systems write them."""

import re
from datetime import date, time
from typing import Any

from incidents.arriving.fields import Field, Read
from organisation.people_import.cells import NO, YES

LONGEST_TEXT = 10_000
MOST_COUNTED = 32_000

ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
# Day first, as it is written here; an American month first can't be told from it and is refused when it is no date.
DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[T ].*)?")
TIME = re.compile(r"(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?")
KRONOR = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?")


def read_cell(field: Field, text: str) -> Any:
    """Return what a cell that is not empty says. Raises ``ValueError`` for what can't be read so."""
    return READERS[field.read](text)


def _day(text: str) -> date:
    if matched := ISO.fullmatch(text):
        year, month, day = map(int, matched.groups())
    elif matched := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, matched.groups())
    else:
        raise ValueError(text)
    return date(year, month, day)


def _time(text: str) -> time:
    matched = TIME.fullmatch(text)
    if matched is None:
        raise ValueError(text)
    return time(int(matched[1]), int(matched[2]))


def _yes(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError(text)
    return word in YES


def _count(text: str) -> int:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdecimal()) or int(digits[:9]) > MOST_COUNTED or len(digits) > 9:
        raise ValueError(text)
    return int(digits)


def _kronor(text: str) -> int:
    """Return öre."""
    matched = KRONOR.fullmatch(re.sub(r"\s|kr$|:-$", "", text.casefold()))
    if matched is None:
        raise ValueError(text)
    return int(matched[1]) * 100 + int((matched[2] or "").ljust(2, "0"))


READERS = {
    Read.DAY: _day,
    Read.TIME: _time,
    Read.YES_NO: _yes,
    Read.COUNT: _count,
    Read.KRONOR: _kronor,
}
# What is said when a cell can't be read.
CODES = {
    Read.DAY: "not_a_date",
    Read.TIME: "not_a_time",
    Read.YES_NO: "not_yes_or_no",
    Read.COUNT: "not_a_number",
    Read.KRONOR: "not_kronor",
}
