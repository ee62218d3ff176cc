"""What plans tell the board's overview: this year's plan of each authority, and measures that are overdue (R114)."""

from collections.abc import Mapping

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import Measure, Plan, VersionState
from actionplans.permissions import CHANGE_PLAN
from actionplans.querysets import InventoryRow, expected_to_plan, inventory
from actionplans.wording import VERSION_TONE
from organisation.access import Scope
from organisation.oversight import Cell, Overview


def plan_of_the_year(overview: Overview) -> Mapping[int, Cell]:
    """Return how far this year's plan of each authority has come; nothing for those that need none."""
    expected = expected_to_plan(overview.municipality, overview.on)
    wanted = set(expected.filter(pk__in=[body.pk for body in overview.authorities]).values_list("pk", flat=True))
    bodies = [body for body in overview.authorities if body.pk in wanted]
    rows = inventory(bodies=bodies, year=overview.on.year, on=overview.on)
    plans = [row.plan.pk for row in rows if row.plan]
    visible = set(Plan.objects.visible_to(overview.user).filter(pk__in=plans).values_list("pk", flat=True))
    prepares = {body.pk for body in Scope.of(overview.user).bodies(CHANGE_PLAN)}
    return {row.body.pk: _cell(row, visible, prepares) for row in rows}


def _cell(row: InventoryRow, visible: set[int], prepares: set[int]) -> Cell:
    if row.plan is None or row.version is None:
        return Cell(_("No plan yet"), tone="late")
    is_hidden = row.version.state == VersionState.DRAFT and row.body.pk not in prepares
    return Cell(
        text=_("Being prepared") if is_hidden else row.version.get_state_display(),
        tone=VERSION_TONE[row.state],
        url=reverse("actionplans:plan", args=[row.plan.public_id]) if row.plan.pk in visible else "",
    )


def overdue_measures(overview: Overview) -> Mapping[int, Cell]:
    """Return how many measures in force are overdue at each authority, with the plan that has the most of them."""
    rows = Measure.objects.overdue(overview.on).filter(municipality=overview.municipality).order_by()
    counted = rows.values_list("plan__body_id", "plan_id", "plan__public_id").annotate(number=Count("pk"))
    by_plan = sorted(counted, key=lambda row: row[3])
    seen = Plan.objects.visible_to(overview.user).filter(pk__in=[plan_id for _body, plan_id, _id, _number in by_plan])
    visible = set(seen.values_list("pk", flat=True))
    sums = overview.per_authority((body_id, number) for body_id, _plan, _id, number in by_plan)
    most = {
        overview.authority_of.get(body_id): reverse("actionplans:plan", args=[public_id])
        for body_id, plan_id, public_id, _number in by_plan
        if plan_id in visible
    }
    return {pk: Cell(str(number), url=most.get(pk, "")) for pk, number in sums.items()}
