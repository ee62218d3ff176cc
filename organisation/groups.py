"""Groups beside the line: which of them, and what of theirs, a person may see (R196, R206–R210)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet

from organisation import clock
from organisation.access import Scope
from organisation.models import (
    GROUPS,
    Appointment,
    Assignment,
    Body,
    BodyQuerySet,
    GroupAction,
    GroupMeeting,
    User,
)
from organisation.permissions import RUN_GROUP, VIEW_GROUP


def groups_seen(user: User) -> BodyQuerySet:
    """Return the groups that ``user`` may see: as member today, or by coordinating all of them."""
    groups: BodyQuerySet = Scope.of(user).bodies(VIEW_GROUP).filter(kind__in=GROUPS)  # type: ignore[assignment]
    return groups


def meetings_seen(user: User) -> "QuerySet[GroupMeeting]":
    """Return the meetings of groups that ``user`` may see."""
    return GroupMeeting.objects.filter(body__in=groups_seen(user).values("pk"))


def assignments_seen(user: User) -> "QuerySet[Assignment]":
    """Return the assignments of groups that ``user`` may see."""
    return Assignment.objects.filter(body__in=groups_seen(user).values("pk"))


def actions_seen(user: User) -> "QuerySet[GroupAction]":
    """Return the actions of groups that ``user`` may see, and those given to a seat that ``user`` holds."""
    in_groups = Q(meeting__body__in=groups_seen(user).values("pk"))
    return GroupAction.objects.filter(in_groups | Q(seat__in=_seats_of(user)), municipality=user.municipality)


def own_actions(user: User) -> "QuerySet[GroupAction]":
    """Return the actions given to ``user``, or to a seat that ``user`` holds, of those seen."""
    return actions_seen(user).filter(Q(person=user) | Q(seat__in=_seats_of(user)))


def may_finish(user: User, action: GroupAction) -> bool:
    """Tell whether ``user`` runs the group, or is the one who was to see to the action."""
    if Scope.of(user).allows(RUN_GROUP, action.meeting.body):
        return True
    return own_actions(user).filter(pk=action.pk).exists()


def _seats_of(user: User) -> "QuerySet":
    return Appointment.objects.in_force(clock.today()).filter(person=user).values("seat_id")


def members_on(group: Body, on: date) -> list[Appointment]:
    """Return those who sit in the group on the day ``on`` in order of name, with seat and whom they represent."""
    held = Appointment.objects.in_force(on).filter(seat__body=group, person__is_active=True)
    return _as_shown(held.order_by("person__name", "pk"))


def members_from(group: Body, on: date) -> list[Appointment]:
    """Return those who sit in the group on the day ``on`` or will, in order of name."""
    staying = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    held = Appointment.objects.filter(staying, seat__body=group, person__is_active=True)
    return _as_shown(held.exclude(valid_to=F("valid_from")).order_by("person__name", "pk"))


def former_members(group: Body, on: date, most: int) -> list[Appointment]:
    """Return at most ``most`` of those who no longer sit in the group on the day ``on``, the latest first."""
    ended = Appointment.objects.filter(seat__body=group, valid_to__lte=on).exclude(valid_to=F("valid_from"))
    return _as_shown(ended.order_by("-valid_to", "-pk")[:most])


def _as_shown(appointments: "Iterable[Appointment]") -> list[Appointment]:
    rows: QuerySet[Appointment] = appointments  # type: ignore[assignment]
    return list(rows.select_related("seat__seat_type", "person", "representation__party"))
