"""What plans tell of a group's action: the measures that it became, and that it can become one (R209, R210)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import Measure, Plan, VersionState
from actionplans.permissions import CHANGE_PLAN
from actionplans.wording import MEASURE_TONE
from organisation.access import Scope
from organisation.action_ties import Became, Offer
from organisation.models import GroupAction


def became_of(action: GroupAction, user: Any) -> Iterable[Became]:
    """Yield the measures that ``action`` became, each once: as it is in force, else as it is on its way there.

    A draft is working material, told only to those who prepare the plan.
    """
    visible = set(Plan.objects.visible_to(user).filter(measures__from_action=action).values_list("pk", flat=True))
    scope, found = Scope.of(user), dict[Any, Measure]()
    rows = Measure.objects.filter(from_action=action).select_related("plan__body", "version")
    for measure in rows.order_by("version__number"):
        if measure.version.state == VersionState.DRAFT and not scope.allows(CHANGE_PLAN, measure.plan):
            continue
        kept = found.get(measure.key)
        if kept is None or kept.version.state != VersionState.IN_FORCE:
            found[measure.key] = measure
    for measure in found.values():
        in_force = measure.version.state == VersionState.IN_FORCE
        yield Became(
            title=measure.what,
            where=measure.plan.title,
            status=measure.get_state_display() if in_force else measure.version.get_state_display(),
            tone=MEASURE_TONE[measure.state] if in_force else "wait",
            url=reverse("actionplans:measure", args=[measure.public_id]) if measure.plan_id in visible else "",
        )


def offers_for(action: GroupAction, user: Any) -> Iterable[Offer]:
    """Yield the way to make ``action`` a measure, for those who prepare a plan."""
    if Scope.of(user).holds(CHANGE_PLAN):
        yield Offer(_("Make it a measure"), reverse("actionplans:from_action", args=[action.public_id]))
