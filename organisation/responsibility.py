"""Who answers for what: exactly one answer for every body, kind of seat and date, with its trail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from organisation.models import Appointment, Body, BodyKind, Seat, SeatKind, User, parents_on

# Who handles what happens at a body: the first kind of seat that the body, or one above it, has.
LINE = (SeatKind.UNIT_MANAGER, SeatKind.HEAD, SeatKind.CHIEF_EXECUTIVE, SeatKind.CHAIR)


@dataclass(frozen=True)
class Gap:
    """A seat on the way that has no holder, and since when (none: never held)."""

    seat: Seat
    since: date | None


@dataclass(frozen=True)
class Answer:
    """The one who answers: the seat, its holder (none: nobody up to the board), and the vacant seats passed."""

    seat: Seat | None
    person: User | None
    trail: tuple[Gap, ...] = field(default=())


@dataclass
class _Seats:
    """Seats and holders of one municipality on one date, read once."""

    on: date
    by_body: dict[int, list[Seat]]
    holders: dict[int, list[Appointment]]
    chain: list[int]

    @classmethod
    def read(cls, body: Body, on: date) -> "_Seats":
        parents = parents_on(body.municipality, on)
        chain = list(_upwards(body.pk, parents))
        # Whatever the tree looks like, the board answers last (R18, R43).
        boards = Body.objects.of(body.municipality).in_force(on).filter(kind=BodyKind.BOARD)
        chain += [board_id for board_id in boards.values_list("pk", flat=True) if board_id not in chain]
        seats = Seat.objects.in_force(on).filter(body_id__in=chain, not_needed_reason="")
        by_body: dict[int, list[Seat]] = {}
        for seat in seats.select_related("seat_type__falls_back_to", "body").order_by("pk"):
            by_body.setdefault(seat.body_id, []).append(seat)
        holders: dict[int, list[Appointment]] = {}
        held = Appointment.objects.in_force(on).filter(seat__body_id__in=chain, person__is_active=True)
        for appointment in held.select_related("person").order_by("is_deputy", "valid_from", "pk"):
            holders.setdefault(appointment.seat_id, []).append(appointment)
        return cls(on=on, by_body=by_body, holders=holders, chain=chain)

    def find(self, body_id: int, kind: str) -> Seat | None:
        return next((seat for seat in self.by_body.get(body_id, ()) if seat.seat_type.kind == kind), None)

    def gap(self, seat: Seat) -> Gap:
        last = seat.appointments.filter(valid_to__lte=self.on).order_by("-valid_to").first()
        return Gap(seat=seat, since=last.valid_to if last else None)


def _upwards(body_id: int, parents: dict[int, int]) -> Iterator[int]:
    seen: set[int] = set()
    at: int | None = body_id
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = parents.get(at)


def who_answers(body: Body, kind: str, on: date) -> Answer:
    """Return who answers at ``body`` for what a seat of ``kind`` is for, on the day ``on``.

    The holder of the seat; else the holder of the seat it falls back to (R51, R130); else the line
    upwards: unit manager, head, chief executive, chair. The board answers last.
    """
    seats = _Seats.read(body, on)
    gaps: list[Gap] = []
    wanted = [kind]
    if first := seats.find(body.pk, kind):
        following = first.seat_type.falls_back_to
        while following is not None and following.kind not in wanted:
            wanted.append(following.kind)
            following = following.falls_back_to
    wanted += [step for step in LINE if step not in wanted]
    for body_id in seats.chain:
        for step in wanted:
            seat = seats.find(body_id, step)
            if seat is None:
                continue
            held = seats.holders.get(seat.pk)
            if held:
                return Answer(seat=seat, person=held[0].person, trail=tuple(gaps))
            gaps.append(seats.gap(seat))
    return Answer(seat=None, person=None, trail=tuple(gaps))


def who_handles(body: Body, on: date) -> Answer:
    """Return who reads and handles what is reported at ``body``: its manager, else the line upwards."""
    first = SeatKind.UNIT_MANAGER if body.kind == BodyKind.UNIT else SeatKind.HEAD
    return who_answers(body, first, on)
