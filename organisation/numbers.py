"""Numbers that people say, such as B-2026-0007: one series per noun, municipality and year, without gaps.

The series' row is locked until the transaction ends, so that numbers taken at once come one after the other, and a
change that is rolled back gives its number back.
"""

from typing import Any

from organisation.models import Municipality, NumberSeries


def lock_series(municipality: Municipality, series: str, year: int) -> NumberSeries:
    """Return the series of that name and year, locked; what else must happen once only is looked up under the lock."""
    key: dict[str, Any] = {"municipality": municipality, "series": series, "year": year}
    NumberSeries.objects.get_or_create(**key)
    return NumberSeries.objects.select_for_update().get(**key)


def next_number(series: NumberSeries) -> int:
    """Return the next number of a locked series."""
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
