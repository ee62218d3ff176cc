"""Measures of the year's plans by area and type: how far they have come, and which are late (R85, R113, R115)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from actionplans.models import Measure, MeasureState, MeasureType
from followup.figures.bodies import body_names
from followup.figures.plans import versions_on
from followup.figures.question import Question

LISTED = 20


@dataclass(frozen=True)
class Progress:
    """Measures of one row: all, done by the cut-off's day, late, dropped, and of each type (R86)."""

    name: str
    all: int
    done: int
    overdue: int
    dropped: int
    eliminate: int
    prevent: int
    limit: int


@dataclass(frozen=True)
class LateMeasure:
    """A measure that should have been done by the cut-off's day."""

    what: str
    body: str
    due_on: str
    days: int


@dataclass(frozen=True)
class Measures:
    """Figures of the chapter. On time: done on or before the day promised, in per cent of those due."""

    total: Progress
    due: int
    on_time: int
    on_time_percent: int | None
    on_time_percent_last_year: int | None
    areas: list[Progress]
    committees: list[Progress]
    late: list[LateMeasure]


def measures_of(question: Question, year: int) -> QuerySet[Measure]:
    """Measures that the plans of ``year`` promise, in the versions in force on the cut-off's day that year."""
    return Measure.objects.filter(version__in=versions_on(question, year).values()).order_by()


def measures(question: Question) -> Measures:
    """Count the year's measures by area and by committee; an area without a name is measures without one."""
    found = measures_of(question, question.year)
    counts = _counts(question)
    due, on_time = _on_time(question, question.year)
    return Measures(
        total=Progress(name="", **found.aggregate(**counts)),
        due=due,
        on_time=on_time,
        on_time_percent=_percent(due, on_time),
        on_time_percent_last_year=_percent(*_on_time(question, question.year - 1)),
        areas=_by("area__name", found, counts),
        committees=_by_committee(question, found, counts),
        late=_late(question, found),
    )


def _counts(question: Question) -> dict[str, Count]:
    on = question.cut_off
    done = Q(state=MeasureState.DONE, done_on__lte=on)
    dropped = Q(state=MeasureState.DROPPED)
    return {
        "all": Count("pk"),
        "done": Count("pk", filter=done),
        "overdue": Count("pk", filter=Q(due_on__lt=on) & ~done & ~dropped),
        "dropped": Count("pk", filter=dropped),
        "eliminate": Count("pk", filter=Q(type=MeasureType.ELIMINATE)),
        "prevent": Count("pk", filter=Q(type=MeasureType.PREVENT)),
        "limit": Count("pk", filter=Q(type=MeasureType.LIMIT)),
    }


def _by(column: str, found: QuerySet[Measure], counts: dict[str, Count]) -> list[Progress]:
    rows: list[dict[str, Any]] = list(found.values(column).annotate(**counts))
    # What has no area stands last.
    rows.sort(key=lambda row: (not row[column], row[column] or ""))
    return [Progress(name=row.pop(column) or "", **row) for row in rows]


def _by_committee(question: Question, found: QuerySet[Measure], counts: dict[str, Count]) -> list[Progress]:
    """Return a row for each body whose plan promised measures, as it was called then."""
    names, body = body_names(question), "version__plan__body"
    rows: list[dict[str, Any]] = list(found.values(f"{body}_id", f"{body}__name").annotate(**counts))
    called = [(names.get(row.pop(f"{body}_id"), name), row) for row in rows if (name := row.pop(f"{body}__name"))]
    return [Progress(name=name, **row) for name, row in sorted(called, key=lambda one: one[0])]


def _on_time(question: Question, year: int) -> tuple[int, int]:
    """Return how many measures were due by the cut-off's day in ``year``, and how many of them were done in time."""
    due = measures_of(question, year).filter(due_on__lte=question.day_in(year)).exclude(state=MeasureState.DROPPED)
    return due.count(), due.filter(state=MeasureState.DONE, done_on__lte=F("due_on")).count()


def _percent(due: int, on_time: int) -> int | None:
    return round(100 * on_time / due) if due else None


def _late(question: Question, found: QuerySet[Measure]) -> list[LateMeasure]:
    on, names = question.cut_off, body_names(question)
    late = found.filter(due_on__lt=on).exclude(state=MeasureState.DROPPED)
    late = late.exclude(state=MeasureState.DONE, done_on__lte=on)
    return [
        LateMeasure(what, names.get(body_id, name), due_on.isoformat(), (on - due_on).days)
        for what, body_id, name, due_on in late.order_by("due_on", "pk").values_list(
            "what", "version__plan__body_id", "version__plan__body__name", "due_on"
        )[:LISTED]
    ]
