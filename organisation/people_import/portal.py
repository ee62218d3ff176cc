"""What stands in the portal when a run is planned: read as plain values, a fixed number of queries for any size."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q

from organisation.models import Appointment, Body, Headcount, Municipality, Placement, Seat, SeatKind, SeatType, User

# Addresses asked for in one query.
PIECE = 10_000


@dataclass(slots=True)
class BodyState:
    """A body as it stands, or as the file will have it; parent, successor: keys, or nothing."""

    key: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    successor: str = ""
    parent: str = ""
    id: int | None = None

    def stands_on(self, on: date) -> bool:
        """Tell whether the body is in force on the day ``on``."""
        return self.valid_from <= on and not self.is_closed_on(on)

    def is_closed_on(self, on: date) -> bool:
        """Tell whether the body has ended on the day ``on``."""
        return self.valid_to is not None and self.valid_to <= on


class SeatState(NamedTuple):
    """A seat that stands or is to come; ``id`` none when the run makes it."""

    id: int | None
    seat_type: int
    body: str
    valid_from: date
    valid_to: date | None
    not_needed: bool = False


class PersonState(NamedTuple):
    """A person of the municipality."""

    id: int
    personnel_id: str
    name: str
    email: str
    is_active: bool


class Held(NamedTuple):
    """An appointment that runs or is to come."""

    id: int
    person: int
    seat: int
    valid_from: date
    valid_to: date | None
    is_deputy: bool
    reference: str


class Portal:
    """The municipality as it stands on the day ``on``."""

    def __init__(self, municipality: Municipality, on: date) -> None:
        self.municipality, self.on = municipality, on
        self.seat_types: dict[int, SeatType] = {
            row.pk: row for row in SeatType.objects.filter(municipality=municipality).order_by("key")
        }
        self.employee_types = [one for one in self.seat_types.values() if one.kind == SeatKind.EMPLOYEE]
        self.employee_type_ids = frozenset(one.pk for one in self.employee_types)
        # Person's id → what they held before; read when a file of seats is compared.
        self.ended: dict[int, list[Held]] = defaultdict(list)
        self._read_bodies()
        self._read_seats()

    def _read_bodies(self) -> None:
        columns = ("id", "key", "name", "kind", "valid_from", "valid_to", "successor__key")
        rows = Body.objects.of(self.municipality).order_by("pk").values_list(*columns)
        self.before: dict[str, BodyState] = {}
        self.key_of: dict[int, str] = {}
        for pk, key, name, kind, valid_from, valid_to, successor in rows:
            self.before[key] = BodyState(key, name, kind, valid_from, valid_to, successor or "", id=pk)
            self.key_of[pk] = key
        standing = Placement.objects.filter(municipality=self.municipality).in_force(self.on)
        for body_id, parent_id in standing.values_list("body_id", "parent_id"):
            self.before[self.key_of[body_id]].parent = self.key_of[parent_id]
        # As the run will leave them; the file of bodies changes these.
        self.bodies: dict[str, BodyState] = {key: replace(body) for key, body in self.before.items()}

    def _read_seats(self) -> None:
        columns = ("id", "seat_type_id", "body_id", "valid_from", "valid_to", "not_needed_reason")
        rows = Seat.objects.filter(municipality=self.municipality).exclude(valid_to__lte=self.on)
        self.seats: dict[tuple[int, str], SeatState] = {}
        self.seat_by_id: dict[int, SeatState] = {}
        for pk, seat_type, body_id, valid_from, valid_to, reason in rows.order_by("valid_from").values_list(*columns):
            seat = SeatState(pk, seat_type, self.key_of[body_id], valid_from, valid_to, bool(reason))
            self.seat_by_id[pk] = seat
            # The one that stands first: one that is to come begins where it ends.
            self.seats.setdefault((seat_type, seat.body), seat)

    def end_of(self, body: str) -> date | None:
        """Return the day on which the body ends, whatever the run itself closes: who works there then follows."""
        return (self.before.get(body) or self.bodies[body]).valid_to

    def read_people(self) -> None:
        """Read every person of the municipality, and every appointment that runs or is to come."""
        columns = ("id", "external_id", "name", "email", "is_active")
        rows = User.objects.filter(municipality=self.municipality).order_by("pk").select_related(None)
        people = [PersonState(*row) for row in rows.values_list(*columns)]
        self.people = {person.personnel_id: person for person in people if person.personnel_id}
        self.by_email = {person.email: person for person in people}
        self.by_id = {person.id: person for person in people}
        self.held: dict[int, list[Held]] = defaultdict(list)
        for held in self._appointments(Q(valid_to__isnull=True) | Q(valid_to__gt=self.on)):
            self.held[held.person].append(held)

    def read_ended(self) -> None:
        """Read what people held before, employments left out."""
        ended = Q(valid_to__lte=self.on) & ~Q(seat__seat_type__in=self.employee_type_ids)
        for held in self._appointments(ended):
            self.ended[held.person].append(held)

    def _appointments(self, which: Q) -> Iterable[Held]:
        columns = ("id", "person_id", "seat_id", "valid_from", "valid_to", "is_deputy", "reference")
        # One that was taken back before it began was never held.
        rows = Appointment.objects.filter(which, municipality=self.municipality).exclude(valid_to=F("valid_from"))
        return (Held(*row) for row in rows.order_by("valid_from", "pk").values_list(*columns))

    def addresses_elsewhere(self, emails: Iterable[str]) -> set[str]:
        """Return which of the addresses belong to somebody outside the municipality."""
        asked, found = list(emails), set()
        for start in range(0, len(asked), PIECE):
            others = User.objects.filter(email__in=asked[start : start + PIECE]).exclude(municipality=self.municipality)
            found |= set(others.values_list("email", flat=True))
        return found

    def headcounts(self) -> dict[tuple[str, date], tuple[int, int]]:
        """Return (body's key, day) → (id, employees)."""
        rows: Any = Headcount.objects.filter(municipality=self.municipality).order_by("pk")
        return {
            (self.key_of[body_id], day): (pk, employees)
            for pk, body_id, day, employees in rows.values_list("pk", "body_id", "counted_on", "employees")
        }
