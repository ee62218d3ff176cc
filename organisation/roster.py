"""Who sits where on one day: seats, their holders, who is away, and the way upwards; read once for many questions."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from organisation.models import (
    ALWAYS,
    FOR_ALL,
    Appointment,
    Body,
    BodyKind,
    Municipality,
    Seat,
    SeatKind,
    SeatType,
    parents_on,
)
from organisation.tree import lineage


class Roster:
    """Seats and their holders on one day, for a whole municipality, or for ``bodies`` and all above them.

    The seats that answer to every body come along wherever they sit. A constant number of queries.
    """

    def __init__(self, municipality: Municipality, on: date, *, bodies: Collection[int] | None = None) -> None:
        self.municipality, self.on = municipality, on
        self._read_types()
        # In no order where none matters: the usual one would join and sort by the municipality's name.
        every = Body.objects.of(municipality).order_by()
        standing = Q(body__valid_to__isnull=True) | Q(body__valid_to__gt=on)
        # Employees' own places are no seats in this sense, and many.
        kinds = [pk for pk, row in self.types.items() if row.kind != SeatKind.EMPLOYEE]
        seats = Seat.objects.in_force(on).filter(standing, municipality=municipality, body__valid_from__lte=on)
        seats = seats.filter(seat_type__in=kinds).order_by()
        held = Appointment.objects.held(on).filter(municipality=municipality, seat__seat_type__in=kinds)
        if bodies is None:
            self.above = _above_on(municipality, on)
        else:
            for_all = seats.filter(seat_type__in=[pk for pk, row in self.types.items() if row.kind in FOR_ALL])
            known_by_all = Q(kind=BodyKind.BOARD) | Q(pk__in=for_all.values("body_id"))
            ends = set(every.filter(known_by_all).values_list("pk", flat=True))
            self.above = lineage([*bodies, *ends], on)
            within = {*bodies, *ends, *self.above, *self.above.values()}
            every = every.filter(pk__in=within)
            seats, held = seats.filter(body_id__in=within), held.filter(seat__body_id__in=within)
        thin = every.defer("note", "source", "details", "report_code").order_by("pk")
        self.bodies = {body.pk: body for body in thin}
        self.boards = [one for one in self.bodies.values() if one.kind == BodyKind.BOARD and one.is_in_force(on)]
        ended = Appointment.objects.ended(on).filter(seat=OuterRef("pk")).order_by("-valid_to").values("valid_to")
        seats = seats.annotate(last_held=Subquery(ended[:1]))
        # Body id → its seats, also those noted as not needed there.
        self.by_body: dict[int, list[Seat]] = _grouped(seats.order_by("pk"), "body_id")
        # Seat id → the day on which its last holder left.
        self.last_held: dict[int, date] = {}
        for seat in self.every_seat():
            seat.seat_type, seat.body = self.types[seat.seat_type_id], self.bodies[seat.body_id]
            if left := getattr(seat, "last_held", None):
                self.last_held[seat.pk] = left
        today = Q(absences__valid_from__lte=on, absences__valid_to__gt=on)
        held = held.annotate(away=FilteredRelation("absences", condition=today), back_on=F("away__valid_to"))
        ordered: Any = held.select_related("person").order_by("is_deputy", "valid_from", "pk")
        # Seat id → who holds it, deputies last.
        self.holders: dict[int, list[Appointment]] = _grouped(ordered, "seat_id")
        # Appointment id → the day on which an absence of the day ends.
        self.back_on: dict[int, date] = {one.pk: one.back_on for one in ordered if one.back_on}

    def _read_types(self) -> None:
        """Read the few seat types, and give every one those that it refers to."""
        self.types = {row.pk: row for row in SeatType.objects.filter(municipality=self.municipality).order_by("pk")}
        for row in self.types.values():
            row.falls_back_to = self.types.get(row.falls_back_to_id or 0)
            row.reports_to = self.types.get(row.reports_to_id or 0)

    def every_seat(self) -> Iterable[Seat]:
        """Yield the seats in the order in which they were made, body by body."""
        return (seat for seats in self.by_body.values() for seat in seats)

    def chain(self, body_id: int) -> list[int]:
        """Return the body, all above it, and last of all the board: whatever the tree looks like (R18, R43)."""
        above: list[int] = []
        at: int | None = body_id
        while at is not None and at not in above:
            above.append(at)
            at = self.above.get(at)
        return [*above, *(board.pk for board in self.boards if board.pk not in above)]

    def seats_of_kind(self, body_id: int, kind: str) -> list[Seat]:
        """Return the seats of ``kind`` at the body, in the order in which they were made."""
        return [seat for seat in self.by_body.get(body_id, ()) if seat.seat_type.kind == kind]

    def present(self, seat: Seat) -> Appointment | None:
        """Return the appointment of the first holder, or else deputy, who is not away."""
        return next((held for held in self.holders.get(seat.pk, ()) if held.pk not in self.back_on), None)

    def vacant_since(self, seat: Seat) -> date | None:
        """Return the day since which the seat has no holder (none: nobody is known to have held it)."""
        since = self.last_held.get(seat.pk)
        return since or (seat.valid_from if seat.valid_from > ALWAYS else None)


def _above_on(municipality: Municipality, on: date) -> dict[int, int]:
    """Return body id → the id of what stands above it: its place that day, or its successor once it is closed."""
    closed = Body.objects.of(municipality).filter(valid_to__lte=on, successor__isnull=False)
    return parents_on(municipality, on) | dict(closed.values_list("pk", "successor_id"))


def _grouped(rows: Iterable, column: str) -> dict:
    groups: dict = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups
