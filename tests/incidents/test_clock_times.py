"""By when something must be notified: over the nights when the clock is changed, at New Year, at the ends of months."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.clocks.times import due_at, remind_at

SWEDEN = ZoneInfo("Europe/Stockholm")


def at(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=SWEDEN, fold=fold)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("started", "hours", "wanted"),
    [
        (at(2026, 11, 25, 14, 10), 24, at(2026, 11, 26, 14, 10)),
        # The last Sunday of March has 23 hours, and that of October 25.
        (at(2026, 3, 28, 14, 0), 24, at(2026, 3, 29, 15, 0)),
        (at(2026, 10, 24, 14, 0), 24, at(2026, 10, 25, 13, 0)),
        (at(2026, 10, 23, 14, 0), 72, at(2026, 10, 26, 13, 0)),
        (at(2026, 12, 31, 20, 0), 24, at(2027, 1, 1, 20, 0)),
        (at(2028, 2, 28, 9, 0), 24, at(2028, 2, 29, 9, 0)),
        # The hour that comes twice: 02:30 in summer time, then in winter time.
        (at(2026, 10, 25, 2, 30), 24, at(2026, 10, 26, 1, 30)),
        (at(2026, 10, 25, 2, 30, fold=1), 24, at(2026, 10, 26, 2, 30)),
    ],
)
def test_hours_are_hours_that_pass(started: datetime, hours: int, wanted: datetime) -> None:
    assert due_at({"hours": hours}, started) == wanted.astimezone(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("started", "wanted"),
    [
        (at(2026, 11, 25, 14, 10), at(2026, 12, 25, 14, 10)),
        (at(2027, 1, 31, 9, 0), at(2027, 2, 28, 9, 0)),
        (at(2028, 1, 31, 9, 0), at(2028, 2, 29, 9, 0)),
        (at(2026, 12, 31, 23, 30), at(2027, 1, 31, 23, 30)),
        # The same time of day, although the offset has changed between.
        (at(2026, 10, 10, 8, 0), at(2026, 11, 10, 8, 0)),
        # An hour that does not exist becomes the one after.
        (at(2027, 2, 28, 2, 30), at(2027, 3, 28, 3, 30)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(started: datetime, wanted: datetime) -> None:
    assert due_at({"months": 1}, started) == wanted.astimezone(ZoneInfo("UTC"))


def test_control_hours_added_to_the_wall_clock_would_be_an_hour_wrong() -> None:
    """What Python does to a local time: the night in October is counted as 24 hours and not 25."""
    from datetime import timedelta

    started = at(2026, 10, 24, 14, 0)
    assert due_at({"hours": 24}, started) != (started + timedelta(hours=24)).astimezone(ZoneInfo("UTC"))


def test_the_reminder_comes_at_half_the_time_and_at_least_four_hours_before() -> None:
    assert remind_at(at(2026, 11, 25, 8, 0), at(2026, 11, 26, 8, 0)) == at(2026, 11, 25, 20, 0)
    assert remind_at(at(2026, 11, 1, 8, 0), at(2026, 11, 4, 8, 0)) == at(2026, 11, 2, 20, 0)
    assert remind_at(at(2026, 11, 25, 8, 0), at(2026, 11, 25, 14, 0)) == at(2026, 11, 25, 10, 0)
