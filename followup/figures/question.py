"""What every chapter is asked: which municipality, which year, for whom, and up to which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from followup.models import Edition
from incidents.figures.years import end_of
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
        """Return the day after the cut-off's day in ``year``: years are compared up to the same day."""
        return end_of(year, cut_off=self.cut_off, of=self.year)

    def day_in(self, year: int) -> date:
        """Return the cut-off's day in ``year``."""
        return self.end(year) - timedelta(days=1)
