"""What is asked of the statistics: by whom, over which bodies, of which year, and what they may see of it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from incidents.figures.years import end_of
from incidents.models import Incident, IncidentQuerySet
from incidents.permissions import VIEW_INCIDENT, VIEW_STATISTICS
from organisation.access import Scope
from organisation.models import Body, Municipality


@dataclass(frozen=True)
class Asked:
    """One year beside the one before it, both up to the same day, over the bodies that the person has figures of.

    ``cut_off`` is the last day that is counted. A ``body`` and a ``kind`` are asked for only where the person sees
    every case: whoever does not could else subtract one page from another and read the small counts.
    """

    scope: Scope
    municipality: Municipality
    year: int
    cut_off: date
    body: Body | None = None
    kind: str = ""

    @classmethod
    def of_year(
        cls,
        scope: Scope,
        municipality: Municipality,
        year: int,
        today: date,
        *,
        body: Body | None = None,
        kind: str = "",
    ) -> "Asked":
        """Return the question about the whole ``year``, or about its days up to ``today``."""
        return cls(scope, municipality, year, min(today, date(year, 12, 31)), body, kind)

    @cached_property
    def sees_all(self) -> bool:
        """Tell whether the person may see each case that is counted, so that nothing need be hidden from them."""
        scope = self.scope
        if self.body is not None or VIEW_INCIDENT in scope.everywhere:
            return True
        if VIEW_STATISTICS in scope.everywhere:
            return False
        counted = (scope.roots.get(VIEW_STATISTICS, frozenset()), scope.own.get(VIEW_STATISTICS, frozenset()))
        seen = (scope.roots.get(VIEW_INCIDENT, frozenset()), scope.own.get(VIEW_INCIDENT, frozenset()))
        return counted[0] <= seen[0] and counted[1] <= seen[0] | seen[1]

    def cases(self) -> IncidentQuerySet:
        """Cases of the year and of the one before it."""
        found = Incident.objects.counted_for(self.scope).filter(self._during(self.year) | self._during(self.year - 1))
        return self._narrowed(found)

    def cases_of_the_year(self) -> IncidentQuerySet:
        """Cases of the year alone."""
        return self._narrowed(Incident.objects.counted_for(self.scope).filter(self._during(self.year)))

    def is_seen(self, path: str = "body") -> Any:
        """Return the expression that tells of a row whether the person may see its case.

        ``path`` leads from the row to the body.
        """
        if self.sees_all:
            return Value(True, output_field=BooleanField())
        if not self.scope.holds(VIEW_INCIDENT):
            return Value(False, output_field=BooleanField())
        bodies = self.scope.bodies(VIEW_INCIDENT).values("pk")
        return Case(When(**{f"{path}__in": bodies}, then=True), default=False, output_field=BooleanField())

    def end(self, year: int) -> date:
        """Return the day after the cut-off's day in ``year``: years are compared up to the same day."""
        return end_of(year, cut_off=self.cut_off, of=self.year)

    def _during(self, year: int) -> Q:
        return Q(occurred_on__gte=date(year, 1, 1), occurred_on__lt=self.end(year))

    def _narrowed(self, cases: IncidentQuerySet) -> IncidentQuerySet:
        if self.body is not None:
            cases = cases.at_or_below(self.body)
        return cases.filter(kind=self.kind) if self.kind else cases
