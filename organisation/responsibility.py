"""Who answers for what: exactly one answer for every body, responsibility and date, with its trail."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeAlias

from organisation.given_matters import GivenMatter
from organisation.models import FOR_ALL, Body, BodyKind, Seat, SeatKind, SeatType, User
from organisation.roster import Roster
from organisation.tree import lineage

# Who handles what happens at a body: the first kind of seat that the body, or one above it, has.
LINE = (SeatKind.UNIT_MANAGER, SeatKind.HEAD, SeatKind.CHIEF_EXECUTIVE, SeatKind.CHAIR)

# What can be answered for: what a kind of seat is for, what one seat type is for, or a matter that was given.
Responsibility: TypeAlias = SeatKind | SeatType | GivenMatter
# Who does not answer, although their seat does: one person, several, or none.
PassedOver: TypeAlias = User | Collection[User] | None

# Whose seat answers for a matter that a body as such has been given; elsewhere its chair.
LEADS = {
    BodyKind.COMPANY: SeatKind.HEAD,
    BodyKind.DEPARTMENT: SeatKind.HEAD,
    BodyKind.UNIT: SeatKind.UNIT_MANAGER,
    BodyKind.SAFETY_UNIT: SeatKind.HEAD_OF_SECURITY,
    BodyKind.SAFETY_GROUP: SeatKind.GROUP_LEADER,
    BodyKind.RISK_GROUP: SeatKind.GROUP_LEADER,
    BodyKind.CRIME_PREVENTION_COUNCIL: SeatKind.GROUP_LEADER,
    BodyKind.CRISIS_SUPPORT: SeatKind.GROUP_LEADER,
    BodyKind.CRISIS_COMMAND: SeatKind.GROUP_LEADER,
    BodyKind.OTHER_GROUP: SeatKind.GROUP_LEADER,
}


@dataclass(frozen=True)
class Gap:
    """A seat on the way that did not answer: nobody holds it, or the holder is away.

    ``since`` is the day it became empty (none: nobody is known to have held it); ``back_on`` the first day on which
    ``person``, who holds it and is away, is there again.
    """

    seat: Seat
    since: date | None = None
    person: User | None = None
    back_on: date | None = None


@dataclass(frozen=True)
class Answer:
    """The one who answers on the day ``on``: a seat and who holds it, or a body when nobody up to it holds a seat.

    ``asked_at`` is the body that was asked about, ``body`` where the answer comes from. ``trail`` names the gaps that
    were passed, in order. ``is_deputy``: the person stands in for the holder.
    """

    on: date
    asked_at: Body
    body: Body
    seat: Seat | None
    person: User | None
    is_deputy: bool = False
    trail: tuple[Gap, ...] = ()


class _Question:
    """One question on its way from seat to seat: whom it was put to, and which gaps it met."""

    def __init__(self, roster: Roster, body: Body, but_not: Collection[int]) -> None:
        self.roster, self.body, self.but_not = roster, body, but_not
        self._asked: set[int] = set()
        self._gaps: list[Gap] = []

    def answer(self, wanted: SeatKind | SeatType) -> Answer:
        """Put it to the seat itself, to what it falls back to, then to the line upwards; last answers the board."""
        seats = self._nearest(self.body.pk, wanted)
        begin = seats[0].body_id if seats else self.body.pk
        on_its_way = chain(seats, self._fallbacks(begin, seats, wanted), self._line(begin))
        return next(filter(None, map(self._put_to, on_its_way)), None) or self._nobody()

    def _put_to(self, seat: Seat) -> Answer | None:
        """Return the answer of the first holder who is there; note the gaps that the seat has."""
        if seat.pk in self._asked or seat.not_needed_reason:
            return None
        self._asked.add(seat.pk)
        held = self.roster.holders.get(seat.pk, [])
        if all(one.is_deputy for one in held):
            self._gaps.append(Gap(seat=seat, since=self.roster.vacant_since(seat)))
        for one in held:
            if one.person_id in self.but_not:
                continue
            if back_on := self.roster.back_on.get(one.pk):
                self._gaps.append(Gap(seat=seat, person=one.person, back_on=back_on))
                continue
            return Answer(self.roster.on, self.body, seat.body, seat, one.person, one.is_deputy, tuple(self._gaps))
        return None

    def _nobody(self) -> Answer:
        last = self.roster.boards[0] if self.roster.boards else self.body
        return Answer(self.roster.on, self.body, last, None, None, trail=tuple(self._gaps))

    def _nearest(self, at: int, wanted: SeatKind | SeatType) -> list[Seat]:
        """Return the seats wanted at the nearest body upwards that has any, else those that answer to all bodies."""
        if isinstance(wanted, SeatType):
            of_type = self._nearest_of(at, wanted.kind, lambda seat: seat.seat_type_id == wanted.pk)
            return of_type or self._nearest(at, SeatKind(wanted.kind))
        return self._nearest_of(at, wanted, lambda seat: seat.seat_type.kind == wanted)

    def _nearest_of(self, at: int, kind: str, fits: Callable[[Seat], bool]) -> list[Seat]:
        for above in self.roster.chain(at):
            if found := list(filter(fits, self.roster.by_body.get(above, ()))):
                return found
        everywhere = filter(fits, self.roster.every_seat()) if kind in FOR_ALL else ()
        return sorted(everywhere, key=lambda seat: seat.pk)

    def _fallbacks(self, begin: int, seats: list[Seat], wanted: SeatKind | SeatType) -> Iterator[Seat]:
        """Yield the seats that the first ones fall back to, step by step (R51, R130)."""
        kind = wanted.kind if isinstance(wanted, SeatType) else wanted
        of_kind = (row for row in self.roster.types.values() if row.kind == kind)
        for first in dict.fromkeys(seat.seat_type for seat in seats) or of_kind:
            followed, step = {first.pk}, first.falls_back_to
            while step is not None and step.pk not in followed:
                followed.add(step.pk)
                yield from self._nearest(begin, step)
                step = self.roster.types[step.pk].falls_back_to

    def _line(self, begin: int) -> Iterator[Seat]:
        for above in self.roster.chain(begin):
            for kind in LINE:
                yield from self.roster.seats_of_kind(above, kind)


def who_answers(
    body: Body,
    responsibility: Responsibility,
    on: date,
    *,
    but_not: PassedOver = None,
    roster: Roster | None = None,
) -> Answer:
    """Return who answers at ``body`` for ``responsibility`` on the day ``on``: one answer, with its trail.

    The holder of the nearest such seat who is not away, else a deputy; else the holder of the seat it falls back to
    (R51, R130); else the line upwards: unit manager, head, chief executive, chair (R21, R42, R75). The board answers
    last, as a body if nobody on the way holds a seat (R18, R43). A closed body's successor answers for what it left.
    ``but_not`` is passed over. ``roster`` saves reading for many questions about bodies that it holds.
    """
    wanted = responsibility
    if isinstance(wanted, GivenMatter):
        body, wanted = _holder_of(wanted, body, on)
    roster = roster or Roster(body.municipality, on, bodies=[body.pk])
    return _Question(roster, body, people_in(but_not)).answer(wanted)


def people_in(but_not: PassedOver) -> Collection[int]:
    """Return the ids of those who are passed over."""
    if but_not is None:
        return ()
    return {but_not.pk} if isinstance(but_not, User) else {person.pk for person in but_not}


def _holder_of(matter: GivenMatter, body: Body, on: date) -> tuple[Body, SeatKind | SeatType]:
    """Return the body at which a given matter is asked about, and whose seat answers for it there."""
    municipality = body.municipality
    if seat_type := SeatType.objects.filter(municipality=municipality, key=matter.held_by).first():
        return body, seat_type
    bodies = Body.objects.of(municipality)
    holder = bodies.filter(key=matter.held_by).first()
    if holder is None:
        of_kind = {one.pk: one for one in bodies.in_force(on).filter(kind=matter.held_by).order_by("pk")}
        nearest = (of_kind[pk] for pk in _upwards(body, on) if pk in of_kind)
        holder = next(nearest, None) or next(iter(of_kind.values()), None) or body
    return holder, LEADS.get(BodyKind(holder.kind), SeatKind.CHAIR)


def _upwards(body: Body, on: date) -> Iterator[int]:
    above, at, seen = lineage([body.pk], on), body.pk, set[int]()
    while at and at not in seen:
        seen.add(at)
        yield at
        at = above.get(at, 0)


def who_handles(body: Body, on: date, *, but_not: PassedOver = None, roster: Roster | None = None) -> Answer:
    """Return who reads and handles what is reported at ``body``: its manager, else the line upwards.

    ``but_not`` is the reporter, or also those the case is kept from: a manager's own report goes to the superior.
    """
    return who_answers(body, handling_kind(body), on, but_not=but_not, roster=roster)


def handling_kind(body: Body) -> SeatKind:
    """Return the kind of seat whose holder handles what happens at ``body``."""
    return SeatKind.UNIT_MANAGER if body.kind == BodyKind.UNIT else SeatKind.HEAD
