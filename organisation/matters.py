"""Matters between chairs: which a person may see, whom they concern, and how long they have been open (R22)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from organisation.access import Scope
from organisation.models import (
    Body,
    BodyKind,
    CoordinationMatter,
    CoordinationMatterQuerySet,
    MatterBody,
    Municipality,
    User,
)
from organisation.permissions import COORDINATE_MATTER, RAISE_MATTER, TAKE_OVER_MATTER, VIEW_MATTER

# Bodies that somebody answers for in the line: elected bodies decide in meetings and take over nothing by a click.
CAN_BE_INVOLVED = (BodyKind.DEPARTMENT, BodyKind.UNIT, BodyKind.COMPANY)


def matters_seen(user: User) -> CoordinationMatterQuerySet:
    """Return the matters that concern a body within ``user``'s view, and those that ``user`` has raised."""
    scope = Scope.of(user)
    if user.municipality is None or not (scope.holds(VIEW_MATTER) or scope.holds(RAISE_MATTER)):
        return CoordinationMatter.objects.none()
    matters = CoordinationMatter.objects.of(user.municipality)
    if VIEW_MATTER in scope.everywhere:
        return matters
    concerned = MatterBody.objects.filter(scope.condition(VIEW_MATTER), matter=OuterRef("pk"))
    return matters.filter(Exists(concerned) | Q(raised_by=user))


def can_be_involved(municipality: Municipality, on: date) -> "QuerySet[Body]":
    """Return the bodies that a matter can concern on the day ``on``."""
    return Body.objects.of(municipality).in_force(on).filter(kind__in=CAN_BE_INVOLVED)


def involved_bodies(matter: CoordinationMatter) -> list[Body]:
    """Return the bodies that the matter concerns, in the order in which they were named."""
    return [row.body for row in matter.involved.select_related("body").order_by("pk")]


def may_take_over_for(user: User, matter: CoordinationMatter) -> list[Body]:
    """Return the bodies of the matter for which ``user`` could take it over."""
    scope = Scope.of(user)
    if not scope.holds(TAKE_OVER_MATTER):
        return []
    named = matter.involved.filter(scope.condition(TAKE_OVER_MATTER)).select_related("body").order_by("pk")
    return [row.body for row in named]


def may_take_part(user: User, matter: CoordinationMatter) -> bool:
    """Tell whether ``user`` may write a note on the matter: the safety unit, those it concerns, and who raised it."""
    scope = Scope.of(user)
    if scope.allows(COORDINATE_MATTER, matter):
        return True
    raised = matter.raised_by_id == user.pk and scope.holds(RAISE_MATTER)
    return raised or bool(may_take_over_for(user, matter))


def days_open(matter: CoordinationMatter, on: date) -> int:
    """Return how many days the matter has been open by the day ``on``, or was until it was settled."""
    ended = localtime(matter.settled_at).date() if matter.settled_at else on
    return max((ended - localtime(matter.raised_at).date()).days, 0)


def age_in_words(matter: CoordinationMatter, on: date) -> str:
    """Return "open for 47 days", or how long it was open before it was settled."""
    days = days_open(matter, on)
    if matter.is_open:
        return ngettext("open for %(days)s day", "open for %(days)s days", days) % {"days": days}
    return ngettext("was open for %(days)s day", "was open for %(days)s days", days) % {"days": days}
