"""Meetings and decisions: what a body decided is recorded by its secretary, never made by a click.

An app ties a ``Decision`` to its own noun, and registers what happens when minutes are approved. Whoever
locks both takes the meeting first and the app's own row after it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, WrongState
from organisation.models import Body, Decision, Meeting, User
from organisation.permissions import KEEP_MINUTES


class DecisionError(DomainError):
    """What is said of the meeting or the decision can't be true."""

    message = _("Check the dates and the paragraph of the decision.")


@dataclass(frozen=True)
class Minutes:
    """One item of the minutes as the secretary types it; § and dnr are text as typed (R30, R134)."""

    outcome: str
    section: str
    registry_number: str = ""
    approved_at_once_on: date | None = None
    reservations: str = ""
    special_statements: str = ""
    conflicts_of_interest: str = ""


MinutesApproved = Callable[[Meeting, date, User], None]

_when_approved: list[MinutesApproved] = []


def when_minutes_are_approved(handler: MinutesApproved) -> MinutesApproved:
    """Register what an app does, in the same transaction, when the minutes of a meeting are approved."""
    if handler not in _when_approved:
        _when_approved.append(handler)
    return handler


@transaction.atomic
def hold_meeting(*, body: Body, held_on: date, by: User) -> Meeting:
    """Return the body's meeting on ``held_on``, locked; it is written when it isn't there yet.

    Raises ``NotAllowed`` for others than the body's secretary, ``DecisionError`` for a day to come.
    """
    require(by, KEEP_MINUTES, body)
    if held_on > clock.today():
        raise DecisionError(_("The meeting can't be held on a day that has not come yet."))
    meeting, _created = Meeting.objects.get_or_create(municipality=body.municipality, body=body, held_on=held_on)
    return lock_meeting(meeting)


def lock_meeting(meeting: Meeting) -> Meeting:
    """Lock the meeting's row until the transaction ends, and return it as it stands."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("body__municipality").get(pk=meeting.pk)


@transaction.atomic
def record_decision(*, meeting: Meeting, minutes: Minutes, by: User, supersedes: Decision | None = None) -> Decision:
    """Write what ``meeting`` decided under one §; the same § may decide several things.

    Raises ``NotAllowed``, or ``DecisionError`` when the § is missing or the item was approved before the
    meeting or on a day to come.
    """
    require(by, KEEP_MINUTES, meeting.body)
    if not minutes.section.strip():
        raise DecisionError(_("State the paragraph (§) of the minutes."))
    if minutes.approved_at_once_on is not None:
        _refuse_impossible_day(meeting, minutes.approved_at_once_on)
    return Decision.objects.create(
        municipality=meeting.municipality,
        meeting=meeting,
        outcome=minutes.outcome,
        section=minutes.section.strip(),
        registry_number=minutes.registry_number.strip(),
        approved_at_once_on=minutes.approved_at_once_on,
        reservations=minutes.reservations,
        special_statements=minutes.special_statements,
        conflicts_of_interest=minutes.conflicts_of_interest,
        supersedes=supersedes,
        recorded_by=by,
    )


@transaction.atomic
def correct_decision(*, decision: Decision, minutes: Minutes, by: User) -> Decision:
    """Write a row that supersedes ``decision``: a slip of the pen is mended, the first row stays as it was.

    The outcome and the day of approval at once have had their effects and can't be corrected so.
    Raises ``NotAllowed``, ``WrongState`` when a later correction stands already, ``DecisionError``.
    """
    meeting = lock_meeting(decision.meeting)
    if Decision.objects.filter(supersedes=decision).exists():
        raise WrongState
    if (minutes.outcome, minutes.approved_at_once_on) != (decision.outcome, decision.approved_at_once_on):
        raise DecisionError(_("The outcome can't be corrected: it has had its effect. Record a new decision instead."))
    return record_decision(meeting=meeting, minutes=minutes, by=by, supersedes=decision)


def as_corrected(decision: Decision) -> Decision:
    """Return the last row of the corrections of ``decision``, itself when there is none."""
    while (later := Decision.objects.filter(supersedes=decision).select_related("meeting__body").first()) is not None:
        decision = later
    return decision


@transaction.atomic
def approve_minutes(*, meeting: Meeting, on: date, by: User) -> Meeting:
    """Note that the minutes were approved (justerade) on the day ``on``: what was preliminary is decided.

    The same day again changes nothing. Raises ``NotAllowed``, ``WrongState`` when another day is noted
    already, ``DecisionError`` for a day before the meeting or to come.
    """
    require(by, KEEP_MINUTES, meeting.body)
    meeting = lock_meeting(meeting)
    if meeting.minutes_approved_on not in (None, on):
        raise WrongState(_("The minutes of this meeting have been approved on another day already."))
    _refuse_impossible_day(meeting, on)
    if meeting.minutes_approved_on is None:
        meeting.minutes_approved_on = on
        meeting.save()
    for handler in _when_approved:
        handler(meeting, on, by)
    return meeting


def _refuse_impossible_day(meeting: Meeting, on: date) -> None:
    if on < meeting.held_on:
        raise DecisionError(_("Minutes can't be approved before the meeting was held."))
    if on > clock.today():
        raise DecisionError(_("Minutes can't be approved on a day that has not come yet."))
