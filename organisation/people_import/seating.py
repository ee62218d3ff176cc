"""Seats that a run needs: those that stand, and those that it makes at bodies where their type sits."""

from datetime import date

from organisation.models import SeatType
from organisation.people_import.plan import ChangedAppointment, NewSeat, Plan, SeatRef
from organisation.people_import.portal import BodyState, Held, Portal, SeatState


def seat_of(seat_type: SeatType, body: BodyState, portal: Portal, plan: Plan) -> SeatState | None:
    """Return the seat of the type at the body; one is made where the type sits but no seat stands (none: nowhere)."""
    standing = portal.seats.get((seat_type.pk, body.key))
    if standing is not None or not (body.kind in seat_type.sits_at or body.key in seat_type.sits_at):
        return standing
    # The type itself may have begun, or be to end, on a day of its own.
    begins, ends = (date.fromisoformat(day) if day else None for day in map(seat_type.details.get, ("from", "to")))
    valid_from = max(begins or body.valid_from, body.valid_from)
    valid_to = min((day for day in (ends, body.valid_to) if day), default=None)
    if valid_to is not None and valid_to <= valid_from:
        return None
    plan.new_seats[seat_type.pk, body.key] = NewSeat(seat_type.pk, body.key, valid_from, valid_to)
    made = SeatState(None, seat_type.pk, body.key, valid_from, valid_to)
    portal.seats[seat_type.pk, body.key] = made
    return made


def seat_new_body(body: BodyState, portal: Portal, plan: Plan) -> None:
    """Give a new body every seat that its kind has."""
    for seat_type in portal.seat_types.values():
        seat_of(seat_type, body, portal, plan)


def employee_seat(body: BodyState, portal: Portal, plan: Plan) -> SeatState | None:
    """Return the seat for employees at the body (none: nobody works there)."""
    found = (seat_of(seat_type, body, portal, plan) for seat_type in portal.employee_types)
    return next((seat for seat in found if seat is not None), None)


def reference_to(seat: SeatState) -> SeatRef:
    """Return how an appointment of the plan names the seat."""
    return seat.id if seat.id is not None else (seat.seat_type, seat.body)


def ends_on(held: Held, on: date | None) -> ChangedAppointment:
    """Return the appointment as it is to be when it ends on the day ``on`` (none: until further notice)."""
    return ChangedAppointment(held.id, held.seat, held.valid_from, on, held.is_deputy, held.reference)
