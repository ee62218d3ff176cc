"""Figures over many risks: the matrix before and after measures, and how many are at each level.

Each function takes a queryset of risks that the caller has limited to what may be seen and counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from risks.models import Band, Risk, RiskQuerySet, Scale, cell_name, cell_of

# A severity of 3 or more is "high or worse", whatever the municipality calls it.
HIGH = 3
SEVERITIES = (1, 2, 3, 4)


@dataclass(frozen=True)
class CellCount:
    """How many risks stand in one cell, before and after measures."""

    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class MatrixCell:
    """One cell of the drawn matrix: its label and word, its severity 1–4, and how many risks it holds."""

    number: int
    word: str
    severity: int
    before: int
    after: int
    url: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """One step of likelihood and its cells, the lowest consequence first."""

    word: str
    cells: Sequence[MatrixCell]


@dataclass(frozen=True)
class Matrix:
    """The matrix as it is drawn: the highest likelihood on top; ``mode`` is "both", "before" or "after"."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[MatrixRow]
    mode: str = "both"
    note: str = ""


@dataclass(frozen=True)
class LevelCounts:
    """How many risks there are, how many of each severity, and how many are high or worse."""

    total: int
    before: Mapping[int, int]
    now: Mapping[int, int]

    @property
    def high_before(self) -> int:
        return sum(self.before[severity] for severity in SEVERITIES if severity >= HIGH)

    @property
    def high_now(self) -> int:
        return sum(self.now[severity] for severity in SEVERITIES if severity >= HIGH)


def matrix_counts(risks: RiskQuerySet, scale: Scale) -> dict[tuple[int, int], CellCount]:
    """Return (likelihood, consequence) → counts for every cell of ``scale`` that holds a risk; two queries.

    A risk counts where it was judged: one that was judged on another version of the scale is in no cell.
    """
    before = _per_cell(risks.filter(scale_before=scale), "cell_before")
    after = _per_cell(risks.filter(scale_now=scale), "cell_now")
    return {cell_of(name): CellCount(before.get(name, 0), after.get(name, 0)) for name in before.keys() | after.keys()}


def level_counts(risks: RiskQuerySet) -> LevelCounts:
    """Return how many risks stand at each severity, before and now, on whatever scale; one query."""
    wanted: dict[str, Any] = {"total": Count("pk")}
    for severity in SEVERITIES:
        wanted[f"before_{severity}"] = Count("pk", filter=Q(severity_before=severity))
        wanted[f"now_{severity}"] = Count("pk", filter=Q(severity_now=severity))
    found = risks.order_by().aggregate(**wanted)
    return LevelCounts(
        total=found["total"],
        before={severity: found[f"before_{severity}"] for severity in SEVERITIES},
        now={severity: found[f"now_{severity}"] for severity in SEVERITIES},
    )


def band_counts(counts: Mapping[tuple[int, int], CellCount], scale: Scale) -> dict[str, CellCount]:
    """Return band key → counts, added up from ``matrix_counts``; every band of the scale is there."""
    bands = {band.key: CellCount() for band in scale.levels}
    for (likelihood, consequence), count in counts.items():
        key = scale.band(likelihood, consequence).key
        bands[key] = CellCount(bands[key].before + count.before, bands[key].after + count.after)
    return bands


def top(risks: RiskQuerySet, number: int) -> list[Risk]:
    """Return the ``number`` worst risks, as the municipality ranks them, with what a list shows."""
    return list(risks.worst_first().with_levels()[:number])


def lowest_high_band(scale: Scale) -> Band:
    """Return the band from which a risk is high or worse: the first of severity 3, else the topmost."""
    return next((band for band in scale.levels if band.severity >= HIGH), scale.levels[-1])


def matrix(
    scale: Scale,
    counts: Mapping[tuple[int, int], CellCount],
    *,
    caption: str,
    mode: str = "both",
    note: str = "",
    cell_url: Callable[[str], str] = lambda _cell: "",
) -> Matrix:
    """Return the matrix of ``scale`` with ``counts``; ``cell_url`` gives the address of the list behind a cell."""
    rows = []
    for likelihood in range(len(scale.likelihood), 0, -1):
        cells = []
        for consequence in range(1, len(scale.consequence) + 1):
            level, count = scale.level(likelihood, consequence), counts.get((likelihood, consequence), CellCount())
            url = cell_url(cell_name(likelihood, consequence))
            cells.append(MatrixCell(level.number, level.word, level.severity, count.before, count.after, url))
        rows.append(MatrixRow(word=scale.likelihood[likelihood - 1], cells=cells))
    return Matrix(caption=caption, columns=list(scale.consequence), rows=rows, mode=mode, note=note)


def _per_cell(risks: RiskQuerySet, column: str) -> dict[str, int]:
    return dict(risks.order_by().values_list(column).annotate(number=Count("pk")))
