"""Lists as CSV files that a spreadsheet opens without running anything in them."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import translation

# A spreadsheet takes a cell that begins so for a formula, and would fetch or run what stands in it.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
A_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# Lets Excel read å, ä and ö; the semicolon is what Swedish Excel splits by.
BYTE_ORDER_MARK = "\ufeff"
DELIMITER = ";"


class _Line:
    """A file of one line: gives back what the csv writer writes."""

    def write(self, line: str) -> str:
        return line


def safe_cell(value: Any) -> str:
    """Return ``value`` as text; what a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    # Spaces (also a null) before the sign are skipped by some spreadsheets.
    if text.lstrip(" \n\x00").startswith(STARTS_A_FORMULA) and not A_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file, header first."""
    writer = csv.writer(_Line(), delimiter=DELIMITER)
    yield BYTE_ORDER_MARK + writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def csv_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Return the file ``name`` for download, sent as it is read; ``rows`` may be lazy and long."""
    language = translation.get_language()

    def spoken() -> Iterator[str]:
        # The lines are made after the view has returned.
        with translation.override(language):
            yield from csv_lines([str(title) for title in header], rows)

    response = StreamingHttpResponse(spoken(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store, private"
    return response
