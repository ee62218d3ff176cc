"""Which steps a version of a plan, and a measure, may take; and where each outcome of a meeting leads."""

from collections.abc import Mapping
from dataclasses import dataclass

from actionplans.models import MeasureState, VersionState
from organisation.models import Outcome

DRAFT, SUBMITTED, PRELIMINARY = VersionState.DRAFT, VersionState.SUBMITTED, VersionState.PRELIMINARY
IN_FORCE, REPLACED = VersionState.IN_FORCE, VersionState.REPLACED
REFERRED_BACK, REJECTED = VersionState.REFERRED_BACK, VersionState.REJECTED

# A referred back, rejected or adopted version stays as it was met: the next edit opens version n + 1.
VERSION: Mapping[str, frozenset[str]] = {
    # Handed in for decision.
    DRAFT: frozenset({SUBMITTED}),
    # Withdrawn before the decision; deferred (stays); decided; or replaced at once by the meeting's changed version.
    SUBMITTED: frozenset({DRAFT, SUBMITTED, PRELIMINARY, IN_FORCE, REFERRED_BACK, REJECTED, REPLACED}),
    # The minutes are approved.
    PRELIMINARY: frozenset({IN_FORCE}),
    # A later version comes in force.
    IN_FORCE: frozenset({REPLACED}),
    REFERRED_BACK: frozenset(),
    REJECTED: frozenset(),
    REPLACED: frozenset(),
}


@dataclass(frozen=True)
class Step:
    """Where an outcome leads a submitted version, and whether nothing more can be decided about it."""

    to: str
    is_final: bool


# Approval leads on to IN_FORCE as soon as the minutes are approved.
OUTCOME: Mapping[str, Step] = {
    Outcome.APPROVE: Step(PRELIMINARY, is_final=True),
    Outcome.APPROVE_WITH_CHANGES: Step(PRELIMINARY, is_final=True),
    Outcome.REJECT: Step(REJECTED, is_final=True),
    Outcome.REFER_BACK: Step(REFERRED_BACK, is_final=False),
    Outcome.DEFER: Step(SUBMITTED, is_final=False),
    Outcome.NOTED: Step(SUBMITTED, is_final=False),
    Outcome.SENT_ON: Step(SUBMITTED, is_final=False),
}
APPROVING = frozenset({Outcome.APPROVE, Outcome.APPROVE_WITH_CHANGES})

# A note without a change of state keeps the state. What is done or dropped may be taken up again.
MEASURE: Mapping[str, frozenset[str]] = {
    MeasureState.PLANNED: frozenset(
        {MeasureState.PLANNED, MeasureState.STARTED, MeasureState.DONE, MeasureState.DROPPED}
    ),
    MeasureState.STARTED: frozenset(
        {MeasureState.STARTED, MeasureState.PLANNED, MeasureState.DONE, MeasureState.DROPPED}
    ),
    MeasureState.DONE: frozenset({MeasureState.DONE, MeasureState.STARTED}),
    MeasureState.DROPPED: frozenset({MeasureState.DROPPED, MeasureState.PLANNED, MeasureState.STARTED}),
}
