"""What the pages of groups tell: a row per group in the list, and everything of one group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from organisation import clock
from organisation.access import Scope
from organisation.actors import Actors
from organisation.appointers import may_appoint_to
from organisation.groups import former_members, groups_seen, members_from
from organisation.keyset import Page, keyset_page
from organisation.models import (
    ALWAYS,
    Appointment,
    Assignment,
    Body,
    BodyKind,
    GroupAction,
    GroupMeeting,
    Seat,
    SeatKind,
    User,
)
from organisation.permissions import RUN_GROUP, VIEW_BODY
from organisation.sharing import shared_with_group

MEETINGS_SHOWN = 10
MOST_SHOWN = 50


def listed_groups(user: User, on: date) -> "QuerySet[Any]":
    """Return the groups that ``user`` sees, each with members, open actions, its next assignment and last meeting."""
    held = Appointment.objects.in_force(on).filter(seat__body=OuterRef("pk"), person__is_active=True)
    waiting = Assignment.objects.unfinished().filter(body=OuterRef("pk"), due_on__isnull=False)
    waiting = waiting.order_by("due_on", "pk")
    meetings = GroupMeeting.objects.filter(body=OuterRef("pk")).order_by("-held_on", "-pk")
    return (
        groups_seen(user)
        .in_force(on)
        .annotate(
            members=_number(held, "seat__body", Count("person", distinct=True)),
            open_actions=_number(
                GroupAction.objects.unfinished().filter(meeting__body=OuterRef("pk")), "meeting__body", Count("pk")
            ),
            next_assignment=Subquery(waiting.values("title")[:1]),
            next_due=Subquery(waiting.values("due_on")[:1]),
            last_met=Subquery(meetings.values("held_on")[:1]),
        )
    )


def _number(rows: "QuerySet[Any]", by: str, count: Count) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=count).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def open_actions_of(user: User) -> int:
    """Return how many actions are open in the groups that ``user`` sees."""
    groups = groups_seen(user).in_force(clock.today())
    return GroupAction.objects.unfinished().filter(meeting__body__in=groups.values("pk")).count()


@dataclass(frozen=True)
class Member:
    """One who sits, will sit or has sat in a group; ``may_end`` for a reader who may end it."""

    appointment: Appointment
    represents: str
    is_leader: bool
    is_outside: bool
    is_to_come: bool
    # None where nobody knows.
    first_day: date | None
    last_day: date | None
    may_end: bool


def group_page(group: Body, user: User, *, cursor: str | None = None) -> dict[str, Any]:
    """Return what the page of one group shows, as far as ``user`` may see."""
    on, scope = clock.today(), Scope.of(user)
    own_seats = seats_to_fill(group, user, on)
    to_fill = {seat.pk for seat in own_seats}
    members = [_member(held, on, may_end=held.seat_id in to_fill) for held in members_from(group, on)]
    unfinished = Assignment.objects.unfinished().filter(body=group).order_by("due_on", "pk")
    words = group.details.get("members", [])
    return {
        "group": group,
        "on": on,
        "runs": scope.allows(RUN_GROUP, group),
        "sees_bodies": scope.allows(VIEW_BODY, group),
        "adds_members": any(seat.seat_type.kind != SeatKind.OUTSIDE_MEMBER for seat in own_seats),
        "adds_outside": any(seat.seat_type.kind == SeatKind.OUTSIDE_MEMBER for seat in own_seats),
        "members": members,
        "leaders": [one.appointment.person.name for one in members if one.is_leader and not one.is_to_come],
        "former": [_member(held, on) for held in former_members(group, on, MOST_SHOWN)],
        "takes_part": Actors(group.municipality, words).names(words) if words else [],
        "assignments": list(unfinished[:MOST_SHOWN]),
        "finished": list(Assignment.objects.filter(body=group, done_on__isnull=False)[:MOST_SHOWN]),
        "actions": open_actions(group),
        "meetings": _meetings(group, cursor),
        "shared": shared_with_group(group),
        "contacts": contacts_of(group),
    }


def seats_to_fill(group: Body, user: User, on: date) -> list[Seat]:
    """Return the seats of the group to which ``user`` may appoint."""
    seats = Seat.objects.in_force(on).filter(body=group, not_needed_reason="")
    found = list(seats.select_related("seat_type", "body", "municipality").order_by("seat_type__title", "pk"))
    allowed = may_appoint_to(user, found)
    return [seat for seat in found if seat.pk in allowed]


def _member(held: Appointment, on: date, *, may_end: bool = False) -> Member:
    return Member(
        appointment=held,
        represents=str(held.representation) if hasattr(held, "representation") else "",
        is_leader=held.seat.seat_type.kind == SeatKind.GROUP_LEADER,
        is_outside=held.seat.seat_type.kind == SeatKind.OUTSIDE_MEMBER,
        is_to_come=held.valid_from > on,
        first_day=held.valid_from if held.valid_from > ALWAYS else None,
        last_day=max(held.valid_to - timedelta(days=1), held.valid_from) if held.valid_to else None,
        may_end=may_end,
    )


def open_actions(group: Body) -> list[GroupAction]:
    """Return the group's open actions, what is due first at the top."""
    rows = GroupAction.objects.unfinished().filter(meeting__body=group)
    rows = rows.select_related("person", "seat__seat_type", "seat__body", "meeting")
    return sorted(rows.order_by("pk")[:MOST_SHOWN], key=lambda row: (row.due_on is None, row.due_on or date.max))


def _meetings(group: Body, cursor: str | None) -> "Page[GroupMeeting]":
    rows = GroupMeeting.objects.filter(body=group).annotate(
        decided=Count("decisions", distinct=True), agreed=Count("actions", distinct=True)
    )
    return keyset_page(rows, order=("-held_on", "-pk"), cursor=cursor, size=MEETINGS_SHOWN)


def contacts_of(group: Body) -> Iterable[dict[str, Any]]:
    """Return how a crisis group is reached: the contact under its own name, else for crisis support all (R99)."""
    contacts: list[dict[str, Any]] = group.municipality.support_contacts
    own = [contact for contact in contacts if contact.get("key") == group.key]
    return own or (contacts if group.kind == BodyKind.CRISIS_SUPPORT else [])
