"""Invented people in the municipality's own seats, with a few seats that have stood empty for a while."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from followup.demo.bulk import dated, write
from followup.demo.chance import Chance, days, texts
from organisation import clock
from organisation.models import MEMBERSHIPS, Appointment, Body, BodyKind, Municipality, Seat, SeatKind, User

ELECTED = (SeatKind.CHAIR, SeatKind.MEMBER)
# Seats that employees hold beside their work.
BESIDE_WORK = (SeatKind.UNIT_OMBUD, SeatKind.SAFETY_REPRESENTATIVE)
APPOINTED_LATER = (SeatKind.CHIEF_SAFETY_REPRESENTATIVE, SeatKind.GROUP_LEADER, *MEMBERSHIPS)
# How many seats of a kind are left empty when there are more than twice as many, to show what a vacancy is.
VACANCIES = {SeatKind.DEPARTMENT_COORDINATOR: 1, SeatKind.UNIT_MANAGER: 1, SeatKind.UNIT_OMBUD: 3}
LONGEST_VACANCY = 420  # days


@dataclass
class People:
    """Who holds what today: people by seat, and seats by kind and body."""

    everyone: list[User] = field(default_factory=list)
    by_seat: dict[int, list[User]] = field(default_factory=lambda: defaultdict(list))
    seats: list[Seat] = field(default_factory=list)

    def holders(self, kind: str, body_id: int | None = None) -> list[User]:
        """The people who hold seats of a kind, at one body or anywhere."""
        return [
            person
            for seat in self.seats
            if seat.seat_type.kind == kind and body_id in (None, seat.body_id)
            for person in self.by_seat[seat.pk]
        ]

    def at(self, body_id: int) -> list[User]:
        """Everybody who works at one body."""
        kinds = (SeatKind.EMPLOYEE, SeatKind.UNIT_OMBUD, SeatKind.UNIT_MANAGER, SeatKind.DEPARTMENT_COORDINATOR)
        return list({person.pk: person for kind in kinds for person in self.holders(kind, body_id)}.values())


class Names:
    """Invented names, each once, with an address that leads nowhere."""

    def __init__(self, municipality: Municipality, chance: Chance) -> None:
        words = texts("names")
        every = [f"{first} {last}" for last in words["last"] for first in words["first"]]
        self._names = iter(chance.some(every, len(every)))
        self._domain = f"{municipality.key.replace('_', '-')}.example.se"
        self._taken = set(User.objects.filter(email__endswith=f"@{self._domain}").values_list("email", flat=True))

    def next(self) -> tuple[str, str]:
        """A name and its e-mail address."""
        while True:
            name = next(self._names)
            email = f"{ascii_of(name)}@{self._domain}"
            if email not in self._taken:
                self._taken.add(email)
                return name, email


def ascii_of(name: str) -> str:
    """The name as an e-mail address has it: åsa.attrappen."""
    letters = unicodedata.normalize("NFKD", name.lower().replace(" ", "."))
    return letters.encode("ascii", "ignore").decode()


def wanted(seat: Seat, chance: Chance) -> int:
    """How many people are to hold the seat."""
    kind, body = seat.seat_type.kind, seat.body
    usual = {
        SeatKind.MEMBER: 6 if body.kind == BodyKind.COUNCIL else 4,
        SeatKind.EMPLOYEE: 4 if body.kind == BodyKind.UNIT else 2,
        SeatKind.DUTY_OFFICER: 2,
        SeatKind.SAFETY_REPRESENTATIVE: 1 if body.kind == BodyKind.DEPARTMENT or chance.happens(0.8) else 0,
    }.get(SeatKind(kind), 1)
    at_most = seat.seat_type.max_holders or usual + seat.seat_type.min_holders
    return min(max(usual, seat.seat_type.min_holders), at_most)


def appoint_people(municipality: Municipality, year: int, chance: Chance, password_hash: str) -> People:
    """Invent people and appoint them to every seat in force today."""
    return _Appointing(municipality, year, chance, password_hash).run()


class _Appointing:
    """One round of appointing; people are saved before their appointments are."""

    def __init__(self, municipality: Municipality, year: int, chance: Chance, password_hash: str) -> None:
        self.municipality, self.year, self.chance = municipality, year, chance
        self.password_hash = password_hash
        self.names = Names(municipality, chance)
        self.today = clock.today()
        self.people = People()
        self.appointments: list[tuple[Seat, User, date, date | None]] = []

    def run(self) -> People:
        seats = Seat.objects.filter(municipality=self.municipality, not_needed_reason="").in_force(self.today)
        # The union's chief representative is one of its representatives, and groups take in people with other seats.
        seats = seats.exclude(seat_type__kind__in=APPOINTED_LATER)
        order = [SeatKind.EMPLOYEE, *(kind for kind in SeatKind.values if kind != SeatKind.EMPLOYEE)]
        self.people.seats = sorted(
            seats.select_related("seat_type", "body"),
            key=lambda seat: (order.index(seat.seat_type.kind), seat.seat_type.key, seat.body.key),
        )
        vacant = set(self._vacant())
        for seat in self.people.seats:
            if seat.pk in vacant:
                self._appoint_someone_gone(seat)
            else:
                for _place in range(wanted(seat, self.chance)):
                    self._appoint(seat, self._person_for(seat))
        self._save()
        return self.people

    def _vacant(self) -> Iterator[int]:
        for kind, count in VACANCIES.items():
            of_kind = [seat.pk for seat in self.people.seats if seat.seat_type.kind == kind]
            if len(of_kind) > 2 * count:
                yield from self.chance.some(of_kind, count)

    def _person_for(self, seat: Seat) -> User:
        kind, held = seat.seat_type.kind, self.people.by_seat[seat.pk]
        if kind in BESIDE_WORK:
            colleagues = [one for one in self.people.holders(SeatKind.EMPLOYEE, seat.body_id) if one not in held]
            busy = [one for other in BESIDE_WORK for one in self.people.holders(other, seat.body_id)]
            if colleagues:
                return self.chance.one([one for one in colleagues if one not in busy] or colleagues)
        if kind == SeatKind.MEMBER and seat.body.kind != BodyKind.COUNCIL and self.chance.happens(0.6):
            elected = [one for one in self.people.holders(SeatKind.MEMBER) if one not in held]
            if elected:
                return self.chance.one(elected)
        if kind == SeatKind.SECRETARY and self.chance.happens(0.4):
            secretaries = [one for one in self.people.holders(SeatKind.SECRETARY) if one not in held]
            if secretaries:
                return self.chance.one(secretaries)
        return self._new_person()

    def _new_person(self, *, is_active: bool = True) -> User:
        name, email = self.names.next()
        person = User(
            municipality=self.municipality,
            name=name,
            email=email,
            is_active=is_active,
            password=self.password_hash,
            public_id=self.chance.public_id(self.chance.moment(date(self.year - 2, 1, 2))),
        )
        self.people.everyone.append(person)
        return person

    def _appoint(self, seat: Seat, person: User) -> None:
        self.people.by_seat[seat.pk].append(person)
        self.appointments.append((seat, person, self._first_day(seat), None))

    def _first_day(self, seat: Seat) -> date:
        if seat.seat_type.kind in ELECTED:
            first = self._term_start()
        else:
            first = date(self.year - self.chance.number(3, 8), self.chance.number(1, 12), 1)
        return max(first, seat.valid_from, seat.body.valid_from)

    def _term_start(self) -> date:
        """First day of the term that ran when the demo begins."""
        begins = date(self.year - 2, 1, 1)
        last = self.municipality.last_election
        start = last.year + 1 if last else begins.year
        while start > begins.year:
            start -= self.municipality.election_cycle_years
        return date(start, 1, 1)

    def _appoint_someone_gone(self, seat: Seat) -> None:
        """The seat's last holder has left: the vacancy has an age."""
        left = self.today - timedelta(days=self.chance.number(40, LONGEST_VACANCY))
        first = max(left - days(self.chance.number(700, 2000)), seat.valid_from, seat.body.valid_from)
        if first < left:
            self.appointments.append((seat, self._new_person(is_active=False), first, left))

    def _save(self) -> None:
        began = self.chance.moment(date(self.year - 2, 1, 2))
        write([dated(person, began) for person in self.people.everyone])
        write(
            [
                dated(
                    Appointment(
                        municipality=self.municipality,
                        public_id=self.chance.public_id(began),
                        seat=seat,
                        person=person,
                        valid_from=first,
                        valid_to=left,
                    ),
                    began,
                )
                for seat, person, first, left in self.appointments
            ]
        )


@dataclass(frozen=True)
class Workplace:
    """A body where people work, and the kind of work it does."""

    body: Body
    theme: str


def workplaces(municipality: Municipality) -> list[Workplace]:
    """The municipality's workplaces of today, in one order, each with its theme."""
    standing = Body.objects.of(municipality).in_force(clock.today()).workplaces()
    return [Workplace(body, theme_of(body)) for body in in_one_order(standing)]


def in_one_order(bodies: Iterable[Body]) -> list[Body]:
    """The bodies by key: databases differ in how they order letters."""
    return sorted(bodies, key=lambda body: body.key)


def theme_of(body: Body) -> str:
    """The kind of work that the body's name tells of."""
    name = body.name.lower()
    return next(theme for theme, words in texts("themes").items() if any(word in name for word in words))
