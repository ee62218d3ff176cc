"""Vacant seats as work for the one who appoints to them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation import clock
from organisation.access import Scope
from organisation.models import (
    ALWAYS,
    AUTHORITIES,
    REPRESENTATIVES,
    BodyClosure,
    BodyKind,
    Seat,
    SeatKind,
    Vacancy,
)
from organisation.own_seats import seats_of
from organisation.permissions import APPOINT
from organisation.responsibility import LEADS, LINE
from organisation.work import WorkItem

# A list of work that nobody can read to its end helps nobody; the rest stands in the list of vacancies.
MOST = 10


def vacancies_to_fill(user: Any, scope: Scope) -> Iterable[WorkItem]:
    """Return the vacant seats that ``user`` appoints to by the municipality's rules, the oldest first."""
    if not scope.holds(APPOINT):
        return []
    mine = Q(pk__in=())
    for held in seats_of(user):
        mine |= _appointed_to_by(held.seat)
    rows = Vacancy.objects.filter(scope.condition(APPOINT, "seat__body"), mine)
    rows = rows.exclude(seat__seat_type__kind__in=REPRESENTATIVES).select_related("seat__seat_type", "seat__body")
    found = list(rows.order_by("since", "pk")[: MOST + 1])
    items = [_item(row) for row in found[:MOST]]
    return [*items, _rest()] if len(found) > MOST else items


def _appointed_to_by(seat: Seat) -> Q:
    """Return the condition on a vacancy that the holder of ``seat`` appoints to it: named by the rule, or next above.

    A seat of the same type that stands nearer to the vacancy is asked instead.
    """
    below = Q(seat__body__in=BodyClosure.objects.filter(ancestor=seat.body_id).values("descendant_id"))
    rule, kind = "seat__seat_type__appointed_by", seat.seat_type.kind
    named = Q(~Exists(_nearer(seat)), **{rule: seat.seat_type.key})
    if _acts_for_its_body(seat):
        named |= Q(**{f"{rule}__in": (seat.body.key, seat.body.kind)})
    unsaid = Q(**{rule: ""}) & ~Q(seat__seat_type__kind__in=(*LINE, SeatKind.MEMBER))
    if kind in (SeatKind.UNIT_MANAGER, SeatKind.HEAD):
        named |= unsaid & Q(seat__body=seat.body_id)
    if kind == SeatKind.HEAD:
        named |= Q(**{rule: ""}, seat__seat_type__kind=SeatKind.UNIT_MANAGER)
    return below & named


def _nearer(seat: Seat) -> Any:
    """Return the seats of the same type that stand below ``seat`` and above the vacancy."""
    below = BodyClosure.objects.filter(ancestor=seat.body_id).exclude(descendant=seat.body_id).values("descendant_id")
    above = BodyClosure.objects.filter(descendant=OuterRef(OuterRef("seat__body_id"))).values("ancestor_id")
    seats = Seat.objects.in_force(clock.today()).filter(seat_type=seat.seat_type_id)
    return seats.filter(body__in=below).filter(body__in=above)


def _acts_for_its_body(seat: Seat) -> bool:
    lead = LEADS.get(BodyKind(seat.body.kind))
    return seat.seat_type.kind == (lead or (SeatKind.SECRETARY if seat.body.kind in AUTHORITIES else None))


def _item(vacancy: Vacancy) -> WorkItem:
    seat, why = vacancy.seat, _("Nobody is known to have held it.")
    if vacancy.since > ALWAYS:
        days = (clock.today() - vacancy.since).days
        why = ngettext("Vacant for %(days)s day.", "Vacant for %(days)s days.", days) % {"days": days}
    words = {"seat": seat.seat_type.title, "body": seat.body.name}
    return WorkItem(
        title=_("Fill the vacant seat: %(seat)s, %(body)s") % words,
        url=reverse("organisation:appoint", args=[seat.public_id]),
        why=why,
        status=_("Vacant"),
        tone="wait",
    )


def _rest() -> WorkItem:
    return WorkItem(title=_("See more vacant seats"), url=reverse("organisation:vacancies"))
