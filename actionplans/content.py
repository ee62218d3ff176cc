"""A plan's content as a meeting meets it: plain values, without a database, that freeze to JSON and a hash.

``PlanContent.to_json()`` is what ``PlanVersion.content`` holds and ``models.content_hash`` is taken of.
Everything that the paper shows is in it, so that a frozen version reads the same for ever: names of
seats and their holders, the risks as they were judged, and the scale they were judged on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

# Raised when the shape changes; older versions are read by the same ``from_json``.
FORM = 1


@dataclass(frozen=True)
class ResourceContent:
    """A resource in one budget year: money in öre, or working hours."""

    budget_year: int
    kind: str
    amount_ore: int | None = None
    hours: int | None = None
    note: str = ""


@dataclass(frozen=True)
class LevelContent:
    """A level as it was judged: the band's key, word and severity (1–4), and the cell ("4x5")."""

    key: str
    word: str
    severity: int
    cell: str


@dataclass(frozen=True)
class RiskContent:
    """A risk that measures of the plan answer (R92), as it stood before and after measures."""

    key: str
    label: str
    title: str
    before: LevelContent | None = None
    after: LevelContent | None = None


@dataclass(frozen=True)
class MeasureContent:
    """A measure: what, how, when, who and with which resources (R93); its type (R86) and area (R87).

    ``key`` is the measure's in all versions, ``risks`` the keys of the risks it answers. Days are ISO
    dates. ``holder`` is the person who held the responsible seat that day, "" when it stood empty.
    """

    key: str
    what: str
    how: str
    due_on: str
    responsible: str
    type: str
    starts_on: str | None = None
    responsible_key: str = ""
    holder: str = ""
    area: str = ""
    risks: tuple[str, ...] = ()
    resources: tuple[ResourceContent, ...] = ()

    @property
    def due(self) -> date:
        """The day it should be done."""
        return date.fromisoformat(self.due_on)

    def money_in(self, year: int | None = None) -> int:
        """Return its money in öre, of one budget year or of all."""
        lines = (line for line in self.resources if year in (None, line.budget_year))
        return sum(line.amount_ore or 0 for line in lines)

    def hours_in(self, year: int | None = None) -> int:
        """Return its working hours, of one budget year or of all."""
        return sum(line.hours or 0 for line in self.resources if year in (None, line.budget_year))


@dataclass(frozen=True)
class ScaleContent:
    """The scale that the risks stand on: words lowest first, bands as (key, word, severity), a band key a cell."""

    likelihood: tuple[str, ...] = ()
    consequence: tuple[str, ...] = ()
    bands: tuple[tuple[str, str, int], ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class PlanContent:
    """Everything a plan says. ``counts_before`` and ``counts_after`` are risks per band key, lowest band first."""

    title: str
    body: str
    year: int
    measures: tuple[MeasureContent, ...] = ()
    risks: tuple[RiskContent, ...] = ()
    further_points: tuple[str, ...] = ()
    scale: ScaleContent = field(default_factory=ScaleContent)

    @property
    def counts_before(self) -> dict[str, int]:
        """Risks per band before measures."""
        return self._counts("before")

    @property
    def counts_after(self) -> dict[str, int]:
        """Risks per band after measures."""
        return self._counts("after")

    def _counts(self, side: str) -> dict[str, int]:
        counts = {key: 0 for key, _word, _severity in self.scale.bands}
        for risk in self.risks:
            level: LevelContent | None = getattr(risk, side)
            if level is not None:
                counts[level.key] = counts.get(level.key, 0) + 1
        return counts

    @property
    def budget_years(self) -> tuple[int, ...]:
        """The years that resources are asked for in."""
        return tuple(sorted({line.budget_year for measure in self.measures for line in measure.resources}))

    @property
    def money_ore(self) -> dict[int, int]:
        """Öre per budget year."""
        return {year: sum(measure.money_in(year) for measure in self.measures) for year in self.budget_years}

    @property
    def hours(self) -> dict[int, int]:
        """Working hours per budget year."""
        return {year: sum(measure.hours_in(year) for measure in self.measures) for year in self.budget_years}

    def measure(self, key: str) -> MeasureContent | None:
        """Return the measure with ``key``, if the plan has it."""
        return next((measure for measure in self.measures if measure.key == key), None)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and dicts, with the sums written out for those who read the file alone."""
        plain: dict[str, Any] = _plain(asdict(self))
        totals = {
            "money_ore": {str(year): ore for year, ore in self.money_ore.items()},
            "hours": {str(year): hours for year, hours in self.hours.items()},
            "risks_before": self.counts_before,
            "risks_after": self.counts_after,
        }
        return {"form": FORM, **plain, "totals": totals}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Return the content that ``to_json`` wrote; the sums are counted anew from the lines."""
        return cls(
            title=plain["title"],
            body=plain["body"],
            year=plain["year"],
            measures=tuple(_measure(one) for one in plain["measures"]),
            risks=tuple(_risk(one) for one in plain["risks"]),
            further_points=tuple(plain["further_points"]),
            scale=_scale(plain["scale"]),
        )


def _plain(value: Any) -> Any:
    """Return ``value`` with tuples as lists, as JSON gives them back."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _measure(plain: Mapping[str, Any]) -> MeasureContent:
    lines = tuple(ResourceContent(**line) for line in plain["resources"])
    return MeasureContent(**{**plain, "risks": tuple(plain["risks"]), "resources": lines})


def _risk(plain: Mapping[str, Any]) -> RiskContent:
    before, after = (LevelContent(**level) if level else None for level in (plain["before"], plain["after"]))
    return RiskContent(**{**plain, "before": before, "after": after})


def _scale(plain: Mapping[str, Any]) -> ScaleContent:
    return ScaleContent(
        likelihood=tuple(plain["likelihood"]),
        consequence=tuple(plain["consequence"]),
        bands=tuple((key, word, severity) for key, word, severity in plain["bands"]),
        cells=tuple(tuple(row) for row in plain["cells"]),
    )


@dataclass(frozen=True)
class Change:
    """One difference between two contents: of which measure ("" for the plan itself), which field, and the values.

    ``field`` is a name of ``MeasureContent`` or ``PlanContent``, or "added" or "removed".
    """

    measure: str
    field: str
    before: Any = None
    after: Any = None


COMPARED = ("what", "how", "starts_on", "due_on", "responsible", "holder", "type", "area", "risks", "resources")
COMPARED_IN_PLAN = ("title", "further_points", "counts_before", "counts_after")


def changes(before: PlanContent, after: PlanContent) -> list[Change]:
    """Return what differs from ``before`` to ``after``: the plan's own fields, then measure by measure."""
    found = list(_changed("", before, after, COMPARED_IN_PLAN))
    earlier = {measure.key: measure for measure in before.measures}
    later = {measure.key: measure for measure in after.measures}
    for key, measure in later.items():
        if key not in earlier:
            found.append(Change(measure.what, "added", None, measure.what))
        else:
            found += _changed(earlier[key].what, earlier[key], measure, COMPARED)
    found += [Change(gone.what, "removed", gone.what) for key, gone in earlier.items() if key not in later]
    return found


def _changed(name: str, before: Any, after: Any, fields: Sequence[str]) -> Iterable[Change]:
    for one in fields:
        old, new = getattr(before, one), getattr(after, one)
        if old != new:
            yield Change(name, one, old, new)


def measure_changes(before: MeasureContent, after: MeasureContent) -> list[Change]:
    """Return what differs between two forms of one measure, its holder apart."""
    return [change for change in _changed("", before, after, COMPARED) if change.field != "holder"]
