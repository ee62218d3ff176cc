"""What every chapter is asked: which municipality, which year, for whom, and up to which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from followup.models import Edition
from organisation.models import Municipality


@dataclass(frozen=True)
class Question:
    """One year of one municipality, up to and including ``cut_off``, in one edition."""

    municipality: Municipality
    year: int
    edition: str
    cut_off: date

    @property
    def is_public(self) -> bool:
        """Tell whether small counts must not be shown."""
        return self.edition == Edition.PUBLIC

    def end(self, year: int) -> date:
        """Return the day after the cut-off's day in ``year``: years are compared up to the same day.

        A comparison with a whole year would also tell, by subtraction, what happened in the rest of it.
        """
        after = self.cut_off + timedelta(days=1)
        years_on = after.year - self.year
        day = 28 if (after.month, after.day) == (2, 29) else after.day
        return date(year + years_on, after.month, day)

    def day_in(self, year: int) -> date:
        """Return the cut-off's day in ``year``."""
        return self.end(year) - timedelta(days=1)
