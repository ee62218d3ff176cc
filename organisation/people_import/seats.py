"""Plans what the file of seats changes: who holds which seat and when, by the rules that the seat's page follows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from organisation.models import REPRESENTATIVES, SeatKind, SeatType
from organisation.people_import.cells import Cells
from organisation.people_import.columns import FileKind
from organisation.people_import.plan import ChangedAppointment, Fact, NewAppointment, PersonRef, Plan, SeatRef, Told
from organisation.people_import.portal import Held, Portal, SeatState
from organisation.people_import.problems import Problem
from organisation.people_import.reading import Table
from organisation.people_import.seating import reference_to, seat_of

Period = tuple[date, date | None]


class Planned(NamedTuple):
    """An appointment as the plan will have it."""

    person: PersonRef
    period: Period
    is_deputy: bool


@dataclass(slots=True)
class SeatLine:
    """One line that can be understood: who holds what, and when (first none: as it stands, else from today)."""

    line: int
    person: PersonRef
    name: str
    key: str
    seat_type: SeatType
    seat: SeatState
    first: date | None
    until: date | None
    is_deputy: bool
    reference: str


class SeatsPlanner:
    """Compares the file's appointments with the portal's; what the file does not name is left alone."""

    def __init__(self, table: Table, portal: Portal, plan: Plan, problems: list[Problem]) -> None:
        self.table, self.portal, self.plan, self.problems = table, portal, plan, problems
        self.told = plan.told.setdefault(FileKind.SEATS, Told())
        self.types = {one.key: one for one in portal.seat_types.values()}
        self.new_people = {one.personnel_id: one for one in plan.new_people}
        self.new_by_email = {one.email: one for one in plan.new_people}
        self.leaving = set(plan.leaving)
        self.returning = set(plan.returning)
        self.matched: set[int] = set()
        self.seen: dict[tuple[PersonRef, int, str, date | None], int] = {}
        # The lines that put somebody into each seat, to tell which of them is one too many.
        self.lines_of: dict[SeatRef, list[int]] = defaultdict(list)

    def run(self) -> None:
        """Add everything that the file changes to the plan, and all that is wrong to the problems."""
        self.portal.read_ended()
        taken = (self._read(Cells(self.table, line, self.problems)) for line in self.table.lines)
        lines = [line for line in taken if line is not None and self._fits(line)]
        # Those that say when they began are about that one; the others about what is left.
        exact = {line.line: self._standing(line, exactly=True) for line in lines}
        self.matched = {held.id for held in exact.values() if held is not None}
        for line in lines:
            self._compare(line, exact[line.line] or self._standing(line, exactly=False))
        self._check_seats()

    # --- Reading ---------------------------------------------------------------------------

    def _read(self, cells: Cells) -> SeatLine | None:
        number, email = cells.personnel_id("personnel_id"), cells.email("email")
        seat_type_key = cells.text("seat_type", limit=100, needed=True)
        body_key = cells.key("body", needed=True)
        first, until = cells.period()
        is_deputy, reference = cells.yes("deputy"), cells.text("decision", limit=120)
        if not cells.sound:
            return None
        found = self._person(cells, number, email)
        seat_type = self._seat_type(cells, seat_type_key)
        if body_key not in self.portal.bodies:
            cells.wrong("body", "unknown_body", value=body_key)
        if found is None or seat_type is None or not cells.sound:
            return None
        seat = self._seat(cells, seat_type, body_key)
        if seat is None:
            return None
        person, name = found
        place = (person, seat_type.pk, body_key, first)
        if place in self.seen:
            cells.wrong("personnel_id", "twice", value=number or email, other=self.seen[place])
            return None
        self.seen[place] = cells.line.number
        return SeatLine(
            cells.line.number, person, name, number or email, seat_type, seat, first, until, is_deputy, reference
        )

    def _person(self, cells: Cells, number: str, email: str) -> tuple[PersonRef, str] | None:
        """Return whom the line names, by personnel id, else by address: elected people have no personnel id."""
        column = "personnel_id" if number or not self.table.has("email") else "email"
        if not number and not email:
            cells.wrong(column, "nobody_named")
            return None
        new = self.new_people.get(number) if number else self.new_by_email.get(email)
        if new is not None:
            return new.personnel_id, new.name
        standing = self.portal.people.get(number) if number else self.portal.by_email.get(email)
        if standing is None:
            cells.wrong(column, "unknown_person", value=number or email)
            return None
        if standing.id in self.leaving or not (standing.is_active or standing.id in self.returning):
            cells.wrong(column, "person_has_left", person=standing.name)
            return None
        return standing.id, standing.name

    def _seat_type(self, cells: Cells, key: str) -> SeatType | None:
        seat_type = self.types.get(key)
        if seat_type is None:
            known = ", ".join(sorted(one.key for one in self.types.values() if one.kind != SeatKind.EMPLOYEE))
            cells.wrong("seat_type", "unknown_seat_type", value=key, known=known)
        elif seat_type.kind in REPRESENTATIVES:
            cells.wrong("seat_type", "unions_seat")
        elif seat_type.kind == SeatKind.EMPLOYEE:
            cells.wrong("seat_type", "employees_seat")
        return seat_type if cells.sound else None

    def _seat(self, cells: Cells, seat_type: SeatType, body_key: str) -> SeatState | None:
        """Return the seat; one is made where its type sits at the body but no seat stands."""
        seat = seat_of(seat_type, self.portal.bodies[body_key], self.portal, self.plan)
        if seat is None:
            cells.wrong("body", "no_seat_here", seat=seat_type.title, value=body_key)
        elif seat.not_needed:
            cells.wrong("body", "not_needed")
            return None
        return seat

    # --- Comparing -------------------------------------------------------------------------

    def _standing(self, line: SeatLine, *, exactly: bool) -> Held | None:
        """Return the appointment of the same person to the same seat that the line is about."""
        if not isinstance(line.person, int):
            return None
        here = [one for one in self.portal.held.get(line.person, ()) if one.seat == line.seat.id]
        if not exactly:
            left = [one for one in here if one.id not in self.matched]
            return next((one for one in left if line.until is None or one.valid_from < line.until), None)
        if line.first is None:
            return here[0] if here else None
        before = [one for one in self.portal.ended.get(line.person, ()) if one.seat == line.seat.id]
        return next((one for one in (*here, *before) if one.valid_from == line.first), None)

    def _fits(self, line: SeatLine) -> bool:
        """Tell whether the seat stands during all of the time that the line states."""
        body = self.portal.bodies[line.seat.body]
        begins = max(line.seat.valid_from, body.valid_from)
        ends = min((day for day in (line.seat.valid_to, body.valid_to) if day), default=None)
        early = line.first is not None and line.first < begins
        late = ends is not None and (line.first or self.plan.on) >= ends
        late = late or (ends is not None and line.until is not None and line.until > ends)
        if early or late:
            period = f"{begins.isoformat()} – {ends.isoformat() if ends else ''}"
            self._wrong(line, "first_day" if early else "last_day", "outside_the_seat", period=period)
            return False
        return True

    def _compare(self, line: SeatLine, held: Held | None) -> None:
        ends = self.portal.bodies[line.seat.body].valid_to or line.seat.valid_to
        until = line.until or ends
        where = f"{line.seat_type.title}, {self.portal.bodies[line.seat.body].name}"
        reference = reference_to(line.seat)
        self.lines_of[reference].append(line.line)
        if held is None:
            self._add(line, reference, until, where)
            return
        first = line.first or held.valid_from
        wanted = (first, until, line.is_deputy, line.reference or held.reference)
        standing = (held.valid_from, held.valid_to, held.is_deputy, held.reference)
        if wanted == standing:
            self.told.same += 1
            return
        self.plan.changed_appointments[held.id] = ChangedAppointment(held.id, held.seat, *wanted)
        how = "ends" if until is not None and held.valid_to is None else "changes"
        names = ("from", "until", "deputy", "decision")
        pairs = zip(names, map(_word, standing), map(_word, wanted), strict=True)
        facts = [Fact("seat", "", where), *(Fact(*pair) for pair in pairs if pair[1] != pair[2])]
        self.told.tell(how, line.name, line.key, facts)

    def _add(self, line: SeatLine, seat: SeatRef, until: date | None, where: str) -> None:
        first = line.first or max(self.plan.on, line.seat.valid_from)
        if until is not None and until <= self.plan.on:
            # It ended before today and was never in the portal: there is nothing to end.
            self.told.same += 1
            return
        self.plan.new_appointments.append(
            NewAppointment(line.person, seat, first, until, line.is_deputy, line.reference)
        )
        facts = [Fact("seat", "", where), Fact("from", "", first.isoformat())]
        facts += [Fact("until", "", until.isoformat())] if until else []
        self.told.tell("adds", line.name, line.key, facts)

    def _wrong(self, line: SeatLine, column: str, code: str, **values: object) -> None:
        self.problems.append(self.table.problem(line.line, column, code, **values))

    # --- As many as may, and each once ---------------------------------------------------

    def _check_seats(self) -> None:
        """Tell seats that would have more holders than they may on some day, and whoever would hold one twice."""
        planned = self._as_planned()
        for seat, lines in self.lines_of.items():
            number = self.portal.seat_by_id[seat].seat_type if isinstance(seat, int) else seat[0]
            limit = self.portal.seat_types[number].max_holders
            of_person: dict[PersonRef, list[Period]] = defaultdict(list)
            for one in planned[seat]:
                of_person[one.person].append(one.period)
            ordinary = [one.period for one in planned[seat] if not one.is_deputy]
            if any(_most_at_once(periods) > 1 for periods in of_person.values()):
                self.problems.append(self.table.problem(lines[-1], "first_day", "holds_it_already"))
            elif limit is not None and _most_at_once(ordinary) > limit:
                self.problems.append(self.table.problem(lines[-1], "seat_type", "too_many", limit=limit))

    def _as_planned(self) -> dict[SeatRef, list[Planned]]:
        """Return the appointments to the seats that the file names, as the plan will have them."""
        planned: dict[SeatRef, list[Planned]] = defaultdict(list)
        known = (*self.portal.held.values(), *self.portal.ended.values())
        for held in (one for of_person in known for one in of_person):
            if held.seat in self.lines_of:
                after = self.plan.changed_appointments.get(held.id, held)
                planned[held.seat].append(Planned(held.person, (after.valid_from, after.valid_to), after.is_deputy))
        for new in self.plan.new_appointments:
            if new.seat in self.lines_of:
                planned[new.seat].append(Planned(new.person, (new.valid_from, new.valid_to), new.is_deputy))
        return planned


def _most_at_once(periods: Sequence[Period]) -> int:
    """Return the greatest number of periods that share a day."""
    days = {first for first, _until in periods}
    counts = (sum(first <= day and (until is None or day < until) for first, until in periods) for day in days)
    return max(counts, default=0)


def _word(value: object) -> str:
    """Return a value as a fact keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
