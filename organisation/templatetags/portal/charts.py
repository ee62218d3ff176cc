"""Drawings as SVG: the same on a page and in a PDF.

Every coordinate is written here as text, because a template would write 51.7 as "51,7" in Swedish.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from organisation.templatetags.portal.library import read, register

WIDTH, HEIGHT, BASELINE, TALLEST = 240, 102, 84, 64.6
PITCH, FIRST, WIDE, NARROW = 19.4, 4.0, 15.0, 9.0
MONTH_INITIALS = "jfmamjjasond"
FEW = 10


def _text(number: float) -> str:
    return f"{number:.1f}"


def _bar(month: int, count: int, width: float, unit: float) -> dict[str, str]:
    """A month's bar, centred in its pitch and standing on the baseline."""
    left = FIRST + month * PITCH + (WIDE - width) / 2
    height = count * unit
    return {"x": _text(left), "y": _text(BASELINE - height), "width": _text(width), "height": _text(height)}


def _peak(now: Sequence[int | None], before: Sequence[int | None], unit: float) -> dict[str, str] | None:
    """The label of the highest bar of this year, the only number in the drawing; clear of last year's outline."""
    highest = max((count for count in now if count), default=0)
    if not highest:
        return None
    month = list(now).index(highest)
    outline = (before[month] or 0) if month < len(before) else 0
    return {
        "x": _text(FIRST + month * PITCH + WIDE / 2),
        "y": _text(BASELINE - max(highest, outline) * unit - 4),
        "text": str(highest),
    }


def _told(counts: Sequence[int | None]) -> str:
    """The counts in words for those who do not see the drawing: "jan 6, feb 5"."""
    return ", ".join(f"{MONTHS_3[place + 1]} {count}" for place, count in enumerate(counts) if count is not None)


def _drawn(chart: Any, unit: float) -> dict[str, Any]:
    now, before = list(read(chart, "now")), list(read(chart, "before", ()) or ())
    return {
        "finding": read(chart, "finding"),
        "name": read(chart, "name", "") or read(chart, "finding"),
        "now_bars": [_bar(month, count, NARROW, unit) for month, count in enumerate(now) if count],
        "before_bars": [_bar(month, count, WIDE, unit) for month, count in enumerate(before) if count],
        "initials": [
            {"x": _text(FIRST + month * PITCH + WIDE / 2), "text": letter}
            for month, letter in enumerate(MONTH_INITIALS)
        ],
        "peak": _peak(now, before, unit),
        "told_now": _told(now),
        "told_before": _told(before),
        "now": now + [None] * (12 - len(now)),
        "before": before + [None] * (12 - len(before)),
    }


def _charts(charts: Iterable[Any], now: Any, before: Any, heading: int) -> dict[str, Any]:
    charts = list(charts)
    counts = [count for chart in charts for side in ("now", "before") for count in read(chart, side, ()) or ()]
    unit = TALLEST / max([count for count in counts if count] or [1])
    return {
        "charts": [_drawn(chart, unit) for chart in charts],
        "now": str(now),
        "before": str(before),
        "heading": f"h{heading}",
        "months": [MONTHS_3[month] for month in range(1, 13)],
    }


@register.inclusion_tag("components/month_charts.html")
def month_charts(
    charts: Iterable[Any], *, now: Any, before: Any, heading: int = 3, table: bool = True
) -> dict[str, Any]:
    """Small multiples, all on one scale: this year's months filled, last year's as dashed outlines.

    A chart has ``finding`` (its heading), ``name?`` (its row in the table), ``now`` and ``before``: up to
    twelve counts, None for a month that is suppressed or has not come. ``now`` and ``before`` of the tag
    are the years. The same numbers stand in a table below, folded, unless ``table`` is False.
    """
    return {**_charts(charts, now, before, heading), "table": table}


@register.inclusion_tag("print/month_charts.html")
def print_month_charts(charts: Iterable[Any], *, now: Any, before: Any, heading: int = 3) -> dict[str, Any]:
    """The same drawings on paper; the table beside them is the chapter's own."""
    return _charts(charts, now, before, heading)


@register.inclusion_tag("components/bullet.html")
def bullet(
    percent: float, *, text: str = "", tone: str = "", goal: float | None = None, label: str = ""
) -> dict[str, Any]:
    """A bar of 0–100 with its per cent in figures; ``goal`` draws the line to reach; a status tag beside.

    ``label`` says in the drawing's title what the share is of.
    """
    share = min(max(float(percent), 0.0), 100.0)
    return {
        "percent": round(share),
        "width": _text(share * 2),
        "goal": None if goal is None else _text(min(max(float(goal), 0.0), 100.0) * 2),
        "goal_percent": None if goal is None else round(float(goal)),
        "text": text,
        "tone": tone,
        "label": label or _("Done"),
    }


@register.inclusion_tag("components/effect_chart.html")
def effect_chart(before: int, after: int, *, label: str) -> dict[str, Any]:
    """Cases in the twelve months before and after a measure; says so when they are too few to conclude from."""
    most = max(before, after, 1)
    return {
        "label": label,
        "before": before,
        "after": after,
        "before_width": _text(180 * before / most),
        "after_width": _text(180 * after / most),
        "before_end": _text(180 * before / most + 8),
        "after_end": _text(180 * after / most + 8),
        "few": before + after < FEW,
    }
