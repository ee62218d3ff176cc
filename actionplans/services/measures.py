"""Measures of a draft: added, edited, removed. Each edit is refused if someone else saved the same measure."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from actionplans.models import Measure, MeasureRisk, Plan, PlanVersion, ResourceLine
from actionplans.permissions import CHANGE_PLAN
from actionplans.services.errors import MeasureChanged, OutsidePlan
from actionplans.services.versions import draft_of, lock_plan
from actionplans.values import MeasureValues, ResourceValues
from organisation.access import require
from organisation.errors import NotAllowed, WrongState
from organisation.groups import actions_seen
from organisation.models import BodyClosure, User
from risks.models import Risk


@transaction.atomic
def add_measure(*, plan: Plan, values: MeasureValues, by: User, submission_key: uuid.UUID | None = None) -> Measure:
    """Add a measure to the draft of ``plan``; the same key by the same person gives the same measure.

    An action of a group that it is made of must be one that ``by`` sees. Raises ``NotAllowed``, ``PlanLocked``,
    ``OutsidePlan``.
    """
    plan = lock_plan(plan)
    require(by, CHANGE_PLAN, plan)
    action = values.from_action
    if action is not None and not actions_seen(by).filter(pk=action.pk).exists():
        raise NotAllowed
    if submission_key and (kept := plan.measures.filter(submission_key=submission_key).first()):
        return kept
    version = draft_of(plan, by=by)
    last = version.measures.aggregate(last=Max("position"))["last"]
    measure = Measure(
        municipality=plan.municipality,
        plan=plan,
        version=version,
        position=0 if last is None else last + 1,
        from_action=action,
        submission_key=submission_key or uuid.uuid4(),
    )
    _write(measure, values)
    return measure


@transaction.atomic
def edit_measure(*, measure: Measure, values: MeasureValues, expected_edit_count: int, by: User) -> Measure:
    """Write ``values`` on the measure in the plan's draft, which opens if the plan was decided.

    Raises ``NotAllowed``, ``PlanLocked``, ``OutsidePlan``, ``WrongState`` when the draft has the measure no
    more, ``MeasureChanged`` when its edit count is another than ``expected_edit_count``.
    """
    plan = lock_plan(measure.plan)
    require(by, CHANGE_PLAN, plan)
    drafted = _in_draft(draft_of(plan, by=by), measure)
    if drafted.edit_count != expected_edit_count:
        raise MeasureChanged(drafted)
    drafted.edit_count += 1
    _write(drafted, values)
    return drafted


@transaction.atomic
def remove_measure(*, measure: Measure, expected_edit_count: int, by: User) -> Plan:
    """Take the measure out of the plan's draft; versions already submitted keep theirs.

    Raises as ``edit_measure``.
    """
    plan = lock_plan(measure.plan)
    require(by, CHANGE_PLAN, plan)
    drafted = _in_draft(draft_of(plan, by=by), measure)
    if drafted.edit_count != expected_edit_count:
        raise MeasureChanged(drafted)
    for row in (*drafted.resources.all(), *drafted.risk_ties.all()):
        row.delete()
    drafted.delete()
    return plan


def _in_draft(draft: PlanVersion, measure: Measure) -> Measure:
    drafted = draft.measures.filter(key=measure.key).first()
    if drafted is None:
        raise WrongState
    drafted.plan = draft.plan
    return drafted


def _write(measure: Measure, values: MeasureValues) -> None:
    """Save the measure's own columns, and make its ties and resource lines the ones of ``values``."""
    _refuse_outside(measure, values)
    measure.what, measure.how, measure.type, measure.area = values.what, values.how, values.type, values.area
    measure.starts_on, measure.due_on, measure.responsible = values.starts_on, values.due_on, values.responsible
    measure.save()
    _tie(measure, values.risks)
    _equip(measure, values.resources)


def _refuse_outside(measure: Measure, values: MeasureValues) -> None:
    """Risks and seats stand at the plan's body or below it today; what the measure has already may stay."""
    bodies = {values.responsible.body_id} if values.responsible.pk != measure.responsible_id else set()
    kept = set(measure.risk_ties.values_list("risk_id", flat=True)) if measure.pk else set()
    bodies |= {risk.body_id for risk in values.risks if risk.pk not in kept}
    within = BodyClosure.objects.filter(ancestor_id=measure.plan.body_id, descendant_id__in=bodies)
    area_elsewhere = values.area is not None and values.area.municipality_id != measure.municipality_id
    if area_elsewhere or within.count() != len(bodies):
        raise OutsidePlan


def _tie(measure: Measure, risks: Sequence[Risk]) -> None:
    wanted = {risk.pk: risk for risk in risks}
    for tie in measure.risk_ties.all():
        if wanted.pop(tie.risk_id, None) is None:
            tie.delete()
    for risk in wanted.values():
        MeasureRisk.objects.create(municipality=measure.municipality, measure=measure, risk=risk)


def _equip(measure: Measure, resources: Sequence[ResourceValues]) -> None:
    """Lines that are the same as before stay, so that history shows real changes only."""
    wanted = list(resources)
    for line in measure.resources.all():
        same = ResourceValues(line.budget_year, line.amount_ore, line.hours, line.note)
        if same in wanted:
            wanted.remove(same)
        else:
            line.delete()
    for values in wanted:
        ResourceLine.objects.create(
            municipality=measure.municipality,
            measure=measure,
            budget_year=values.budget_year,
            kind=values.kind,
            amount_ore=values.amount_ore,
            hours=values.hours,
            note=values.note,
        )
