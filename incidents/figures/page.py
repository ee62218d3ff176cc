"""What stands on the page of figures: the finding, the numbers, the months, the tables."""

from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.figures import words
from incidents.figures.asked import Asked
from incidents.figures.counting import count
from incidents.figures.groups import GROUPS, label_of
from incidents.figures.showing import MONTHS, Figures, shown
from incidents.figures.tables import Row, Table, list_url, tables
from organisation.figure_words import change, kronor
from organisation.figure_words import shown as in_words
from organisation.suppression import Counts

CHARTS = 4


def figures_of(asked: Asked) -> Figures:
    """Count what is asked for, and return what may be shown of it."""
    return shown(count(asked), sees_all=asked.sees_all)


def figures_page(figures: Figures, asked: Asked) -> dict[str, Any]:
    """Return the context of the page."""
    return {
        "asked": asked,
        "year": str(asked.year),
        "last_year": str(asked.year - 1),
        "headline": words.headline(figures.now.total, figures.before.total, asked.year),
        "until": date_format(asked.cut_off, "j F Y"),
        "numbers": _numbers(figures, asked),
        "charts": charts(figures, asked),
        "tables": tables(figures, asked),
        "is_empty": figures.now.total == figures.before.total == 0,
    }


def charts(figures: Figures, asked: Asked) -> list[dict[str, Any]]:
    """Return the drawings of months: the most frequent groups for those who see all, else all events together."""
    now, before = figures.now, figures.before
    if not asked.sees_all or asked.kind:
        return [_chart("all", (now.months, before.months), (now.total, before.total), asked)]
    frequent = sorted(GROUPS, key=lambda group: -((now.groups[group] or 0) + (before.groups[group] or 0)))
    return [
        _chart(
            group,
            (now.months_of_group[group], before.months_of_group[group]),
            (now.groups[group], before.groups[group]),
            asked,
        )
        for group in frequent[:CHARTS]
        if (now.groups[group], before.groups[group]) != (0, 0)
    ]


def month_table(figures: Figures, asked: Asked) -> Table:
    """Return what the drawings show, for the files."""
    rows = [
        Row(f"{chart['name']} {year}", [*chart[side], *[0] * (len(MONTHS) - len(chart[side]))])
        for chart in charts(figures, asked)
        for side, year in (("now", asked.year), ("before", asked.year - 1))
    ]
    return Table("months", _("Month by month"), _("Kind"), [str(MONTHS_3[int(month)]) for month in MONTHS], rows)


def _chart(
    key: str, months: tuple[Counts, Counts], totals: tuple[int | None, int | None], asked: Asked
) -> dict[str, Any]:
    come = MONTHS[: asked.cut_off.month]
    now, before = ([side.get(month, 0) for month in come] for side in months)
    return {
        "finding": words.of_chart(key, *totals, asked.year),
        "name": label_of(key),
        "now": now,
        "before": before,
    }


def _numbers(figures: Figures, asked: Asked) -> list[dict[str, str]]:
    now, before = figures.now, figures.before
    last = asked.year - 1
    on_time = figures.punctuality.get("in_time"), _due(figures.punctuality)
    return [
        {
            "label": _("reported events"),
            "value": in_words(now.total),
            "change": change(now.total, before.total, asked.year),
            "url": list_url(asked),
        },
        {
            "label": _("near misses for each event with an injury"),
            "value": words.per_injury(now.kinds["near_miss"], now.injured),
            "change": words.last_year(words.per_injury(before.kinds["near_miss"], before.injured), last),
        },
        {
            "label": _("to the first answer, for half of them"),
            "value": words.span(figures.median_wait),
            "change": words.in_time(now.in_time, now.due),
        },
        {"label": _("of duties to notify met in time"), "value": words.share(*on_time), "change": ""},
        {
            "label": _("stated costs"),
            "value": kronor(now.cost),
            "change": words.last_year(kronor(before.cost), last),
        },
    ]


def _due(punctuality: Counts) -> int | None:
    counts = list(punctuality.values())
    return None if None in counts else sum(count for count in counts if count)
