"""When something must be notified: hours that pass, or calendar months, in the municipality's time."""

import calendar
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

# However short the time is, the mail comes this long before it is out.
AT_LEAST_BEFORE = timedelta(hours=4)


def due_at(due: Mapping[str, Any], started_at: datetime) -> datetime:
    """Return the moment at which the time is out, counted from ``started_at`` (with time zone).

    Hours are hours that pass, also on the nights when the clock is changed. A month ends on the same day and time
    of the next, on its last day when it is shorter (1 month after 31 January is 28 or 29 February).
    """
    if hours := due.get("hours"):
        return started_at.astimezone(UTC) + timedelta(hours=hours)
    return _months_after(started_at, due.get("months", 0))


def remind_at(started_at: datetime, due: datetime) -> datetime:
    """Return when those who handle the case are reminded: at half the time, at least four hours before it is out."""
    started_at, due = started_at.astimezone(UTC), due.astimezone(UTC)
    return min(started_at + (due - started_at) / 2, due - AT_LEAST_BEFORE)


def _months_after(moment: datetime, months: int) -> datetime:
    local = timezone.localtime(moment)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    # Through UTC: an hour that does not exist, on a night in March, becomes the one after.
    return local.replace(year=year, month=month, day=day).astimezone(UTC)
