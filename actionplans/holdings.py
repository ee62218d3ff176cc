"""The plans that bodies hold."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from actionplans.models import OPEN_STATES, PlanVersion, VersionState
from organisation.holdings import Holding

IN_FORCE = Holding("actionplans.in_force", _("Action plans in force"))
UNDER_WORK = Holding("actionplans.under_work", _("Action plans being prepared or decided"))


def plan_holdings(bodies: Collection[int], on: date) -> Iterable[tuple[Holding, int]]:
    """Count the bodies' plans in force and those on their way, as things stand now."""
    counts = PlanVersion.objects.filter(plan__body_id__in=bodies).aggregate(
        in_force=Count("pk", filter=Q(state=VersionState.IN_FORCE)),
        under_work=Count("pk", filter=Q(state__in=OPEN_STATES)),
    )
    yield IN_FORCE, counts["in_force"]
    yield UNDER_WORK, counts["under_work"]
