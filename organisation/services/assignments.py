"""What a group is asked to do: given, changed, and done with an outcome (R209)."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, StaleVersion
from organisation.models import Assignment, Body, User
from organisation.permissions import RUN_GROUP


class AssignmentRefused(DomainError):
    """The days of the assignment can't be true."""

    message = _("Check the dates of the assignment.")


class AssignmentChanged(StaleVersion):
    """Someone else saved the assignment since the form was opened; ``saved`` is how it stands."""

    def __init__(self, saved: Assignment) -> None:
        super().__init__()
        self.saved = saved


@dataclass(frozen=True)
class AssignmentValues:
    """What a person says of an assignment; ``given_by`` is whoever asked, as typed."""

    kind: str
    title: str
    given_on: date
    text: str = ""
    given_by: str = ""
    due_on: date | None = None


@transaction.atomic
def give_assignment(*, group: Body, values: AssignmentValues, submission_key: uuid.UUID, by: User) -> Assignment:
    """Note what the group has been asked to do; the same key gives the same assignment.

    Raises ``NotAllowed`` for others than those who run the group, ``AssignmentRefused``.
    """
    group = Body.objects.select_for_update(of=("self",)).get(pk=group.pk)
    require(by, RUN_GROUP, group)
    if kept := Assignment.objects.filter(submission_key=submission_key, body=group).first():
        return kept
    assignment = Assignment(municipality=group.municipality, body=group, submission_key=submission_key)
    return _write(assignment, values)


@transaction.atomic
def change_assignment(
    *, assignment: Assignment, values: AssignmentValues, expected_edit_count: int, by: User
) -> Assignment:
    """Change what the assignment says; raises ``NotAllowed``, ``AssignmentChanged``, ``AssignmentRefused``."""
    assignment = _locked(assignment, by)
    if assignment.edit_count != expected_edit_count:
        raise AssignmentChanged(assignment)
    assignment.edit_count += 1
    return _write(assignment, values)


@transaction.atomic
def finish_assignment(*, assignment: Assignment, done_on: date, outcome: str, by: User) -> Assignment:
    """Note that the assignment is done, when, and what came of it; again corrects the day and the outcome.

    Raises ``NotAllowed``, ``AssignmentRefused`` for a day before it was given or to come.
    """
    assignment = _locked(assignment, by)
    if done_on < assignment.given_on:
        raise AssignmentRefused(_("An assignment can't be done before it was given."))
    if done_on > clock.today():
        raise AssignmentRefused(_("An assignment can't be done on a day that has not come yet."))
    if (assignment.done_on, assignment.outcome) != (done_on, outcome.strip()):
        assignment.done_on, assignment.outcome = done_on, outcome.strip()
        assignment.save()
    return assignment


def _locked(assignment: Assignment, by: User) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("body", "municipality")
    assignment = rows.get(pk=assignment.pk)
    require(by, RUN_GROUP, assignment.body)
    return assignment


def _write(assignment: Assignment, values: AssignmentValues) -> Assignment:
    if values.given_on > clock.today():
        raise AssignmentRefused(_("An assignment can't have been given on a day that has not come yet."))
    if values.due_on is not None and values.due_on < values.given_on:
        raise AssignmentRefused(_("The assignment can't be due before it was given."))
    if assignment.done_on is not None and assignment.done_on < values.given_on:
        raise AssignmentRefused(_("An assignment can't be done before it was given."))
    assignment.kind, assignment.title, assignment.text = values.kind, values.title.strip(), values.text.strip()
    assignment.given_by, assignment.given_on = values.given_by.strip(), values.given_on
    assignment.due_on = values.due_on
    assignment.save()
    return assignment
