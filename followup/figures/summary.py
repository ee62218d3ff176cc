"""The year on one page: five numbers with their change, drawn from the chapters and from nothing else."""

from collections.abc import Mapping
from typing import Any

from organisation.suppression import count_hidden

Figures = Mapping[str, Any]


def summarise(chapters: Mapping[str, Figures]) -> dict[str, Any]:
    """Return the five numbers, what they are compared with, and what the proposed decision rests on.

    ``chapters`` maps each chapter's key to its stored figures. A number is none when it must not be
    shown, or when there is nothing to count.
    """
    incidents, risks, measures = chapters["incidents"], chapters["risks"], chapters["measures"]
    organisation, plans = chapters["organisation"], chapters["plans"]
    return {
        "numbers": [
            _number("threats_violence", _row(incidents["groups"], "threats_violence")),
            _number("near_misses", _row(incidents["kinds"], "near_miss")),
            {"key": "high_risks", "now": risks["high"], "before": risks["high_last_year"]},
            {
                "key": "on_time",
                "now": measures["on_time_percent"],
                "before": measures["on_time_percent_last_year"],
            },
            {"key": "vacant", "now": organisation["vacant"], "before": organisation["vacant_last_year"]},
        ],
        "incidents": incidents["total"],
        "seats": organisation["seats"],
        "vacant": organisation["vacant"],
        "plans_missing": plans["missing"],
        "planning_bodies": plans["bodies"],
        "overdue": measures["total"]["overdue"],
        "measures": measures["total"]["all"],
        "documents_due": chapters["documents"]["due"],
        "hidden": sum(count_hidden(figures) for figures in chapters.values()),
        "has_data": _has_data(chapters),
    }


def _number(key: str, row: Figures) -> dict[str, Any]:
    return {"key": key, "now": row["now"], "before": row["before"]}


def _row(rows: list[Figures], key: str) -> Figures:
    return next(row for row in rows if row["key"] == key)


def _has_data(chapters: Mapping[str, Figures]) -> bool:
    """Tell whether the year has anything to report: an incident, a judged risk or a measure (a hidden count too)."""
    return (
        chapters["incidents"]["total"]["now"] != 0
        or chapters["measures"]["total"]["all"] != 0
        or chapters["risks"]["open"] != 0
    )
