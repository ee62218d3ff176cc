"""When somebody else has saved a group's assignment or notes meanwhile: what they saved beside what was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organisation.forms.groups import AssignmentForm
from organisation.models import Assignment, AssignmentKind, GroupMeeting
from organisation.pages.meeting import actions_of, doer_name
from organisation.services.group_meetings import MeetingValues


@dataclass(frozen=True)
class Difference:
    """One field with two values."""

    field: str
    theirs: str
    yours: str


def with_edit_count(form: forms.Form, edit_count: int) -> None:
    """Let the form carry ``edit_count``: sent again, it is knowingly saved over what stands now."""
    answers = cast(QueryDict, form.data).copy()
    answers["edit_count"] = str(edit_count)
    form.data = answers


def assignment_differences(saved: Assignment, form: AssignmentForm) -> list[Difference]:
    """Return the fields in which the form differs from the assignment as it stands."""
    names = ("kind", "title", "text", "given_by", "given_on", "due_on")
    rows = ((name, getattr(saved, name), form.cleaned_data[name]) for name in names)
    return [
        Difference(str(form.fields[name].label), _shown(theirs), _shown(yours))
        for name, theirs, yours in rows
        if theirs != yours
    ]


def meeting_differences(saved: GroupMeeting, values: MeetingValues) -> list[Difference]:
    """Return where the notes that were written differ from the meeting as it stands."""
    took_part = [row.person.name for row in saved.attendances.select_related("person")]
    decided = _lines(row.text for row in saved.decisions.all())
    theirs = [(row.what, doer_name(row.person, row.seat), row.due_on) for row in actions_of(saved)]
    yours = [(row.what, doer_name(row.person, row.seat), row.due_on) for row in values.actions]
    rows = (
        (_("When was the meeting?"), _shown(saved.held_on), _shown(values.held_on)),
        (_("Where?"), saved.place, values.place),
        (_("Who took part"), _lines(sorted(took_part)), _lines(sorted(person.name for person in values.attended))),
        (_("Notes"), saved.notes, values.notes),
        (_("Decisions"), decided, _lines(row.text for row in values.decisions)),
        (_("Actions"), _lines(_action(*row) for row in theirs), _lines(_action(*row) for row in yours)),
    )
    # A browser sends lines with the ends of another system.
    return [Difference(field, one, other) for field, one, other in rows if one.split() != other.split()]


def _action(what: str, doer: str, due_on: date | None) -> str:
    return f"{what} ({doer}{', ' + _shown(due_on) if due_on else ''})"


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if value in AssignmentKind.values:
        return capfirst(str(AssignmentKind(value).label))
    return str(value) if value else _("not stated")
