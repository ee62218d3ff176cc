"""Days on which an answer can be expected: Monday to Friday; public holidays are not known here."""

from datetime import date, timedelta

SATURDAY = 5


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
