"""Reads a version's rows into a ``PlanContent``: the draft as it stands, and what is frozen when it is submitted."""

from collections.abc import Iterable
from datetime import date

from actionplans.content import (
    LevelContent,
    MeasureContent,
    PlanContent,
    ResourceContent,
    RiskContent,
    ScaleContent,
)
from actionplans.models import Measure, PlanVersion
from actionplans.values import MeasureValues
from organisation import clock
from organisation.models import Appointment
from risks.models import Risk, Scale


def content_of(version: PlanVersion) -> PlanContent:
    """Return what ``version`` says: frozen content as it is, a draft from its measures as they stand."""
    if version.content is not None:
        return PlanContent.from_json(version.content)
    return content_of_rows(version)


def content_of_rows(version: PlanVersion) -> PlanContent:
    """Return the content that ``version``'s measures make today; a constant number of queries."""
    plan = version.plan
    measures = _rows(version)
    risks = {tie.risk_id: tie.risk for measure in measures for tie in measure.risk_ties.all()}
    holders = holders_of_seats((measure.responsible_id for measure in measures), clock.today())
    return PlanContent(
        title=plan.title,
        body=plan.body.name,
        year=plan.year,
        measures=tuple(_measure(measure, holders.get(measure.responsible_id, "")) for measure in measures),
        risks=tuple(_risk(risk) for risk in sorted(risks.values(), key=lambda risk: (-risk.sort_key, -risk.pk))),
        further_points=tuple(line.strip() for line in plan.further_points.splitlines() if line.strip()),
        scale=_scale(Scale.objects.for_risks(plan.municipality, clock.today())),
    )


def contents_of_measures(version: PlanVersion) -> dict[str, MeasureContent]:
    """Return key → content of ``version``'s measures as their rows stand."""
    measures = _rows(version)
    holders = holders_of_seats((measure.responsible_id for measure in measures), clock.today())
    return {str(one.key): _measure(one, holders.get(one.responsible_id, "")) for one in measures}


def _rows(version: PlanVersion) -> list[Measure]:
    rows = version.measures.order_by("position", "pk")
    rows = rows.select_related("responsible__seat_type", "responsible__body", "area")
    return list(rows.prefetch_related("resources", "risk_ties__risk__scale_before", "risk_ties__risk__scale_now"))


def holders_of_seats(seat_ids: Iterable[int], on: date) -> dict[int, str]:
    """Return seat id → name of the one who holds it on the day ``on``, the first appointed before deputies."""
    held = Appointment.objects.in_force(on).filter(seat_id__in=set(seat_ids), person__is_active=True)
    names: dict[int, str] = {}
    for appointment in held.select_related("person").order_by("is_deputy", "valid_from", "pk"):
        names.setdefault(appointment.seat_id, appointment.person.name)
    return names


def content_of_values(key: str, values: MeasureValues) -> MeasureContent:
    """Return the content that ``values`` would give the measure ``key``: to compare with what is saved."""
    return MeasureContent(
        key=key,
        what=values.what,
        how=values.how,
        starts_on=values.starts_on.isoformat() if values.starts_on else None,
        due_on=values.due_on.isoformat(),
        responsible=f"{values.responsible.seat_type.title}, {values.responsible.body.name}",
        responsible_key=str(values.responsible.public_id),
        type=values.type,
        area=values.area.name if values.area else "",
        risks=tuple(sorted(str(risk.public_id) for risk in values.risks)),
        resources=tuple(
            ResourceContent(line.budget_year, line.kind, line.amount_ore, line.hours, line.note)
            for line in values.resources
        ),
    )


def _measure(measure: Measure, holder: str) -> MeasureContent:
    seat = measure.responsible
    return MeasureContent(
        key=str(measure.key),
        what=measure.what,
        how=measure.how,
        starts_on=measure.starts_on.isoformat() if measure.starts_on else None,
        due_on=measure.due_on.isoformat(),
        responsible=f"{seat.seat_type.title}, {seat.body.name}",
        responsible_key=str(seat.public_id),
        holder=holder,
        type=measure.type,
        area=measure.area.name if measure.area else "",
        risks=tuple(sorted(str(tie.risk.public_id) for tie in measure.risk_ties.all())),
        resources=resources_of(measure),
    )


def resources_of(measure: Measure) -> tuple[ResourceContent, ...]:
    """Return what the measure needs, line by line."""
    return tuple(
        ResourceContent(line.budget_year, line.kind, line.amount_ore, line.hours, line.note)
        for line in measure.resources.all()
    )


def _risk(risk: Risk) -> RiskContent:
    return RiskContent(
        key=str(risk.public_id),
        label=risk.label,
        title=risk.title,
        before=_level(risk.scale_before, risk.band_before, risk.cell_before),
        after=_level(risk.scale_now, risk.band_now, risk.cell_now),
    )


def _level(scale: Scale | None, band_key: str, cell: str) -> LevelContent | None:
    if scale is None or not band_key:
        return None
    band = scale.band_of(band_key)
    return LevelContent(key=band.key, word=band.word, severity=band.severity, cell=cell)


def _scale(scale: Scale | None) -> ScaleContent:
    if scale is None:
        return ScaleContent()
    return ScaleContent(
        likelihood=tuple(scale.likelihood),
        consequence=tuple(scale.consequence),
        bands=tuple((band.key, band.word, band.severity) for band in scale.levels),
        cells=tuple(tuple(row) for row in scale.cells),
    )
