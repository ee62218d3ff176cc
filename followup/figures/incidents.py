"""Incidents of the year: trend, kinds, months and committees (R24, R84, R125)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.db.models.functions import ExtractMonth

from followup.figures.bodies import authority_names
from followup.figures.question import Question
from followup.figures.workforce import PerEmployees, Rates, Workforce, compared
from incidents.figures.groups import GROUPS
from incidents.models import Incident, IncidentKind, IncidentQuerySet
from organisation.suppression import Counts, Part, division, one_of, published

TREND_YEARS = 5
CHARTS = 4
MONTHS = 12


@dataclass(frozen=True)
class Compared:
    """A count this year and up to the same day last year; none where it must not be shown."""

    key: str
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Months:
    """Counts per month, this year and last; none for a month that is hidden or has not come."""

    key: str
    now: list[int | None]
    before: list[int | None]


@dataclass(frozen=True)
class YearCount:
    """One year's count up to the cut-off's day."""

    year: int
    count: int | None


@dataclass(frozen=True)
class Incidents:
    """Figures of the chapter; every year counts from 1 January to the cut-off's day."""

    total: Compared
    serious: Compared
    persons: Compared
    trend: list[YearCount]
    groups: list[Compared]
    kinds: list[Compared]
    charts: list[Months]
    committees: list[Compared]
    per_employees: PerEmployees
    hidden: int


def year_of(question: Question, year: int) -> IncidentQuerySet:
    """Incidents of ``year`` up to the cut-off's day; reports of the same event count once."""
    return (
        Incident.objects.of(question.municipality)
        .counted()
        .filter(occurred_on__gte=date(year, 1, 1), occurred_on__lt=question.end(year))
    )


def incidents(question: Question) -> Incidents:
    """Count what happened, as it was reported by the day of making (R125)."""
    now, before = _Year(question, question.year), _Year(question, question.year - 1)
    charted = _charted(now, before, public=question.is_public)
    both = (now.shown, before.shown)
    return Incidents(
        total=_compare("total", both),
        serious=_compare("serious", both),
        persons=_compare("persons", both),
        trend=_trend(question),
        groups=[_compare(group, both) for group in GROUPS],
        kinds=[_compare(kind.value, both) for group in GROUPS.values() for kind in group],
        charts=[_months(key, now, before, question) for key in charted],
        committees=_committees(now, before),
        per_employees=compared(now.per_employees(), before.per_employees()),
        hidden=sum(count is None for shown in both for count in shown.values()),
    )


class _Year:
    """One year's counts, read in a fixed number of queries, and which of them may be shown."""

    def __init__(self, question: Question, year: int) -> None:
        found = year_of(question, year)
        counted = found.order_by().values_list("kind").annotate(month=ExtractMonth("occurred_on"), count=Count("pk"))
        self.by_kind_month: Counter[tuple[str, int]] = Counter()
        for kind, month, count in counted:
            self.by_kind_month[kind, month] += count
        self.total = self.by_kind_month.total()
        self.by_kind = {
            kind.value: sum(self.by_kind_month[kind.value, month] for month in range(1, MONTHS + 1))
            for kind in IncidentKind
        }
        self.public = question.is_public
        self.authorities = authority_names(question.municipality, question.cut_off)
        self.at_body = found.by_body()
        self.workforce = Workforce(question, year, self.authorities)
        self.shown = self._shown(found)

    def per_employees(self) -> tuple[Workforce, Rates]:
        """Return the year's headcounts, and incidents per 100 employees by committee."""
        return self.workforce, self.workforce.rates(self.shown, self.at_body, self.authorities)

    def _shown(self, found: IncidentQuerySet) -> Counts:
        of_committees: Counter[str] = Counter()
        for body_id, count in self.at_body.items():
            of_committees[self.authorities[body_id]] += count
        # Three divisions of the same total, never crossed with each other.
        shown = published(self._kinds(), public=self.public)
        shown |= published(division("committee", of_committees), public=self.public)
        if self.public:
            shown |= published(division("all", self._all_months()), public=True)
        marked = found.aggregate(
            serious=Count("pk", filter=Q(serious=True)), persons=Count("pk", filter=Q(affects_persons=True))
        )
        return shown | {key: one_of(count, self.total, public=self.public) for key, count in marked.items()}

    def _all_months(self) -> dict[str, int]:
        return {
            str(month): sum(self.by_kind_month[kind.value, month] for kind in IncidentKind)
            for month in range(1, MONTHS + 1)
        }

    def _kinds(self) -> Part:
        groups = []
        for group, kinds in GROUPS.items():
            parts = [self._kind(kind.value) for kind in kinds]
            groups.append(Part(group, sum(part.count for part in parts), parts))
        return Part("total", self.total, groups)

    def _kind(self, kind: str) -> Part:
        if self.public:
            # Months of a kind would cross the months of all: the public edition has the latter.
            return Part(kind, self.by_kind[kind])
        months = {str(month): self.by_kind_month[kind, month] for month in range(1, MONTHS + 1)}
        return division(kind, months)


def _compare(key: str, both: tuple[Counts, Counts], *, name: str = "") -> Compared:
    now, before = both
    return Compared(key=name or key, now=now.get(key, 0), before=before.get(key, 0))


def _charted(now: _Year, before: _Year, *, public: bool) -> list[str]:
    """The series that are drawn by month: all together in public, else the most frequent kinds."""
    if public:
        return ["all"]
    order = [kind.value for kind in IncidentKind]
    frequent = sorted(order, key=lambda kind: (-now.by_kind[kind] - before.by_kind[kind], order.index(kind)))
    return [kind for kind in frequent if now.by_kind[kind] + before.by_kind[kind]][:CHARTS]


def _months(key: str, now: _Year, before: _Year, question: Question) -> Months:
    come = range(1, question.cut_off.month + 1)
    return Months(
        key=key,
        now=[now.shown.get(f"{key}:{month}") for month in come],
        before=[before.shown.get(f"{key}:{month}") for month in come],
    )


def _committees(now: _Year, before: _Year) -> list[Compared]:
    both = (now.shown, before.shown)
    keys = sorted({key for shown in both for key in shown if key.startswith("committee:")})
    return [_compare(key, both, name=key.removeprefix("committee:")) for key in keys]


def _trend(question: Question) -> list[YearCount]:
    """Up to five years, beginning with the first one that has any incident."""
    first = Incident.objects.of(question.municipality).counted().aggregate(first=Min("occurred_on"))["first"]
    begin = max(question.year - TREND_YEARS + 1, first.year if first else question.year)
    years = range(min(begin, question.year), question.year + 1)
    return [
        YearCount(year, published(Part("all", year_of(question, year).count()), public=question.is_public)["all"])
        for year in years
    ]
