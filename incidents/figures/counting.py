"""The counts themselves: a fixed number of questions to the database, however many cases there are.

Each count is kept in two halves, of cases that the person may see and of those they may not; only the second
half must be large enough to be shown.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from incidents.clocks.words import title_of
from incidents.figures.asked import Asked
from incidents.figures.groups import GROUP_OF
from incidents.models import INJURIES, Channel, ClockRule, Consequence, IncidentKind, NoticeState, StatutoryNotice
from incidents.permissions import VIEW_STATISTICS
from organisation import clock
from organisation.models import AUTHORITIES, BodyClosure, Placement

# Duties to notify whose day has passed, or that are done: those whose punctuality can be told.
RUNNING = (NoticeState.TO_DECIDE, NoticeState.DUE)


@dataclass
class Halves:
    """Counts by name: of cases that the person may see, and of those they may not."""

    seen: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, count: int, *, seen: bool) -> None:
        """Add ``count`` to the half that it belongs to."""
        (self.seen if seen else self.unseen)[name] += count

    def names(self) -> list[str]:
        """Return the names in both halves, in the order in which they came."""
        return list(dict.fromkeys((*self.seen, *self.unseen)))


@dataclass
class Year:
    """One year's counts; amounts are in öre."""

    kinds: Halves = field(default_factory=Halves)
    months: Halves = field(default_factory=Halves)
    months_of_group: defaultdict[str, Halves] = field(default_factory=lambda: defaultdict(Halves))
    affected: Halves = field(default_factory=Halves)
    bodies: Halves = field(default_factory=Halves)
    # What holds for some of the cases: injured, imported, answered, in_time, due, costed, disposed.
    marks: Halves = field(default_factory=Halves)
    costs: Halves = field(default_factory=Halves)
    costed: Halves = field(default_factory=Halves)


@dataclass
class Counted:
    """Everything that was counted for one question, before anything is hidden."""

    now: Year
    before: Year
    body_names: dict[str, str]
    median_wait: timedelta | None
    notices: dict[str, Halves]
    dimensions: dict[str, Halves]


MARKS = ("injured", "imported", "answered", "in_time", "due", "costed", "disposed")


def count(asked: Asked) -> Counted:
    """Count the cases of the year and of the one before, and what belongs to those of the year."""
    now, before = Year(), Year()
    years = {asked.year: now, asked.year - 1: before}
    _count_cases(asked, years)
    names = _count_bodies(asked, years)
    answered = now.marks.seen["answered"] + now.marks.unseen["answered"]
    return Counted(
        now=now,
        before=before,
        body_names=names,
        median_wait=_median_wait(asked, answered),
        notices=_count_notices(asked),
        dimensions=_count_dimensions(asked),
    )


def _count_cases(asked: Asked, years: dict[int, Year]) -> None:
    today = clock.today()
    answered = Q(first_answered_at__isnull=False)
    in_time = Q(first_answered_at__date__lte=F("answer_by"))
    counted = (
        asked.cases()
        .order_by()
        .annotate(is_seen=asked.is_seen(), of=ExtractYear("occurred_on"), month=ExtractMonth("occurred_on"))
        .values("is_seen", "of", "month", "kind", "affected")
        .annotate(
            n=Count("pk"),
            injured=Count("pk", filter=Q(injury__in=INJURIES)),
            imported=Count("pk", filter=Q(channel=Channel.IMPORT)),
            answered=Count("pk", filter=answered),
            in_time=Count("pk", filter=in_time),
            due=Count("pk", filter=Q(answer_by__isnull=False) & (answered | Q(answer_by__lt=today))),
            costed=Count("cost_ore"),
            cost=Sum("cost_ore"),
            disposed=Count("disposed_at"),
        )
    )
    for row in counted:
        _add(years[row["of"]], row)


def _add(year: Year, row: dict[str, Any]) -> None:
    seen, group, month = row["is_seen"], GROUP_OF[row["kind"]], str(row["month"])
    year.kinds.add(row["kind"], row["n"], seen=seen)
    year.months.add(month, row["n"], seen=seen)
    year.months_of_group[group].add(month, row["n"], seen=seen)
    year.affected.add(row["affected"], row["n"], seen=seen)
    for mark in MARKS:
        year.marks.add(mark, row[mark], seen=seen)
    year.marks.add("near_miss", row["n"] if row["kind"] == IncidentKind.NEAR_MISS else 0, seen=seen)
    year.costs.add(group, row["cost"] or 0, seen=seen)
    year.costed.add(group, row["costed"], seen=seen)


def _count_bodies(asked: Asked, years: dict[int, Year]) -> dict[str, str]:
    """Count by the bodies just below those that were asked for; return their names by public id."""
    counted = (
        asked.cases()
        .order_by()
        .annotate(is_seen=asked.is_seen(), of=ExtractYear("occurred_on"))
        .values_list("is_seen", "of", "body_id")
        .annotate(n=Count("pk"))
    )
    parts = _parts(asked).values_list("descendant_id", "ancestor__public_id", "ancestor__name")
    part_of = {body_id: (str(public_id), name) for body_id, public_id, name in parts}
    names: dict[str, str] = {}
    for seen, year, body_id, n in counted:
        public_id, name = part_of.get(body_id, ("", ""))
        names[public_id] = name
        years[year].bodies.add(public_id, n, seen=seen)
    return dict(sorted(names.items(), key=lambda item: item[1]))


def _parts(asked: Asked) -> Any:
    """Return pairs of a body to show and a body that it holds; the bodies to show never hold each other.

    They are what stands just below the body asked for or the only one that the person answers for; else each of
    those; for the whole municipality its committees, boards and companies.
    """
    pairs = BodyClosure.objects.filter(municipality=asked.municipality)
    tops = _tops(asked)
    if tops is None:
        return pairs.filter(ancestor__kind__in=AUTHORITIES)
    if len(tops) > 1:
        nested = BodyClosure.objects.filter(ancestor_id__in=tops, descendant_id__in=tops)
        inner = nested.exclude(ancestor_id=F("descendant_id")).values("descendant_id")
        return pairs.filter(ancestor_id__in=tops).exclude(ancestor_id__in=inner)
    below = Placement.objects.in_force(clock.today()).filter(parent_id__in=tops).values("body_id")
    itself = Q(ancestor_id__in=tops, descendant_id=F("ancestor_id"))
    return pairs.filter(Q(ancestor_id__in=below) | itself)


def _tops(asked: Asked) -> frozenset[int] | None:
    """Return the ids of the bodies whose figures are asked for, or none for the whole municipality."""
    scope = asked.scope
    if asked.body is not None:
        return frozenset({asked.body.pk})
    if VIEW_STATISTICS in scope.everywhere:
        return None
    return scope.roots.get(VIEW_STATISTICS, frozenset()) | scope.own.get(VIEW_STATISTICS, frozenset())


def _median_wait(asked: Asked, answered: int) -> timedelta | None:
    """Return the time from report to first answer that half of the answered cases of the year kept within."""
    if not answered:
        return None
    wait = ExpressionWrapper(F("first_answered_at") - F("reported_at"), output_field=DurationField())
    waits = asked.cases_of_the_year().filter(first_answered_at__isnull=False).annotate(wait=wait)
    middle: timedelta = waits.order_by("wait").values_list("wait", flat=True)[(answered - 1) // 2]
    return middle


def _count_notices(asked: Asked) -> dict[str, Halves]:
    """Return rule's title → done in time, done late and overdue; what is not due yet has no punctuality."""
    now = clock.now()
    done = Q(state=NoticeState.DONE)
    counted = (
        StatutoryNotice.objects.filter(incident__in=asked.cases_of_the_year().values("pk"), due_at__isnull=False)
        .order_by()
        .annotate(is_seen=asked.is_seen("incident__body"))
        .values("is_seen", "rule__title", "rule__key")
        .annotate(
            in_time=Count("pk", filter=done & Q(done_at__lte=F("due_at"))),
            late=Count("pk", filter=done & Q(done_at__gt=F("due_at"))),
            overdue=Count("pk", filter=Q(state__in=RUNNING, due_at__lt=now)),
        )
    )
    found: dict[str, Halves] = {}
    for row in counted:
        title = title_of(ClockRule(title=row["rule__title"], key=row["rule__key"]))
        halves = found.setdefault(title, Halves())
        for name in ("in_time", "late", "overdue"):
            halves.add(name, row[name], seen=row["is_seen"])
    return found


def _count_dimensions(asked: Asked) -> dict[str, Halves]:
    """Return dimension → level → how many cases of the year had a consequence of that level in it."""
    counted = (
        Consequence.objects.filter(incident__in=asked.cases_of_the_year().values("pk"))
        .order_by()
        .annotate(is_seen=asked.is_seen("incident__body"))
        .values_list("is_seen", "dimension__name", "level")
        .annotate(n=Count("pk"))
    )
    found: dict[str, Halves] = {}
    for seen, dimension, level, n in counted:
        found.setdefault(dimension, Halves()).add(str(level), n, seen=seen)
    return found
