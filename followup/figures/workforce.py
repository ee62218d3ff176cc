"""Incidents per 100 employees: only where the year's headcount is known, and never for a count that is not given."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from followup.figures.question import Question
from organisation.models import Headcount
from organisation.suppression import Counts

TOTAL = "total"
# Name of a committee, board or company → incidents per 100 employees.
Rates = dict[str, float | None]


@dataclass(frozen=True)
class Rate:
    """Incidents per 100 employees this year and last, with one decimal; none where it can't be told or must not be.

    ``employees`` is this year's headcount.
    """

    key: str
    now: float | None
    before: float | None
    employees: int


@dataclass(frozen=True)
class PerEmployees:
    """The rates of committees, boards and companies, and of all together; ``counted_on`` is the newest day counted."""

    rows: list[Rate]
    total: Rate | None
    counted_on: str | None


class Workforce:
    """One year's headcounts, by committee, and the bodies that they cover."""

    def __init__(self, question: Question, year: int, authorities: Mapping[int, str]) -> None:
        until, begins = question.day_in(year), date(year, 1, 1)
        counted = Headcount.objects.filter(municipality=question.municipality).latest_on(until)
        rows = list(counted.filter(counted_on__gte=begins).values_list("body_id", "employees", "counted_on"))
        self.covered = {body_id for body_id, _employees, _day in rows}
        self.days = [day for _body_id, _employees, day in rows]
        self.employees: Counter[str] = Counter()
        for body_id, employees, _day in rows:
            if body_id in authorities:
                self.employees[authorities[body_id]] += employees

    def rates(self, shown: Counts, at_body: Mapping[int, int], authorities: Mapping[int, str]) -> Rates:
        """Return committee → incidents per 100 employees, none where the count is not given (``shown``).

        A committee is left out where something happened at a body whose employees nobody has counted: its rate would
        be too high.
        """
        missing: dict[str, bool] = defaultdict(bool)
        for body_id in at_body:
            missing[authorities[body_id]] |= body_id not in self.covered
        found = {
            name: _per_hundred(shown.get(f"committee:{name}", 0), employees)
            for name, employees in self.employees.items()
            if employees and not missing[name]
        }
        if self.employees.total() and not any(missing.values()):
            found[TOTAL] = _per_hundred(shown[TOTAL], self.employees.total())
        return found


def compared(now: tuple[Workforce, Rates], before: tuple[Workforce, Rates]) -> PerEmployees:
    """Put this year's rates beside last year's; without a headcount this year there is nothing to tell."""
    (workforce, rates), (_workforce, last) = now, before
    names = sorted(name for name in rates if name != TOTAL)
    return PerEmployees(
        rows=[Rate(name, rates[name], last.get(name), workforce.employees[name]) for name in names],
        total=_total(workforce, rates, last),
        counted_on=_newest(workforce.days),
    )


def _total(workforce: Workforce, rates: Rates, last: Rates) -> Rate | None:
    if rates.get(TOTAL) is None:
        return None
    return Rate(TOTAL, rates[TOTAL], last.get(TOTAL), workforce.employees.total())


def _per_hundred(count: int | None, employees: int) -> float | None:
    return None if count is None else round(100 * count / employees, 1)


def _newest(days: Iterable[date]) -> str | None:
    newest = max(days, default=None)
    return newest.isoformat() if newest else None
