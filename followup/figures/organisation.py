"""The safety organisation: which seats are held, and which stand vacant since when (R49, R51, R129–R131, R205)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from followup.figures.bodies import authority_names, body_names
from followup.figures.question import Question
from organisation.models import ALWAYS, Appointment, Seat

LISTED = 20


@dataclass(frozen=True)
class SeatTypeRow:
    """Seats of one type: how many there are and how many stand vacant."""

    title: str
    seats: int
    vacant: int


@dataclass(frozen=True)
class VacantSeat:
    """A seat without holder; ``since`` in ISO form, empty when nobody ever held it."""

    title: str
    body: str
    authority: str
    since: str
    days: int | None


@dataclass(frozen=True)
class Organisation:
    """Figures of the chapter: seats on the cut-off's day."""

    seats: int
    vacant: int
    vacant_last_year: int
    types: list[SeatTypeRow]
    longest_vacant: list[VacantSeat]
    authorities: list[SeatTypeRow]


def seats_on(question: Question, on: date) -> Any:
    """Return the seats that the responsibility map counts on the day ``on``, each with ``held``."""
    return Seat.objects.to_be_held(on).filter(municipality=question.municipality)


def organisation(question: Question) -> Organisation:
    """Count seats and vacancies by type and by committee, and list those longest vacant."""
    on = question.cut_off
    seats = list(seats_on(question, on).select_related("seat_type", "body").order_by("pk"))
    authorities = authority_names(question.municipality, on)
    by_type: Counter[tuple[str, bool]] = Counter((seat.seat_type.title, seat.held) for seat in seats)
    by_authority: Counter[tuple[str, bool]] = Counter((authorities[seat.body_id], seat.held) for seat in seats)
    vacant = [seat.pk for seat in seats if not seat.held]
    return Organisation(
        seats=len(seats),
        vacant=len(vacant),
        vacant_last_year=seats_on(question, question.day_in(question.year - 1)).filter(held=False).count(),
        types=_rows(by_type),
        longest_vacant=_longest(question, vacant, authorities),
        authorities=_rows(by_authority),
    )


def _rows(counted: Counter[tuple[str, bool]]) -> list[SeatTypeRow]:
    names = sorted({name for name, _held in counted})
    return [SeatTypeRow(name, counted[name, True] + counted[name, False], counted[name, False]) for name in names]


def _longest(question: Question, seat_ids: list[int], authorities: dict[int, str]) -> list[VacantSeat]:
    on, names = question.cut_off, body_names(question)
    ended = Appointment.objects.filter(seat=OuterRef("pk"), valid_to__lte=on).order_by().values("seat")
    left = ended.annotate(last=Max("valid_to")).values("last")
    seats = Seat.objects.filter(pk__in=seat_ids).select_related("seat_type", "body").annotate(left_on=Subquery(left))
    listed = []
    for seat in seats:
        since = seat.left_on or (seat.valid_from if seat.valid_from > ALWAYS else None)
        listed.append(
            VacantSeat(
                title=seat.seat_type.title,
                body=names.get(seat.body_id, seat.body.name),
                authority=authorities[seat.body_id],
                since=since.isoformat() if since else "",
                days=(on - since).days if since else None,
            )
        )
    # Never held comes first: nobody knows for how long.
    listed.sort(key=lambda seat: (seat.since, seat.body, seat.title))
    return listed[:LISTED]
