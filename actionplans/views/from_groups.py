"""From a group's action to a measure of a plan: choose the plan, then its form begins with the action's words."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actionplans.models import Plan, VersionState
from actionplans.permissions import CHANGE_PLAN
from organisation import clock
from organisation.access import require
from organisation.groups import actions_seen
from organisation.requests import PersonRequest

MOST_PLANS = 100
# With the meeting, or decided and waiting for its minutes: closed for changes.
CLOSED_STATES = (VersionState.SUBMITTED, VersionState.PRELIMINARY)


@login_required
@require_safe
def from_action(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The plans that a group's action can become a measure of."""
    rows = actions_seen(request.user).select_related("meeting__body")
    action = get_object_or_404(rows, public_id=public_id)
    require(request.user, CHANGE_PLAN)
    plans = Plan.objects.permitted(request.user, CHANGE_PLAN).exclude(versions__state__in=CLOSED_STATES)
    plans = plans.filter(year__gte=clock.today().year).select_related("body")
    context = {"action": action, "plans": plans.order_by("body__name", "-year", "pk")[:MOST_PLANS]}
    return render(request, "actionplans/from_action.html", context)


def begun_by_action(request: PersonRequest) -> dict[str, Any]:
    """Return what a measure's form begins with when the address names a group's action that the person sees."""
    try:
        wanted = uuid.UUID(request.GET.get("action", ""))
    except ValueError:
        return {}
    action = actions_seen(request.user).filter(public_id=wanted).first()
    if action is None:
        return {}
    return {"from_action": action.public_id, "what": action.what, "due_on": action.due_on}
