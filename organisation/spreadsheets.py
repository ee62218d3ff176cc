"""The same lists as Excel files: numbers and days keep their kind, and no cell is a formula."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from organisation.export import safe_cell

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A sheet holds no more rows than this, its header among them.
MOST_ROWS = 1_048_576


def xlsx_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """Return the file ``name`` for download, with the list on its only sheet, header first.

    ``rows`` may be lazy: each is written as it is read, to a file that is gone when it has been sent. What comes
    after the last row that a sheet holds is left out; the CSV file has all.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(str(title)) for title in header])
    for place, row in enumerate(rows, start=2):
        if place > MOST_ROWS:
            break
        sheet.append([_cell(value) for value in row])
    # Closed, and so deleted, by the response.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        # A sheet knows no time zones.
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", safe_cell(value))
