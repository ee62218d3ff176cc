"""How a promised measure goes: noted by those who prepare the plan, or by the one who answers for the measure."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from actionplans.models import Measure, MeasureState, MeasureStatus, Plan, VersionState
from actionplans.permissions import CHANGE_PLAN
from actionplans.services.versions import lock_plan
from actionplans.transitions import MEASURE
from organisation import clock
from organisation.access import Scope
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.models import Appointment, User


def may_note_progress(user: User, measure: Measure) -> bool:
    """Tell whether ``user`` prepares the plan or holds the seat that answers for the measure today."""
    return bool(measures_to_note(user, measure.plan, [measure]))


def measures_to_note(user: User, plan: Plan, measures: Iterable[Measure]) -> set[int]:
    """Return the ids of those of one plan's ``measures`` whose progress ``user`` may note."""
    measures = list(measures)
    if Scope.of(user).allows(CHANGE_PLAN, plan):
        return {measure.pk for measure in measures}
    held = Appointment.objects.in_force(clock.today()).filter(person_id=user.pk)
    seats = set(held.values_list("seat_id", flat=True))
    return {measure.pk for measure in measures if measure.responsible_id in seats}


@transaction.atomic
def note_progress(
    *,
    measure: Measure,
    state: str,
    note: str,
    by: User,
    done_on: date | None = None,
    submission_key: uuid.UUID | None = None,
) -> MeasureStatus:
    """Note that a measure of a plan in force has come to ``state``; the same key gives the same note.

    ``done_on`` is the day it was done, today when not stated. Raises ``NotAllowed``, ``WrongState`` when
    the plan is not in force or the step is not in the table, ``DomainError`` for a day to come.
    """
    plan = lock_plan(measure.plan)
    measure = Measure.objects.select_related("version").get(pk=measure.pk)
    measure.plan = plan
    if not may_note_progress(by, measure):
        raise NotAllowed
    if submission_key and (kept := measure.statuses.filter(submission_key=submission_key, by=by).first()):
        return kept
    if measure.version.state != VersionState.IN_FORCE or state not in MEASURE[MeasureState(measure.state)]:
        raise WrongState
    came_from = measure.state
    measure.state = state
    measure.done_on = (done_on or clock.today()) if state == MeasureState.DONE else None
    if measure.done_on is not None and measure.done_on > clock.today():
        raise DomainError(_("A measure can't be done on a day that has not come yet."))
    measure.save(update_fields=("state", "done_on"))
    return MeasureStatus.objects.create(
        measure=measure,
        from_state=came_from,
        to_state=state,
        by=by,
        at=clock.now(),
        note=note,
        submission_key=submission_key or uuid.uuid4(),
    )
