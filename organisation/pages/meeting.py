"""What the page of a group's meeting tells, and its notes in words for whoever compares two versions."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.groups import members_on
from organisation.models import GroupAction, GroupMeeting, Seat, User


def meeting_page(meeting: GroupMeeting) -> dict[str, Any]:
    """Return the finding, those who took part (members and others), decisions and actions of ``meeting``."""
    sat_there = {held.person_id for held in members_on(meeting.body, meeting.held_on)}
    took_part = [row.person for row in meeting.attendances.select_related("person").order_by("person__name", "pk")]
    decisions, actions = list(meeting.decisions.all()), list(actions_of(meeting))
    return {
        "meeting": meeting,
        "heading": _heading(meeting, len(decisions), len(actions)),
        "present": [person for person in took_part if person.pk in sat_there],
        "others": [person for person in took_part if person.pk not in sat_there],
        "decisions": decisions,
        "actions": actions,
    }


def actions_of(meeting: GroupMeeting) -> "list[GroupAction]":
    """Return the meeting's actions in order, with who is to do them."""
    return list(meeting.actions.select_related("person", "seat__seat_type", "seat__body"))


def _heading(meeting: GroupMeeting, decisions: int, actions: int) -> str:
    """Return what came of the meeting, in one line."""
    words = {
        "decisions": ngettext("%(number)s decision", "%(number)s decisions", decisions) % {"number": decisions},
        "actions": ngettext("%(number)s action", "%(number)s actions", actions) % {"number": actions},
        "day": date_format(meeting.held_on, "DATE_FORMAT"),
    }
    return _("%(decisions)s and %(actions)s from the meeting on %(day)s") % words


def doer_name(person: User | None, seat: Seat | None) -> str:
    """Return who is to do an action, in words."""
    if person is not None:
        return person.name
    if seat is not None:
        return f"{seat.seat_type.title}, {seat.body.name}"
    return _("nobody yet")
