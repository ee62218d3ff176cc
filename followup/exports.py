"""The figures of a report as rows for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from followup import wording
from followup.models import Report


def header(report: Report) -> list[str]:
    """Return the names of the columns."""
    return [_("Table"), _("Row"), str(report.year), str(report.year - 1)]


def rows(report: Report) -> Iterator[list[str]]:
    """Yield rows: the table, the row's name, this year's figure and last year's; ".." where one is not given.

    Costs are in whole kronor.
    """
    chapters: dict[str, Any] = {chapter.key: chapter.figures for chapter in report.chapters.all()}
    incidents, damage = chapters["incidents"], chapters["damage"]
    for table, figures, name, unit in (
        (_("Incidents by kind"), incidents["groups"], wording.label_of, 1),
        (_("Incidents by single kind"), incidents["kinds"], wording.label_of, 1),
        (_("Incidents by committee, board and company"), incidents["committees"], str, 1),
        (_("Stated costs by kind of incident"), damage["groups"], wording.label_of, 100),
        (_("Stated costs by committee, board and company"), damage["committees"], str, 100),
    ):
        for row in figures:
            yield [table, str(name(row["key"])), _figure(row["now"], unit), _figure(row["before"], unit)]
    yield from _rate_rows(incidents)


def _rate_rows(incidents: dict[str, Any]) -> Iterator[list[str]]:
    """Incidents per 100 employees; a report that was made before headcounts were imported has none."""
    stored = incidents.get("per_employees") or {"rows": [], "total": None}
    total = [stored["total"] | {"key": _("All together")}] if stored["total"] else []
    for row in (*stored["rows"], *total):
        yield [_("Incidents per 100 employees"), row["key"], _decimal(row["now"]), _decimal(row["before"])]


def _decimal(rate: float | None) -> str:
    return wording.HIDDEN if rate is None else f"{rate:.1f}".replace(".", ",")


def _figure(count: int | None, unit: int) -> str:
    return wording.HIDDEN if count is None else str(round(count / unit))
