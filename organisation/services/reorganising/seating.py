"""The seats of bodies that begin and end: every seat type that sits there gets its seat, and none outlives its body."""

from datetime import date

from django.utils.dateparse import parse_date

from organisation.models import Body, Seat, SeatType


def give_seats(body: Body, since: date) -> list[Seat]:
    """Make the seats that a new body has from the day ``since``: of each seat type that sits at its kind or its key."""
    types = SeatType.objects.filter(municipality_id=body.municipality_id).order_by("pk")
    here = [one for one in types if body.kind in one.sits_at or body.key in one.sits_at]
    return [seat for one in here if (seat := give_seat(one, body, since)) is not None]


def give_seat(seat_type: SeatType, body: Body, since: date) -> Seat | None:
    """Make one seat at the body from the day ``since``, while its type is in use (none: it no longer is)."""
    begins = max(since, _stated(seat_type, "from") or since)
    ends = min((day for day in (_stated(seat_type, "to"), body.valid_to) if day), default=None)
    if ends is not None and ends <= begins:
        return None
    return Seat.objects.create(
        municipality_id=body.municipality_id, seat_type=seat_type, body=body, valid_from=begins, valid_to=ends
    )


def _stated(seat_type: SeatType, word: str) -> date | None:
    """Return the day from or to which a municipality file says that the type is used."""
    return parse_date(str(seat_type.details.get(word) or ""))
