"""The one-page paper of a plan, from its content alone: proposed decision, three numbers, matrix, five columns."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.content import MeasureContent, PlanContent, RiskContent
from actionplans.models import Measure, MeasureState, MeasureType
from actionplans.wording import MEASURE_TONE, day, kronor, resource
from organisation import clock


@dataclass(frozen=True)
class Row:
    """A measure in the five columns (R93), with its live row when the paper stands on a page."""

    key: str
    what: str
    how: str
    due: str
    who: str
    holder: str
    type: str
    area: str
    risks: list[RiskContent]
    resources: list[str]
    measure: Measure | None = None

    @property
    def tone(self) -> str:
        """The tone of the measure's status tag."""
        return "late" if self.is_late else MEASURE_TONE[self.measure.state if self.measure else MeasureState.PLANNED]

    @property
    def status(self) -> str:
        """How far the measure has come, in words."""
        if self.is_late:
            return _("Overdue")
        return str(MeasureState(self.measure.state).label) if self.measure else ""

    @property
    def is_late(self) -> bool:
        """Tell whether the day has passed and the measure is not finished."""
        return bool(self.measure and self.measure.is_late(clock.today()))


@dataclass(frozen=True)
class Paper:
    """What the page draws."""

    content: PlanContent
    points: list[str]
    figures: list[dict[str, str]]
    rows: list[Row]
    sums: list[tuple[int, str]]
    matrix: dict[str, Any] | None
    bands: list[dict[str, Any]]
    finding: str
    unplaced: int = 0
    measures: dict[str, Measure] = field(default_factory=dict)


def paper_of(content: PlanContent, measures: dict[str, Measure] | None = None) -> Paper:
    """Return the paper of ``content``; ``measures`` (key → row) adds how each goes today."""
    measures = measures or {}
    risks = {risk.key: risk for risk in content.risks}
    return Paper(
        content=content,
        points=points_of(content),
        figures=_figures(content),
        rows=[_row(measure, risks, measures.get(measure.key)) for measure in content.measures],
        sums=[(year, _resources_of_year(content, year)) for year in content.budget_years],
        matrix=_matrix(content),
        bands=[{"word": word, "severity": severity} for _key, word, severity in reversed(content.scale.bands)],
        finding=_finding(content),
        unplaced=sum(1 for risk in content.risks if _cell(risk, "before", content) is None),
        measures=measures,
    )


def points_of(content: PlanContent) -> list[str]:
    """Return the proposed decision, point by point: adoption, money for each year, and what else is proposed."""
    points = [_("%(body)s adopts the action plan for %(year)s.") % {"body": content.body, "year": content.year}]
    for year, ore in content.money_ore.items():
        if ore:
            said = {"body": content.body, "money": kronor(ore), "year": year}
            points.append(_("%(body)s sets aside %(money)s in the budget for %(year)s.") % said)
    return [*points, *content.further_points]


def _resources_of_year(content: PlanContent, year: int) -> str:
    parts = []
    if ore := content.money_ore[year]:
        parts.append(kronor(ore))
    if hours := content.hours[year]:
        number = number_format(hours, force_grouping=True)
        parts.append(ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": number})
    return ", ".join(parts) or kronor(0)


def _row(measure: MeasureContent, risks: dict[str, RiskContent], live: Measure | None) -> Row:
    many_years = len({line.budget_year for line in measure.resources}) > 1
    return Row(
        key=measure.key,
        what=measure.what,
        how=measure.how,
        due=day(measure.due_on),
        who=measure.responsible,
        holder=measure.holder,
        type=str(MeasureType(measure.type).label),
        area=measure.area,
        risks=[risks[key] for key in measure.risks if key in risks],
        resources=[resource(line, year=many_years) for line in measure.resources],
        measure=live,
    )


def _figures(content: PlanContent) -> list[dict[str, str]]:
    """Return three numbers: the worst level before and after, the measures, the money of the plan's own year."""
    count = len(content.measures)
    tied = sum(1 for measure in content.measures if measure.risks)
    hours = content.hours.get(content.year, 0)
    spent = ngettext("and %(hours)s working hour", "and %(hours)s working hours", hours) % {
        "hours": number_format(hours, force_grouping=True)
    }
    figures = [
        {
            "value": str(count),
            "label": ngettext("measure", "measures", count),
            "change": _("%(tied)s of them answer a risk") % {"tied": tied},
        },
        {
            "value": kronor(content.money_ore.get(content.year, 0)),
            "label": _("cost in %(year)s") % {"year": content.year},
            "change": spent if hours else "",
        },
    ]
    if content.risks and (worst := _worst_band(content)):
        key, word, _severity = worst
        moved = f"{content.counts_before[key]} → {content.counts_after[key]}"
        label = _("risks at the level “%(level)s”, before and after the plan") % {"level": word}
        figures.insert(0, {"value": moved, "label": label, "change": ""})
    return figures


def _worst_band(content: PlanContent) -> tuple[str, str, int] | None:
    """Return the highest band that holds a risk before measures, else the highest there is."""
    bands = list(content.scale.bands)
    held = [band for band in bands if content.counts_before.get(band[0])]
    return next(reversed(held or bands), None)


def _finding(content: PlanContent) -> str:
    pairs = [(risk.before, risk.after) for risk in content.risks if risk.before and risk.after]
    count = sum(1 for before, after in pairs if after.severity < before.severity)
    if not count:
        return _("The risks that the plan answers")
    return ngettext("%(count)s risk comes to a lower level", "%(count)s risks come to a lower level", count) % {
        "count": count
    }


def _cell(risk: RiskContent, side: str, content: PlanContent) -> tuple[int, int] | None:
    """Return the cell of a risk on the content's scale, or none when it was judged on another."""
    level = getattr(risk, side)
    if level is None:
        return None
    likelihood, consequence = (int(step) for step in level.cell.split("x"))
    inside = likelihood <= len(content.scale.likelihood) and consequence <= len(content.scale.consequence)
    return (likelihood, consequence) if inside else None


def _matrix(content: PlanContent) -> dict[str, Any] | None:
    """Return the matrix as the components draw it, likelihood from high to low; none without a scale."""
    scale = content.scale
    if not scale.cells or not content.risks:
        return None
    bands = {key: (word, severity) for key, word, severity in scale.bands}
    places = {side: [_cell(risk, side, content) for risk in content.risks] for side in ("before", "after")}
    rows = []
    for likelihood in range(len(scale.likelihood), 0, -1):
        cells = []
        for consequence in range(1, len(scale.consequence) + 1):
            word, severity = bands[scale.cells[likelihood - 1][consequence - 1]]
            counts = {side: found.count((likelihood, consequence)) for side, found in places.items()}
            cells.append({"number": likelihood * consequence, "word": word, "severity": severity, **counts})
        rows.append({"word": scale.likelihood[likelihood - 1], "cells": cells})
    return {"caption": _("Risks before and after the plan"), "columns": list(scale.consequence), "rows": rows}
