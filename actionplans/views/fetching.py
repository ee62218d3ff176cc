"""The rows that a page may be about: only within plans that the person may see."""

import uuid
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from actionplans.models import OPEN_STATES, Measure, Plan, PlanDecision, PlanVersion, VersionState
from actionplans.permissions import CHANGE_PLAN, RECORD_DECISION, SUBMIT_PLAN
from organisation.access import Scope
from organisation.requests import PersonRequest


def plan_seen(request: PersonRequest, public_id: uuid.UUID) -> Plan:
    """Return a plan that the person may see, else 404."""
    visible = Plan.objects.visible_to(request.user).select_related("body", "municipality")
    return get_object_or_404(visible, public_id=public_id)


def version_seen(request: PersonRequest, public_id: uuid.UUID) -> PlanVersion:
    """Return a version of a plan that the person may see, a draft only to those who prepare it; else 404."""
    seen = PlanVersion.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    prepared = Plan.objects.permitted(request.user, CHANGE_PLAN)
    seen = seen.filter(~Q(state=VersionState.DRAFT) | Q(plan__in=prepared))
    return get_object_or_404(seen.select_related("plan__body", "plan__municipality"), public_id=public_id)


def measure_seen(request: PersonRequest, public_id: uuid.UUID) -> Measure:
    """Return a measure of a plan that the person may see, else 404."""
    seen = Measure.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    shown = seen.select_related("plan__body", "plan__municipality", "version", "responsible__seat_type", "area")
    return get_object_or_404(shown, public_id=public_id)


def decision_seen(request: PersonRequest, public_id: uuid.UUID) -> PlanDecision:
    """Return a decision on a plan that the person may see, else 404."""
    seen = PlanDecision.objects.filter(version__plan__in=Plan.objects.visible_to(request.user))
    shown = seen.select_related("version__plan__body", "version__plan__municipality", "decision__meeting__body")
    return get_object_or_404(shown, public_id=public_id)


def shown_version(plan: Plan, *, prepares: bool) -> PlanVersion | None:
    """Return the version that the plan's page shows: the one under work, else in force, else the newest.

    A draft is working material and shown only to one who ``prepares`` the plan.
    """
    versions = [one for one in plan.versions.order_by("-number") if prepares or one.state != VersionState.DRAFT]
    open_ones = [one for one in versions if one.state in OPEN_STATES]
    in_force = [one for one in versions if one.state == VersionState.IN_FORCE]
    shown = next(iter((*open_ones, *in_force, *versions)), None)
    if shown is not None:
        shown.plan = plan
    return shown


class Actions:
    """What the person may do with a plan now: buttons are shown only for these."""

    def __init__(self, user: Any, plan: Plan) -> None:
        scope = Scope.of(user)
        states = set(plan.versions.values_list("state", flat=True))
        with_meeting = bool(states & {VersionState.SUBMITTED, VersionState.PRELIMINARY})
        may_submit = scope.allows(SUBMIT_PLAN, plan)
        self.prepares = scope.allows(CHANGE_PLAN, plan)
        self.edit = self.prepares and not with_meeting
        self.submit = may_submit and VersionState.DRAFT in states
        self.withdraw = may_submit and VersionState.SUBMITTED in states
        self.correct = scope.allows(RECORD_DECISION, plan)
        self.decide = self.correct and VersionState.SUBMITTED in states
        self.minutes = self.correct and VersionState.PRELIMINARY in states

    @property
    def any(self) -> bool:
        """Tell whether there is anything to do."""
        return self.edit or self.submit or self.withdraw or self.decide or self.minutes
