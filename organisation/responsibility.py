"""Who answers for what: exactly one answer for every body, kind of seat and date, with its trail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from organisation.models import Appointment, Body, BodyKind, Municipality, Seat, SeatKind, User, parents_on

# Who handles what happens at a body: the first kind of seat that the body, or one above it, has.
LINE = (SeatKind.UNIT_MANAGER, SeatKind.HEAD, SeatKind.CHIEF_EXECUTIVE, SeatKind.CHAIR)


@dataclass(frozen=True)
class Gap:
    """A seat on the way that has no holder, and since when (none: nobody has held it)."""

    seat: Seat
    since: date | None


@dataclass(frozen=True)
class Answer:
    """The one who answers: the seat, its holder (none: nobody up to the board), and the empty seats passed."""

    seat: Seat | None
    person: User | None
    trail: tuple[Gap, ...] = field(default=())


class Roster:
    """Seats and their holders on one day, for a whole municipality or one body and all above it; read once."""

    def __init__(self, municipality: Municipality, on: date, *, body: Body | None = None) -> None:
        self.municipality, self.on = municipality, on
        self.parents = parents_on(municipality, on)
        self.boards = list(
            Body.objects.of(municipality).in_force(on).filter(kind=BodyKind.BOARD).values_list("pk", flat=True)
        )
        seats = Seat.objects.in_force(on).filter(municipality=municipality, not_needed_reason="")
        held = Appointment.objects.in_force(on).filter(municipality=municipality, person__is_active=True)
        held = held.exclude(seat__seat_type__kind=SeatKind.EMPLOYEE)
        ended = Appointment.objects.filter(municipality=municipality, valid_to__lte=on)
        if body is not None:
            chain = self.chain(body.pk)
            seats, held = seats.filter(body_id__in=chain), held.filter(seat__body_id__in=chain)
            ended = ended.filter(seat__body_id__in=chain)
        # Seat id → the day on which its last holder left.
        self.last_held: dict[int, date] = dict(ended.values_list("seat_id").annotate(last=Max("valid_to")))
        seats = seats.select_related(
            "seat_type__falls_back_to__falls_back_to", "seat_type__reports_to", "body"
        ).order_by("pk")
        self.by_body: dict[int, list[Seat]] = _grouped(seats, "body_id")
        ordered = held.select_related("person").order_by("is_deputy", "valid_from", "pk")
        self.holders: dict[int, list[Appointment]] = _grouped(ordered, "seat_id")

    def chain(self, body_id: int) -> list[int]:
        """Return the body, all above it, and last of all the board: whatever the tree looks like (R18, R43)."""
        above = list(_upwards(body_id, self.parents))
        return [*above, *(board for board in self.boards if board not in above)]

    def seat(self, body_id: int, kind: str) -> Seat | None:
        """Return the first seat of ``kind`` at the body."""
        return next((seat for seat in self.by_body.get(body_id, ()) if seat.seat_type.kind == kind), None)

    def who_answers(self, body_id: int, kind: str, *, but_not: User | None = None) -> Answer:
        """Return who answers at the body for what a seat of ``kind`` is for; ``but_not`` is passed over."""
        gaps: list[Gap] = []
        steps = self._steps(body_id, kind)
        for at in self.chain(body_id):
            for step in steps:
                seat = self.seat(at, step)
                if seat is None:
                    continue
                held = [one for one in self.holders.get(seat.pk, ()) if one.person != but_not]
                if held:
                    return Answer(seat=seat, person=held[0].person, trail=tuple(gaps))
                gaps.append(Gap(seat=seat, since=self.last_held.get(seat.pk)))
        return Answer(seat=None, person=None, trail=tuple(gaps))

    def _steps(self, body_id: int, kind: str) -> list[str]:
        """Return the kinds of seat to ask, in order: the seat, what it falls back to, then the line."""
        steps = [kind]
        first = self.seat(body_id, kind)
        following = first.seat_type.falls_back_to if first else None
        while following is not None and following.kind not in steps:
            steps.append(following.kind)
            following = following.falls_back_to
        return steps + [step for step in LINE if step not in steps]


def _grouped(rows: Iterable, column: str) -> dict:
    groups: dict = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups


def _upwards(body_id: int, parents: dict[int, int]) -> Iterator[int]:
    seen: set[int] = set()
    at: int | None = body_id
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = parents.get(at)


def who_answers(body: Body, kind: str, on: date, *, but_not: User | None = None) -> Answer:
    """Return who answers at ``body`` for what a seat of ``kind`` is for, on the day ``on``.

    The holder of the seat; else the holder of the seat it falls back to (R51, R130); else the line
    upwards: unit manager, head, chief executive, chair. The board answers last.
    """
    return Roster(body.municipality, on, body=body).who_answers(body.pk, kind, but_not=but_not)


def who_handles(body: Body, on: date, *, but_not: User | None = None) -> Answer:
    """Return who reads and handles what is reported at ``body``: its manager, else the line upwards.

    ``but_not`` is the reporter: a manager's own report goes to the superior.
    """
    first = SeatKind.UNIT_MANAGER if body.kind == BodyKind.UNIT else SeatKind.HEAD
    return who_answers(body, first, on, but_not=but_not)
