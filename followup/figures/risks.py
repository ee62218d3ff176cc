"""Risks before and after measures, and the worst ones (R23, R85, R88)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from followup.figures.bodies import body_names
from followup.figures.question import Question
from organisation.suppression import Counts, Part, division, published
from risks.models import Assessment, Risk, RiskState, RiskStatus, Scale, Stage

TOP = 10
# The two upper severities, whatever the municipality calls them.
HIGH = 3


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix and how many risks stand in it."""

    likelihood: int
    consequence: int
    word: str
    severity: int
    before: int | None
    now: int | None


@dataclass(frozen=True)
class Matrix:
    """The scale that most risks are judged on, with counts; steps are words, lowest first."""

    scale: str
    likelihood: list[str]
    consequence: list[str]
    bands: list[dict[str, Any]]
    cells: list[Cell]


@dataclass(frozen=True)
class Level:
    """How many risks stand on one level."""

    word: str
    severity: int
    before: int | None
    now: int | None


@dataclass(frozen=True)
class TopRisk:
    """One of the worst risks: named in the edition under secrecy only."""

    label: str
    title: str
    body: str
    before: str
    now: str
    severity: int


@dataclass(frozen=True)
class AreaCount:
    """Open risks of one area (empty: no area)."""

    area: str
    now: int | None


@dataclass(frozen=True)
class Risks:
    """Figures of the chapter: open risks on the cut-off's day, as they were judged by then."""

    open: int | None
    judged: int | None
    high: int | None
    high_last_year: int | None
    levels: list[Level]
    areas: list[AreaCount]
    matrix: Matrix | None
    top: list[TopRisk]
    persons_rank: str
    hidden: int


def open_on(question: Question, on: date) -> QuerySet[Risk]:
    """Risks that were there at the end of the day ``on``: logged by then and not closed by then."""
    end = timezone.make_aware(datetime.combine(on, time.max))
    statuses = RiskStatus.objects.filter(risk=OuterRef("pk"))
    then = statuses.filter(at__lte=end).order_by("-at", "-pk").values("to_state")[:1]
    # Before its first status row a risk was open; one that never had any is what it says.
    unsaid = Case(
        When(Exists(statuses), then=Value(RiskState.OPEN.value)), default=F("state"), output_field=CharField()
    )
    logged = Risk.objects.filter(municipality=question.municipality, created_at__lte=end)
    return logged.annotate(state_then=Coalesce(Subquery(then), unsaid)).filter(state_then=RiskState.OPEN)


def judged_on(question: Question, on: date, stage: Stage) -> QuerySet[Assessment]:
    """The newest judgement of each open risk by the day ``on``: before measures, or as it stands now.

    "After" means after measures where that is judged, else before.
    """
    made = Assessment.objects.filter(
        municipality=question.municipality, assessed_on__lte=on, risk__in=open_on(question, on).values("pk")
    )
    newer = Assessment.objects.filter(
        Q(assessed_on__gt=OuterRef("assessed_on")) | Q(assessed_on=OuterRef("assessed_on"), pk__gt=OuterRef("pk")),
        risk=OuterRef("risk"),
        stage=OuterRef("stage"),
        assessed_on__lte=on,
    )
    newest = made.filter(~Exists(newer)).order_by()
    if stage == Stage.BEFORE:
        return newest.filter(stage=Stage.BEFORE)
    after = Assessment.objects.filter(risk=OuterRef("risk"), stage=Stage.AFTER, assessed_on__lte=on)
    return newest.filter(Q(stage=Stage.AFTER) | Q(~Exists(after), stage=Stage.BEFORE))


def risks(question: Question) -> Risks:
    """Count open risks by level, cell and area, before measures and now."""
    scales = {scale.pk: scale for scale in Scale.objects.filter(municipality=question.municipality)}
    before = _Judged(question, question.cut_off, Stage.BEFORE, scales)
    now = _Judged(question, question.cut_off, Stage.AFTER, scales)
    last_year = _Judged(question, question.day_in(question.year - 1), Stage.AFTER, scales)
    areas = _areas(question)
    main = scales.get(now.main_scale() or before.main_scale() or 0)
    return Risks(
        open=areas["all"],
        judged=now.shown["all"],
        high=now.shown["high"],
        high_last_year=last_year.shown["high"],
        levels=_levels(main, before, now),
        areas=[AreaCount(key.removeprefix("all:"), count) for key, count in areas.items() if key != "all"],
        matrix=_matrix(main, before, now) if main else None,
        top=[] if question.is_public else _top(question, scales),
        persons_rank=question.municipality.rules(question.cut_off).persons_rank,
        hidden=sum(count is None for each in (before.shown, now.shown, areas) for count in each.values()),
    )


class _Judged:
    """Counts of judgements by severity, level and cell on one day."""

    def __init__(self, question: Question, on: date, stage: Stage, scales: dict[int, Scale]) -> None:
        columns = ("scale_id", "band", "likelihood", "consequence")
        self.cells: Counter[tuple[int, str, int, int]] = Counter()
        for *cell, count in judged_on(question, on, stage).values_list(*columns).annotate(Count("pk")):
            self.cells[tuple(cell)] = count
        self.scales = scales
        self.shown: Counts = published(self._tree(), public=question.is_public)

    def main_scale(self) -> int | None:
        by_scale: Counter[int] = Counter()
        for (scale_id, *_cell), count in self.cells.items():
            by_scale[scale_id] += count
        return min(by_scale, key=lambda pk: (-by_scale[pk], -pk), default=None)

    def _tree(self) -> Part:
        """All → the upper and the lower half → levels → cells: each cell on one level, each level in one half."""
        halves = {"high": Part("high", 0), "low": Part("low", 0)}
        levels: dict[str, Part] = {}
        for (scale_id, band, likelihood, consequence), count in sorted(self.cells.items()):
            half = halves["high" if self._severity(scale_id, band) >= HIGH else "low"]
            key = f"{scale_id}:{band}"
            if key not in levels:
                levels[key] = Part(key, 0)
                half.parts.append(levels[key])
            levels[key].parts.append(Part(f"{key}:{likelihood}x{consequence}", count))
            levels[key].count += count
            half.count += count
        return Part("all", sum(self.cells.values()), list(halves.values()))

    def _severity(self, scale_id: int, band: str) -> int:
        return next(each.severity for each in self.scales[scale_id].levels if each.key == band)


def _levels(scale: Scale | None, before: _Judged, now: _Judged) -> list[Level]:
    if scale is None:
        return []
    return [
        Level(
            word=band.word,
            severity=band.severity,
            before=before.shown.get(f"{scale.pk}:{band.key}", 0),
            now=now.shown.get(f"{scale.pk}:{band.key}", 0),
        )
        for band in reversed(scale.levels)
    ]


def _matrix(scale: Scale, before: _Judged, now: _Judged) -> Matrix:
    cells = []
    for likelihood in range(len(scale.likelihood), 0, -1):
        for consequence in range(1, len(scale.consequence) + 1):
            band = scale.band(likelihood, consequence)
            key = f"{scale.pk}:{band.key}:{likelihood}x{consequence}"
            cells.append(
                Cell(
                    likelihood=likelihood,
                    consequence=consequence,
                    word=band.word,
                    severity=band.severity,
                    before=_of_level(before, scale, band.key, key),
                    now=_of_level(now, scale, band.key, key),
                )
            )
    return Matrix(
        scale=scale.name,
        likelihood=list(scale.likelihood),
        consequence=list(scale.consequence),
        bands=[{"word": band.word, "severity": band.severity} for band in reversed(scale.levels)],
        cells=cells,
    )


def _of_level(judged: _Judged, scale: Scale, band: str, key: str) -> int | None:
    """A cell's count; an empty cell of a hidden level is hidden with it."""
    level = judged.shown.get(f"{scale.pk}:{band}", 0)
    return None if level is None else judged.shown.get(key, 0)


def _areas(question: Question) -> Counts:
    counted = open_on(question, question.cut_off).order_by().values_list("area__name").annotate(Count("pk"))
    counts = {name or "": count for name, count in counted}
    ordered = dict(sorted(counts.items(), key=lambda item: (not item[0], item[0])))
    return published(division("all", ordered), public=question.is_public)


def _top(question: Question, scales: dict[int, Scale]) -> list[TopRisk]:
    """The worst open risks in the municipality's own order, persons first where it says so (R3, R139)."""
    worst = list(open_on(question, question.cut_off).select_related("body").worst_first()[:TOP])  # type: ignore[attr-defined]
    ids, names = [risk.pk for risk in worst], body_names(question)
    before, now = (
        {made.risk_id: made for made in judged_on(question, question.cut_off, stage).filter(risk_id__in=ids)}
        for stage in (Stage.BEFORE, Stage.AFTER)
    )
    top = []
    for risk in worst:
        if risk.pk not in now:
            continue
        then, stands = before.get(risk.pk), now[risk.pk]
        band = _band(scales, stands)
        top.append(
            TopRisk(
                label=risk.label,
                title=risk.title,
                body=names.get(risk.body_id, risk.body.name),
                before=_band(scales, then).word if then else "",
                now=band.word,
                severity=band.severity,
            )
        )
    return top


def _band(scales: dict[int, Scale], made: Assessment) -> Any:
    return next(band for band in scales[made.scale_id].levels if band.key == made.band)
