"""Years are compared up to the same day."""

from calendar import isleap
from datetime import date, timedelta


def end_of(year: int, *, cut_off: date, of: int) -> date:
    """Return the day after ``cut_off``, a day of the year ``of``, as it falls in ``year``.

    What happens before it is counted. A comparison with a whole year would also tell, by subtraction, what happened
    in the rest of it.
    """
    after = cut_off + timedelta(days=1)
    wanted = year + after.year - of
    if (after.month, after.day) == (2, 29) and not isleap(wanted):
        return date(wanted, 3, 1)
    return date(wanted, after.month, after.day)
