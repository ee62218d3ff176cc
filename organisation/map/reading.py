"""What the responsibility map reads of some bodies: their seats, who holds them, which are vacant; few thin rows.

The map shows hundreds of seats at once, so that rows of the needed columns are read, and not whole objects.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, Q

from organisation.models import Appointment, BodyClosure, Municipality, Seat, SeatKind
from organisation.tree_on import TreeOn


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat; ``vacant_since`` is none while it has the holders that it must have."""

    pk: int
    public_id: UUID
    body_id: int
    type_id: int
    title: str
    not_needed_reason: str
    vacant_since: date | None


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One who holds a seat; ``back_on`` is the day on which an absence of the day ends (none: is there)."""

    seat_id: int
    name: str
    is_deputy: bool
    back_on: date | None


def seats_at(
    municipality: Municipality, bodies: Collection[int], on: date, *, is_today: bool
) -> dict[int, list[SeatRow]]:
    """Return body id → its seats on the day, employees' own places apart; of another day two queries, else one."""
    seats: Any = Seat.objects.in_force(on).filter(municipality=municipality, body_id__in=bodies)
    seats = seats.exclude(seat_type__kind=SeatKind.EMPLOYEE).order_by("pk")
    columns = ("pk", "public_id", "body_id", "seat_type_id", "seat_type__title", "not_needed_reason")
    vacant: dict[int, date] = {}
    if not is_today:
        counted: Any = Seat.objects.vacant_on(on).filter(municipality=municipality, body_id__in=bodies)
        vacant = dict(counted.values_list("pk", "since"))
    found: dict[int, list[SeatRow]] = {}
    for values in seats.values_list(*columns, "vacancy__since"):
        row = SeatRow(*values)
        if not is_today:
            row = replace(row, vacant_since=vacant.get(row.pk))
        found.setdefault(row.body_id, []).append(row)
    return found


def holders_at(bodies: Collection[int], on: date) -> dict[int, list[HolderRow]]:
    """Return seat id → who holds it on the day, deputies last."""
    today = Q(absences__valid_from__lte=on, absences__valid_to__gt=on)
    held: Any = Appointment.objects.held(on).filter(seat__body_id__in=bodies)
    held = held.exclude(seat__seat_type__kind=SeatKind.EMPLOYEE).order_by("is_deputy", "valid_from", "pk")
    held = held.annotate(away=FilteredRelation("absences", condition=today), back_on=F("away__valid_to"))
    found: dict[int, list[HolderRow]] = {}
    for values in held.values_list("seat_id", "person__name", "is_deputy", "back_on"):
        row = HolderRow(*values)
        found.setdefault(row.seat_id, []).append(row)
    return found


def vacant_below(municipality: Municipality, closed: Collection[int], on: date, *, is_today: bool) -> dict[int, int]:
    """Return body id → how many seats are vacant below each of ``closed``, its own not counted."""
    if not closed:
        return {}
    if is_today:
        pairs = BodyClosure.objects.filter(ancestor__in=closed, descendant__seats__vacancy__isnull=False)
        counted = pairs.exclude(descendant_id=F("ancestor_id")).order_by().values("ancestor_id").annotate(Count("pk"))
        return dict(counted.values_list("ancestor_id", "pk__count"))
    tree = TreeOn(municipality, on)
    vacant = Seat.objects.vacant_on(on).filter(municipality=municipality)
    at = Counter(vacant.values_list("body_id", flat=True))
    return {pk: sum(at[below] for below in tree.below([pk])) for pk in closed}
