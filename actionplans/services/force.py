"""Approved minutes bring what was preliminary into force, and the version before it is replaced."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from actionplans.models import Measure, PlanDecision, PlanVersion, VersionState
from actionplans.permissions import RECORD_DECISION
from actionplans.services.errors import ContentChanged
from actionplans.services.versions import current_version, lock_plan, move
from actionplans.transitions import APPROVING
from organisation import decisions
from organisation.access import require
from organisation.errors import DomainError
from organisation.models import Meeting, User


@transaction.atomic
def approve_minutes(*, meeting: Meeting, on: date, by: User) -> Meeting:
    """Note that the minutes of ``meeting`` were approved: every plan it adopted comes into force that day.

    The same day again changes nothing. Raises ``NotAllowed``, ``WrongState``, ``DecisionError``,
    ``ContentChanged``.
    """
    require(by, RECORD_DECISION, meeting.body)
    return decisions.approve_minutes(meeting=meeting, on=on, by=by)


@decisions.when_minutes_are_approved
def adopt_preliminary(meeting: Meeting, on: date, by: User) -> None:
    """Bring every version that the locked ``meeting`` approved, and that waited for its minutes, into force."""
    ties = PlanDecision.objects.filter(
        decision__meeting=meeting, decision__outcome__in=APPROVING, version__state=VersionState.PRELIMINARY
    )
    for tie in ties.select_related("version__plan").order_by("version__plan_id"):
        plan = lock_plan(tie.version.plan)
        version = current_version(plan, tie.version_id)
        if version.state == VersionState.PRELIMINARY:
            bring_into_force(version, on=on, by=by)


def bring_into_force(version: PlanVersion, *, on: date, by: User) -> None:
    """Let a preliminary version of a locked plan be in force from ``on``, and end the one before it that day.

    Raises ``ContentChanged`` unless the content still gives the hash that was decided.
    """
    decided = version.decisions.filter(is_final=True).values_list("decided_hash", flat=True)
    if not version.hash_matches() or list(decided) != [version.content_hash]:
        raise ContentChanged
    before = version.plan.versions.filter(state=VersionState.IN_FORCE).first()
    if before is not None:
        before.plan = version.plan
        _replace(before, version, on=on, by=by)
    version.in_force_from = on
    move(version, VersionState.IN_FORCE, by=by)


def _replace(before: PlanVersion, version: PlanVersion, *, on: date, by: User) -> None:
    """End ``before`` on the day ``on``; measures that stay keep the progress they have made."""
    if before.in_force_from is not None and on < before.in_force_from:
        raise DomainError(_("The version in force came into force after that day."))
    done = {measure.key: measure for measure in before.measures.all()}
    for measure in version.measures.filter(key__in=done):
        earlier = done[measure.key]
        if (measure.state, measure.done_on) != (earlier.state, earlier.done_on):
            _take_progress(measure, earlier)
    before.in_force_to = on
    move(before, VersionState.REPLACED, by=by)


def _take_progress(measure: Measure, earlier: Measure) -> None:
    measure.state, measure.done_on = earlier.state, earlier.done_on
    measure.save(update_fields=("state", "done_on"))
