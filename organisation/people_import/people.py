"""Plans what the file of people changes: accounts, who leaves and who comes back, and where employees work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from organisation.models import User
from organisation.people_import.cells import Cells
from organisation.people_import.columns import FileKind
from organisation.people_import.plan import ChangedPerson, Fact, NewAppointment, NewPerson, Plan, Told
from organisation.people_import.portal import Held, PersonState, Portal
from organisation.people_import.problems import Problem
from organisation.people_import.reading import Table
from organisation.people_import.seating import employee_seat, ends_on, reference_to


@dataclass(slots=True)
class Employed:
    """Where a person works by one line of the file, and when: [first, until)."""

    line: int
    body: str
    first: date | None
    until: date | None


@dataclass(slots=True)
class PersonLines:
    """All that the file says of one person, who may work at several units."""

    line: int
    personnel_id: str
    name: str
    email: str
    work: list[Employed] = field(default_factory=list)

    def has_left(self, on: date) -> bool:
        """Tell whether every line of the person had its last day before ``on``."""
        return bool(self.work) and all(one.until is not None and one.until <= on for one in self.work)


class PeoplePlanner:
    """Compares the file's people with the portal's; ``is_full`` ends employees who are missing from it."""

    def __init__(self, table: Table, portal: Portal, plan: Plan, problems: list[Problem]) -> None:
        self.table, self.portal, self.plan, self.problems = table, portal, plan, problems
        self.told = plan.told.setdefault(FileKind.PEOPLE, Told())
        self.lines: dict[str, PersonLines] = {}

    def run(self, *, is_full: bool, by: User | None) -> None:
        """Add everything that the file changes to the plan, and all that is wrong to the problems."""
        for line in self.table.lines:
            self._take(Cells(self.table, line, self.problems))
        self._check_addresses()
        for lines in self.lines.values():
            self._compare(lines)
        if is_full:
            missing = [one for number, one in self.portal.people.items() if number not in self.lines and one.is_active]
            for person in missing:
                self._leave(person)
        if by is not None and by.pk in self.plan.leaving:
            self.problems.append(self.table.problem(1, "personnel_id", "yourself"))

    # --- Reading ---------------------------------------------------------------------------

    def _take(self, cells: Cells) -> None:
        """Note one line, together with the person's other lines."""
        number = cells.personnel_id("personnel_id", needed=True)
        name = cells.text("name", limit=150, needed=True)
        email = cells.email("email", needed=True)
        body = cells.key("body")
        first, until = cells.period()
        if not cells.sound:
            return
        work = Employed(cells.line.number, body, first, until)
        known = self.lines.setdefault(number, PersonLines(cells.line.number, number, name, email))
        if (known.name, known.email) != (name, email):
            cells.wrong("name", "differs", other=known.line)
        same = next((one for one in known.work if one.body == body), None)
        if same is not None:
            cells.wrong("personnel_id", "twice", value=number, other=same.line)
        elif body and body not in self.portal.bodies:
            cells.wrong("body", "unknown_body", value=body)
        else:
            known.work.append(work)

    def _check_addresses(self) -> None:
        """Tell addresses that two people would share: in the file, in the municipality, or with somebody elsewhere."""
        first: dict[str, PersonLines] = {}
        new = []
        for lines in self.lines.values():
            other = first.setdefault(lines.email, lines)
            if other is not lines:
                self._wrong(lines.line, "email", "twice", value=lines.email, other=other.line)
                continue
            owner = self.portal.by_email.get(lines.email)
            if owner is None:
                new.append(lines)
            elif owner.personnel_id != lines.personnel_id:
                self._check_owner(lines, owner)
        elsewhere = self.portal.addresses_elsewhere(lines.email for lines in new)
        for lines in new:
            if lines.email in elsewhere:
                self._wrong(lines.line, "email", "email_elsewhere")

    def _check_owner(self, lines: PersonLines, owner: PersonState) -> None:
        """Tell that somebody else has the address, unless the file gives that person another one."""
        if not owner.personnel_id:
            self._wrong(lines.line, "email", "email_taken", person=owner.name)
        elif owner.personnel_id not in self.lines:
            self._wrong(lines.line, "email", "email_of_another", other=owner.personnel_id)

    def _wrong(self, line: int, column: str, code: str, **values: object) -> None:
        self.problems.append(self.table.problem(line, column, code, **values))

    # --- Comparing -------------------------------------------------------------------------

    def _compare(self, lines: PersonLines) -> None:
        person, on = self.portal.people.get(lines.personnel_id), self.plan.on
        if lines.has_left(on):
            if person is not None and person.is_active:
                self._leave(person)
            else:
                self.told.same += 1
        elif person is None:
            self.plan.new_people.append(NewPerson(lines.personnel_id, lines.name, lines.email))
            facts = self._place(lines.personnel_id, lines, (), is_new=True)
            self.told.tell("adds", lines.name, lines.personnel_id, facts)
        else:
            self._change(person, lines)

    def _change(self, person: PersonState, lines: PersonLines) -> None:
        facts = [] if person.is_active else [Fact("comes_back", "", "")]
        if not person.is_active:
            self.plan.returning.append(person.id)
        if (person.name, person.email) != (lines.name, lines.email):
            self.plan.changed_people.append(ChangedPerson(person.id, lines.name, lines.email))
            pairs = (("name", person.name, lines.name), ("email", person.email, lines.email))
            facts += [Fact(*pair) for pair in pairs if pair[1] != pair[2]]
        facts += self._place(person.id, lines, self.portal.held.get(person.id, ()), is_new=False)
        if facts:
            self.told.tell("changes", lines.name, lines.personnel_id, facts)
        else:
            self.told.same += 1

    def _leave(self, person: PersonState) -> None:
        """Let the person leave today: every appointment ends, as ``services.people.end_person`` does it."""
        self.plan.leaving.append(person.id)
        for held in self.portal.held.get(person.id, ()):
            self._end(held, self.plan.on)
        self.told.tell("ends", person.name, person.personnel_id, [Fact("leaves", "", "")])

    def _end(self, held: Held, on: date) -> bool:
        """End the appointment on the day ``on``, or take it back when it is to come; tell whether that changes it."""
        ends = max(on, held.valid_from)
        if held.valid_to is not None and held.valid_to <= ends:
            return False
        self.plan.changed_appointments[held.id] = ends_on(held, ends)
        return True

    # --- Where they work -------------------------------------------------------------------

    def _place(self, person: int | str, lines: PersonLines, held: Sequence[Held], *, is_new: bool) -> list[Fact]:
        """Bring the person's employee seats in line with the file; return what changes of them."""
        if not self.table.has("body"):
            return []
        on = self.plan.on
        wanted = {one.body: one for one in lines.work if one.body and not (one.until and one.until <= on)}
        have = {self.portal.seat_by_id[one.seat].body: one for one in held if self._is_employment(one)}
        facts = [fact for body, work in wanted.items() if body in have for fact in self._until(have[body], work)]
        coming = [work for body, work in wanted.items() if body not in have]
        begun = [one for work in coming if (one := self._begin(person, work, is_new=is_new))]
        # Who moves on a day to come works where they do until then.
        first_days = [one.valid_from for one in begun] + [have[body].valid_from for body in wanted if body in have]
        ends = max(on, min(first_days, default=on))
        gone = [body for body in have if body not in wanted and not self._follows(body, wanted)]
        gone = [body for body in gone if self._end(have[body], ends)]
        names = ([self.portal.bodies[body].name for body in bodies] for bodies in (gone, [one.body for one in coming]))
        return facts + [Fact("unit", before, after) for before, after in zip_longest(*names, fillvalue="")]

    def _is_employment(self, held: Held) -> bool:
        seat = self.portal.seat_by_id.get(held.seat)
        return seat is not None and seat.seat_type in self.portal.employee_type_ids

    def _follows(self, body: str, wanted: Mapping[str, Employed]) -> bool:
        """Tell whether the body takes over one that the file still names: a move that is planned already."""
        return any(self.portal.bodies[key].successor == body for key in wanted)

    def _until(self, held: Held, work: Employed) -> list[Fact]:
        """Let a standing employment end when the file says so."""
        until = _earliest(work.until, self.portal.seat_by_id[held.seat].valid_to, self.portal.end_of(work.body))
        if until == held.valid_to:
            return []
        until = until and max(until, held.valid_from)
        self.plan.changed_appointments[held.id] = ends_on(held, until)
        return [Fact("until", _iso(held.valid_to), _iso(until))]

    def _begin(self, person: int | str, work: Employed, *, is_new: bool) -> NewAppointment | None:
        """Employ the person at the unit: from the first day stated when the person is new, else from today."""
        body, on = self.portal.bodies[work.body], self.plan.on
        seat = employee_seat(body, self.portal, self.plan)
        if seat is None:
            self._wrong(work.line, "body", "no_employee_seat", value=work.body)
            return None
        first = work.first or on
        valid_from = max(first if is_new else max(first, on), seat.valid_from)
        until = _earliest(work.until, seat.valid_to, self.portal.end_of(work.body))
        if (until is not None and until <= valid_from) or body.is_closed_on(on):
            self._wrong(work.line, "body", "body_is_closed", value=work.body)
            return None
        appointment = NewAppointment(person, reference_to(seat), valid_from, until, False, "")
        self.plan.new_appointments.append(appointment)
        return appointment


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
