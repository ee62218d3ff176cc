"""Days on which an answer can be expected: Monday to Friday; public holidays are not known here."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day


def add_working_time(moment: datetime, length: timedelta) -> datetime:
    """Return the moment ``length`` after ``moment``, in the municipality's time; Saturdays and Sundays don't count.

    Clocks are changed on Sundays alone, so that the hours of working days are all alike.
    """
    at = timezone.localtime(moment).replace(tzinfo=None)
    while True:
        midnight = datetime.combine(at.date() + ONE_DAY, time.min)
        if at.weekday() < SATURDAY:
            if length <= midnight - at:
                return timezone.make_aware(at + length)
            length -= midnight - at
        at = midnight


def subtract_working_time(moment: datetime, length: timedelta) -> datetime:
    """Return the moment ``length`` before ``moment``; the other way round of ``add_working_time``."""
    at = timezone.localtime(moment).replace(tzinfo=None)
    while True:
        begun = at.date() if at.time() > time.min else at.date() - ONE_DAY
        morning = datetime.combine(begun, time.min)
        if begun.weekday() < SATURDAY:
            if length <= at - morning:
                return timezone.make_aware(at - length)
            length -= at - morning
        at = morning
