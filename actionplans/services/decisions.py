"""What a meeting decided about a submitted version is recorded, bound to the very content it met.

The meeting's row is locked before the plan's, here as when minutes are approved.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from actionplans.content import PlanContent, changes
from actionplans.models import (
    Measure,
    PlanDecision,
    PlanVersion,
    ResourceKind,
    ResourceLine,
    VersionState,
    content_hash,
)
from actionplans.permissions import RECORD_DECISION
from actionplans.services.errors import AlreadyDecided, ContentChanged, PlanChanged
from actionplans.services.force import bring_into_force
from actionplans.services.versions import copy_measures, current_version, lock_plan, move, note_status
from actionplans.snapshot import contents_of_measures
from actionplans.transitions import APPROVING, OUTCOME
from organisation import clock, decisions
from organisation.access import require
from organisation.decisions import DecisionError, Minutes
from organisation.models import Decision, Meeting, Outcome, Seat, User


@dataclass(frozen=True)
class MeasureChange:
    """How the meeting changed one measure; ``money_ore`` is its money in the plan's own year."""

    key: str
    what: str
    how: str
    due_on: date
    responsible: Seat
    money_ore: int
    remove: bool = False


@transaction.atomic
def record_decision(
    *,
    version: PlanVersion,
    expected_hash: str,
    held_on: date,
    minutes: Minutes,
    by: User,
    minutes_approved_on: date | None = None,
    measure_changes: Sequence[MeasureChange] = (),
    submission_key: uuid.UUID | None = None,
) -> PlanDecision:
    """Record what the body's meeting on ``held_on`` decided about the submitted ``version``.

    The decision binds to the content with ``expected_hash``; with "approve with changes" to version n + 1,
    which holds the meeting's changes and cites n. Once the minutes are approved the version is in force.
    The same key by the same person gives the same record. Raises ``NotAllowed``, ``AlreadyDecided``,
    ``PlanChanged`` with the differences, ``ContentChanged``, ``DecisionError``.
    """
    require(by, RECORD_DECISION, version.plan)
    meeting = decisions.hold_meeting(body=version.plan.body, held_on=held_on, by=by)
    plan = lock_plan(version.plan)
    if submission_key and (kept := recorded(submission_key=submission_key, by=by)):
        return kept
    version = current_version(plan, version.pk)
    _refuse_unless_met(version, expected_hash)
    decision = decisions.record_decision(meeting=meeting, minutes=minutes, by=by)
    decided = version
    if minutes.outcome == Outcome.APPROVE_WITH_CHANGES:
        decided = _version_as_changed(version, measure_changes, by=by)
    step = OUTCOME[Outcome(minutes.outcome)]
    tie = PlanDecision.objects.create(
        municipality=plan.municipality,
        version=decided,
        decision=decision,
        is_final=step.is_final,
        decided_hash=decided.content_hash,
        submission_key=submission_key or uuid.uuid4(),
    )
    move(decided, step.to, by=by)
    _take_effect(decided, decision, meeting, minutes_approved_on, by=by)
    return tie


def recorded(*, submission_key: uuid.UUID, by: User) -> PlanDecision | None:
    """Return what ``by`` has recorded with that key already, if anything: the form was sent twice."""
    return PlanDecision.objects.filter(submission_key=submission_key, decision__recorded_by=by).first()


def _refuse_unless_met(version: PlanVersion, expected_hash: str) -> None:
    """The version waits for a decision, and its content is what the secretary, and the meeting, saw."""
    if version.state != VersionState.SUBMITTED:
        raise AlreadyDecided
    if not version.hash_matches():
        raise ContentChanged
    if version.content_hash != expected_hash:
        raise PlanChanged(_changes_since(version, expected_hash))


def _changes_since(version: PlanVersion, earlier_hash: str) -> list:
    """Return what differs from the content that once had ``earlier_hash``; history still holds it."""
    earlier = version.history.filter(content_hash=earlier_hash).first()
    if earlier is None or version.content is None:
        return []
    return changes(PlanContent.from_json(earlier.content), PlanContent.from_json(version.content))


def _take_effect(
    version: PlanVersion, decision: Decision, meeting: Meeting, minutes_approved_on: date | None, *, by: User
) -> None:
    """Bring an approved version into force if its item, or the whole minutes, are approved."""
    approved_on = decision.approved_at_once_on or meeting.minutes_approved_on
    if decision.outcome in APPROVING and approved_on is not None:
        bring_into_force(version, on=approved_on, by=by)
    if minutes_approved_on is not None:
        decisions.approve_minutes(meeting=meeting, on=minutes_approved_on, by=by)


def _version_as_changed(version: PlanVersion, measure_changes: Sequence[MeasureChange], *, by: User) -> PlanVersion:
    """Write version n + 1 as the meeting changed it, and let it take the place of ``version``."""
    wanted = {change.key: change for change in measure_changes}
    content = PlanContent.from_json(version.content or {})
    if not wanted or wanted.keys() - {measure.key for measure in content.measures}:
        raise DecisionError(_("State what the meeting changed in the plan."))
    move(version, VersionState.REPLACED, by=by)
    changed = PlanVersion(
        municipality=version.municipality,
        plan=version.plan,
        number=version.plan.versions.order_by("-number").values_list("number", flat=True)[0] + 1,
        state=VersionState.SUBMITTED,
        content=version.content,
        content_hash=version.content_hash,
        based_on=version,
        submitted_by=by,
        submitted_at=clock.now(),
    )
    changed.save()
    copy_measures(version, changed)
    for measure in changed.measures.filter(key__in=wanted):
        _apply(measure, wanted[str(measure.key)])
    changed.content = _content_as_changed(changed, content, set(wanted)).to_json()
    changed.content_hash = content_hash(changed.content)
    if changed.content_hash == version.content_hash:
        raise DecisionError(_("State what the meeting changed in the plan."))
    changed.save()
    note_status(changed, "", by=by, reason=str(_("As changed by the meeting")))
    return changed


def _content_as_changed(changed: PlanVersion, content: PlanContent, touched: set[str]) -> PlanContent:
    """Return ``content`` with the touched measures anew and the rest exactly as it was submitted."""
    rows = contents_of_measures(changed)
    measures = [rows[one.key] if one.key in touched else one for one in content.measures if one.key in rows]
    answered = {risk for measure in measures for risk in measure.risks}
    return replace(
        content,
        measures=tuple(measures),
        risks=tuple(risk for risk in content.risks if risk.key in answered),
    )


def _apply(measure: Measure, change: MeasureChange) -> None:
    if change.remove:
        for row in (*measure.resources.all(), *measure.risk_ties.all()):
            row.delete()
        measure.delete()
        return
    measure.what, measure.how = change.what, change.how
    measure.due_on, measure.responsible = change.due_on, change.responsible
    if measure.starts_on is not None and measure.starts_on > change.due_on:
        measure.starts_on = None
    measure.save()
    year = measure.plan.year
    lines = list(measure.resources.filter(budget_year=year, kind=ResourceKind.MONEY))
    if sum(line.amount_ore or 0 for line in lines) == change.money_ore:
        return
    for line in lines:
        line.delete()
    ResourceLine.objects.create(
        municipality=measure.municipality,
        measure=measure,
        budget_year=year,
        kind=ResourceKind.MONEY,
        amount_ore=change.money_ore,
        note=lines[0].note if lines else "",
    )


@transaction.atomic
def correct_decision(*, tie: PlanDecision, minutes: Minutes, by: User) -> Decision:
    """Correct how a decision on a plan was written down, by a row that supersedes the last one.

    Raises ``NotAllowed``, ``DecisionError`` for another outcome, ``WrongState``.
    """
    require(by, RECORD_DECISION, tie.version.plan)
    return decisions.correct_decision(decision=decisions.as_corrected(tie.decision), minutes=minutes, by=by)
