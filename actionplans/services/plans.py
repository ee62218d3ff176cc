"""A plan begins, and what it says beside its measures."""

from django.db import IntegrityError, transaction

from actionplans.models import Plan
from actionplans.permissions import CHANGE_PLAN
from actionplans.services.errors import OutsidePlan, PlanChanged, PlanExists
from actionplans.services.versions import draft_of, lock_plan, open_next_version
from organisation import clock
from organisation.access import require
from organisation.models import PLANNING_BODIES, Body, User


@transaction.atomic
def create_plan(*, body: Body, year: int, title: str, by: User, further_points: str = "") -> Plan:
    """Begin the action plan of ``body`` for one budget year, with version 1 as a draft (R82, R178).

    Raises ``NotAllowed``, ``OutsidePlan`` for a body that adopts no plan, ``PlanExists``.
    """
    require(by, CHANGE_PLAN, body)
    if body.kind not in PLANNING_BODIES:
        raise OutsidePlan
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                municipality=body.municipality,
                body=body,
                year=year,
                title=title,
                further_points=further_points,
                created_by=by,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise PlanExists from error
    open_next_version(plan, by=by)
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, title: str, further_points: str, expected_edit_count: int, by: User) -> Plan:
    """Change the title and the further points of the proposed decision (one a line) of the draft.

    Raises ``NotAllowed``, ``PlanLocked``, ``PlanChanged`` when someone else saved the same meanwhile.
    """
    plan = lock_plan(plan)
    require(by, CHANGE_PLAN, plan)
    draft_of(plan, by=by)
    if plan.edit_count != expected_edit_count:
        raise PlanChanged
    plan.title, plan.further_points = title, further_points
    plan.edit_count += 1
    plan.save()
    return plan
