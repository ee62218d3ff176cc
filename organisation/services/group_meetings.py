"""The notes of a group's meeting: who took part, what was decided, and who does what until when (R208–R210).

A group decides about its own work, never for an authority: an action that a committee is to carry out becomes a
measure of the committee's own plan.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, StaleVersion
from organisation.models import Attendance, Body, GroupAction, GroupDecision, GroupMeeting, Seat, User
from organisation.permissions import RUN_GROUP


class MeetingRefused(DomainError):
    """The notes can't be true, or would take away what others build on."""

    message = _("Check the date of the meeting and who took part.")


class MeetingChanged(StaleVersion):
    """Someone else saved the notes since the form was opened; ``saved`` is how they stand."""

    def __init__(self, saved: GroupMeeting) -> None:
        super().__init__()
        self.saved = saved


@dataclass(frozen=True)
class DecisionValues:
    """What the group agreed on; ``key`` is the public id of a decision that is there already."""

    text: str
    key: uuid.UUID | None = None


@dataclass(frozen=True)
class ActionValues:
    """Something that somebody is to do: a person or a seat, or nobody yet; ``key`` as for a decision."""

    what: str
    person: User | None = None
    seat: Seat | None = None
    due_on: date | None = None
    key: uuid.UUID | None = None


@dataclass(frozen=True)
class MeetingValues:
    """What the notes say, with decisions and actions in the order of the page."""

    held_on: date
    place: str = ""
    notes: str = ""
    attended: Sequence[User] = ()
    decisions: Sequence[DecisionValues] = ()
    actions: Sequence[ActionValues] = ()


@transaction.atomic
def record_meeting(*, group: Body, values: MeetingValues, submission_key: uuid.UUID, by: User) -> GroupMeeting:
    """Write the notes of a meeting that the group has held; the same key gives the same meeting.

    Raises ``NotAllowed`` for others than those who run the group, ``MeetingRefused``.
    """
    group = Body.objects.select_for_update(of=("self",)).get(pk=group.pk)
    require(by, RUN_GROUP, group)
    if kept := GroupMeeting.objects.filter(submission_key=submission_key, body=group).first():
        return kept
    meeting = GroupMeeting(municipality=group.municipality, body=group, written_by=by, submission_key=submission_key)
    return _write(meeting, values)


@transaction.atomic
def edit_meeting(*, meeting: GroupMeeting, values: MeetingValues, expected_edit_count: int, by: User) -> GroupMeeting:
    """Make the notes say ``values``: rows with a key are changed, others are new, and those left out are taken away.

    Raises ``NotAllowed``, ``MeetingChanged`` when someone else has saved since ``expected_edit_count``, and
    ``MeetingRefused``, also when an action that has become a measure would be taken away.
    """
    rows = GroupMeeting.objects.select_for_update(of=("self",)).select_related("body", "municipality")
    meeting = rows.get(pk=meeting.pk)
    require(by, RUN_GROUP, meeting.body)
    if meeting.edit_count != expected_edit_count:
        raise MeetingChanged(meeting)
    meeting.edit_count += 1
    return _write(meeting, values)


def _write(meeting: GroupMeeting, values: MeetingValues) -> GroupMeeting:
    if values.held_on > clock.today():
        raise MeetingRefused(_("The meeting can't be held on a day that has not come yet."))
    _refuse_strangers(meeting, values)
    meeting.held_on, meeting.place, meeting.notes = values.held_on, values.place.strip(), values.notes.strip()
    meeting.save()
    _note_attendance(meeting, values.attended)
    _write_decisions(meeting, values.decisions)
    _write_actions(meeting, values.actions)
    return meeting


def _refuse_strangers(meeting: GroupMeeting, values: MeetingValues) -> None:
    named = [*values.attended, *(action.person for action in values.actions), *(one.seat for one in values.actions)]
    if any(one is not None and one.municipality_id != meeting.municipality_id for one in named):
        raise MeetingRefused(_("Everyone who is named must belong to the municipality or to the group."))


def _note_attendance(meeting: GroupMeeting, attended: Iterable[User]) -> None:
    wanted = {person.pk: person for person in attended}
    for row in meeting.attendances.all():
        if wanted.pop(row.person_id, None) is None:
            row.delete()
    for person in wanted.values():
        Attendance.objects.create(municipality=meeting.municipality, meeting=meeting, person=person)


def _write_decisions(meeting: GroupMeeting, wanted: Sequence[DecisionValues]) -> None:
    standing = {row.public_id: row for row in meeting.decisions.all()}
    for row in _left_out(standing, wanted):
        row.delete()
    for position, values in enumerate(wanted):
        kept = standing.get(values.key) if values.key else None
        row = kept or GroupDecision(municipality=meeting.municipality, meeting=meeting)
        if row.pk is None or (row.text, row.position) != (values.text, position):
            row.text, row.position = values.text, position
            row.save()


def _write_actions(meeting: GroupMeeting, wanted: Sequence[ActionValues]) -> None:
    standing = {row.public_id: row for row in meeting.actions.all()}
    for row in _left_out(standing, wanted):
        try:
            row.delete()
        except ProtectedError as error:
            refusal = _("“%(what)s” has become a measure of a plan and can't be taken away.") % {"what": row.what}
            raise MeetingRefused(refusal) from error
    for position, values in enumerate(wanted):
        kept = standing.get(values.key) if values.key else None
        row = kept or GroupAction(municipality=meeting.municipality, meeting=meeting)
        says = (values.what, values.person, values.seat, values.due_on, position)
        if row.pk is None or (row.what, row.person, row.seat, row.due_on, row.position) != says:
            row.what, row.person, row.seat, row.due_on, row.position = says
            row.save()


class _Keyed(Protocol):
    @property
    def key(self) -> uuid.UUID | None: ...


RowT = TypeVar("RowT")


def _left_out(standing: dict[uuid.UUID, RowT], wanted: Sequence[_Keyed]) -> list[RowT]:
    kept = {values.key for values in wanted}
    return [row for key, row in standing.items() if key not in kept]
