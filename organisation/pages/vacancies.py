"""The vacant seats of a day, oldest first: since when, who answers meanwhile, and who appoints."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from organisation import clock
from organisation.answer_words import trail_of, who_of
from organisation.appointers import appointer_of, may_appoint_to
from organisation.models import (
    ALWAYS,
    REPRESENTATIVES,
    Body,
    BodyClosure,
    Municipality,
    Seat,
    SeatType,
    User,
    Vacancy,
)
from organisation.responsibility import who_answers
from organisation.roster import Roster
from organisation.tree_on import TreeOn

# Rows of a file that are worked out at a time.
PIECE = 500


@dataclass(frozen=True)
class VacantSeat:
    """One vacant seat as the list shows it; ``since`` is none where nobody is known to have held it."""

    seat: Seat
    missing: int
    since: date | None
    days: int | None
    answers: str
    trail: Sequence[str]
    appointer: str
    may_appoint: bool


@dataclass(frozen=True)
class Asked:
    """Which vacancies are asked for: on which day, at or below which body, of which type of seat."""

    municipality: Municipality
    on: date
    body: Body | None = None
    seat_type: SeatType | None = None

    @property
    def is_today(self) -> bool:
        return self.on == clock.today()

    def rows(self) -> "QuerySet[Any]":
        """Return today's rows as they are kept; of another day, the seats counted anew. Both know ``since``."""
        if self.is_today:
            rows: QuerySet[Any] = Vacancy.objects.filter(self._within("seat__body_id"), municipality=self.municipality)
            return rows.filter(seat__seat_type=self.seat_type) if self.seat_type else rows
        seats = Seat.objects.vacant_on(self.on).filter(self._within("body_id"), municipality=self.municipality)
        return seats.filter(seat_type=self.seat_type) if self.seat_type else seats

    def _within(self, column: str) -> Q:
        if self.body is None:
            return Q()
        if self.is_today:
            below = BodyClosure.objects.filter(ancestor=self.body).values("descendant_id")
            return Q(**{f"{column}__in": below})
        return Q(**{f"{column}__in": TreeOn(self.municipality, self.on).below([self.body.pk]) | {self.body.pk}})


# The order of the list: nobody knows for how long comes first, then the oldest.
ORDER = ("since", "pk")


def counted(rows: "QuerySet[Any]") -> tuple[int, date | None]:
    """Return how many of the rows there are, and since when the oldest of known age is vacant."""
    found = rows.order_by().aggregate(number=Count("pk"), oldest=Min("since", filter=Q(since__gt=ALWAYS)))
    return found["number"], found["oldest"]


def shown(rows: Collection[Any], asked: Asked, person: User) -> list[VacantSeat]:
    """Return the rows as the list shows them to ``person``; a constant number of queries."""
    seats = [row.seat if isinstance(row, Vacancy) else row for row in rows]
    if not seats:
        return []
    roster = Roster(asked.municipality, asked.on, bodies={seat.body_id for seat in seats})
    for seat in seats:
        seat.seat_type, seat.body = roster.types[seat.seat_type_id], roster.bodies[seat.body_id]
    may = may_appoint_to(person, seats, roster) if asked.is_today else set()
    return [_shown(row, seat, asked, roster, may) for row, seat in zip(rows, seats, strict=True)]


def _shown(row: Any, seat: Seat, asked: Asked, roster: Roster, may: set[int]) -> VacantSeat:
    answer = who_answers(seat.body, seat.seat_type, asked.on, roster=roster)
    since = row.since if row.since > ALWAYS else None
    unions = seat.seat_type.kind in REPRESENTATIVES
    return VacantSeat(
        seat=seat,
        missing=row.missing,
        since=since,
        days=(asked.on - since).days if since else None,
        answers=who_of(answer),
        # The first gap is the seat itself, which the row is about.
        trail=trail_of(answer)[1:],
        appointer=_("The union") if unions else who_of(appointer_of(seat, roster)),
        may_appoint=seat.pk in may,
    )


def header() -> list[str]:
    """Return the names of the file's columns."""
    return [
        _("Seat"),
        _("Body"),
        _("Holders missing"),
        _("Vacant since"),
        _("Days"),
        _("Answers meanwhile"),
        _("Appointed by"),
    ]


def lines(asked: Asked, person: User) -> Iterator[list[Any]]:
    """Yield one line per vacant seat, in the order of the list, worked out piece by piece."""
    rows = asked.rows().order_by(*ORDER)
    left = (rows.select_related("seat") if asked.is_today else rows).iterator(chunk_size=PIECE)
    while piece := list(islice(left, PIECE)):
        for one in shown(piece, asked, person):
            since = one.since.isoformat() if one.since else ""
            title, body = one.seat.seat_type.title, one.seat.body.name
            yield [title, body, one.missing, since, one.days, one.answers, one.appointer]
