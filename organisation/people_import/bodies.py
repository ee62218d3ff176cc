"""Plans what the file of bodies changes: new, renamed, moved and closed bodies, by the rules of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from organisation.models import ALWAYS, BodyKind
from organisation.parenthood import ALWAYS_THERE, MAY_STAND_ALONE, parents_of
from organisation.people_import.cells import Cells
from organisation.people_import.columns import FileKind
from organisation.people_import.plan import ClosedBody, Fact, MovedBody, NewBody, Plan, RenamedBody, Told
from organisation.people_import.portal import BodyState, Portal
from organisation.people_import.problems import Problem
from organisation.people_import.reading import Table
from organisation.people_import.seating import seat_new_body
from organisation.tree import loop_in


@dataclass(slots=True)
class BodyLine:
    """One line that can be understood."""

    line: int
    key: str
    name: str
    kind: BodyKind | None
    parent: str
    first: date | None
    until: date | None
    successor: str
    reference: str


class BodiesPlanner:
    """Compares the file's bodies with the portal's; what the file does not name is left alone."""

    def __init__(self, table: Table, portal: Portal, plan: Plan, problems: list[Problem]) -> None:
        self.table, self.portal, self.plan, self.problems = table, portal, plan, problems
        self.told = plan.told.setdefault(FileKind.BODIES, Told())
        self.lines: dict[str, BodyLine] = {}

    def run(self) -> None:
        """Add everything that the file changes to the plan, and all that is wrong to the problems."""
        for line in self.table.lines:
            self._take(Cells(self.table, line, self.problems))
        # First all as they will be, since a line may name a body that stands further down.
        for taken in self.lines.values():
            self._lay_over(taken)
        for taken in self.lines.values():
            self._check_place(taken)
            self._check_end(taken)
        self._check_only_one()
        self._check_loops()
        for taken in self.lines.values():
            self._compare(taken)

    # --- Reading ---------------------------------------------------------------------------

    def _take(self, cells: Cells) -> None:
        """Note one line."""
        key, name, kind = cells.key("key", needed=True), cells.text("name", limit=160, needed=True), cells.kind("kind")
        parent, successor = cells.key("parent"), cells.key("successor")
        (first, until), reference = cells.period(), cells.text("decision", limit=120)
        standing = self.portal.before.get(key)
        if standing is None and kind is None and cells.sound:
            cells.wrong("kind", "missing")
        elif standing is not None and kind is not None and kind != standing.kind:
            cells.wrong("kind", "kind_differs", kind=str(BodyKind(standing.kind).label))
        if not cells.sound:
            return
        if key in self.lines:
            cells.wrong("key", "twice", value=key, other=self.lines[key].line)
            return
        line = BodyLine(cells.line.number, key, name, kind, parent, first, until, successor, reference)
        self.lines[key] = line

    def _lay_over(self, line: BodyLine) -> None:
        """Let the portal's bodies look as the line says, for everything that is checked after it."""
        standing = self.portal.bodies.get(line.key)
        if standing is None:
            kind, first = str(line.kind), line.first or ALWAYS
            self.portal.bodies[line.key] = BodyState(
                line.key, line.name, kind, first, line.until, line.successor, line.parent
            )
            return
        standing.name = line.name
        if line.until is not None and standing.valid_to is None:
            standing.valid_to, standing.successor = line.until, line.successor
        if not standing.is_closed_on(self.plan.on):
            standing.parent = line.parent

    # --- Checking --------------------------------------------------------------------------

    def _check_place(self, line: BodyLine) -> None:
        """Tell a body that stands under nothing, or under what it can't."""
        body = self.portal.bodies[line.key]
        if body.is_closed_on(self.plan.on):
            return
        if not line.parent:
            if body.kind not in MAY_STAND_ALONE:
                self._wrong(line, "parent", "no_parent")
            return
        parent, kind = self.portal.bodies.get(line.parent), BodyKind(body.kind)
        if parent is None:
            self._wrong(line, "parent", "unknown_body", value=line.parent)
        elif kind == BodyKind.COUNCIL:
            self._wrong(line, "parent", "has_parent")
        elif parent.kind not in parents_of(kind):
            allowed = ", ".join(str(BodyKind(one).label) for one in parents_of(kind))
            words = {"kind": str(kind.label), "parent_kind": str(BodyKind(parent.kind).label), "allowed": allowed}
            self._wrong(line, "parent", "wrong_parent", **words)
        elif parent.is_closed_on(self.plan.on):
            self._wrong(line, "parent", "parent_is_closed", value=line.parent)

    def _check_end(self, line: BodyLine) -> None:
        """Tell an end that can't be: before the beginning, or without a successor."""
        body, before = self.portal.bodies[line.key], self.portal.before.get(line.key)
        if before is not None and before.valid_to is not None:
            closed_otherwise = line.until not in (None, before.valid_to)
            if closed_otherwise or (line.until is None and before.is_closed_on(self.plan.on)):
                self._wrong(line, "last_day", "closed_before", day=_last_day(before.valid_to))
        elif line.until is None:
            if line.successor:
                self._wrong(line, "successor", "successor_without_end")
        elif line.until < body.valid_from:
            self._wrong(line, "last_day", "closes_before_it_began", day=body.valid_from.isoformat())
        else:
            self._check_successor(line, body, line.until)

    def _check_successor(self, line: BodyLine, body: BodyState, until: date) -> None:
        successor = self.portal.bodies.get(line.successor)
        if not line.successor:
            self._wrong(line, "successor", "no_successor")
        elif successor is None:
            self._wrong(line, "successor", "unknown_body", value=line.successor)
        elif successor is body or not successor.stands_on(until):
            self._wrong(line, "successor", "successor_is_closed", value=line.successor)

    def _check_only_one(self) -> None:
        """Tell a second council or board."""
        for kind in ALWAYS_THERE:
            of_kind = (body for body in self.portal.bodies.values() if body.kind == kind)
            found = [body for body in of_kind if not body.is_closed_on(self.plan.on)]
            new = [body for body in found if body.id is None]
            if len(found) > 1 and new:
                line = self.lines[new[-1].key]
                self._wrong(line, "kind", "only_one", kind=str(BodyKind(kind).label))

    def _check_loops(self) -> None:
        """Tell bodies that would stand below themselves."""
        numbers = {key: number for number, key in enumerate(self.portal.bodies)}
        keys = list(numbers)
        parents = {
            numbers[key]: numbers[body.parent] for key, body in self.portal.bodies.items() if body.parent in numbers
        }
        found = loop_in(parents)
        if found is None:
            return
        # On the loop lies at least one line of the file: the portal itself has none.
        at = found
        while keys[at] not in self.lines:
            at = parents[at]
        self._wrong(self.lines[keys[at]], "parent", "loop")

    def _wrong(self, line: BodyLine, column: str, code: str, **values: object) -> None:
        self.problems.append(self.table.problem(line.line, column, code, **values))

    # --- Comparing -------------------------------------------------------------------------

    def _compare(self, line: BodyLine) -> None:
        before, after = self.portal.before.get(line.key), self.portal.bodies[line.key]
        if before is None:
            self.plan.new_bodies.append(
                NewBody(line.key, line.name, after.kind, line.parent, after.valid_from, line.until, line.successor)
            )
            seat_new_body(after, self.portal, self.plan)
            self.told.tell("adds", line.name, line.key, [Fact("parent", "", self._name(line.parent))])
            return
        facts = list(self._changes(line, before, after))
        ends = after.valid_to != before.valid_to
        if facts:
            self.told.tell("ends" if ends else "changes", line.name, line.key, facts)
        else:
            self.told.same += 1

    def _changes(self, line: BodyLine, before: BodyState, after: BodyState) -> Iterator[Fact]:
        """Plan what becomes of a body that stands, and yield it in words."""
        if after.name != before.name:
            self.plan.renamed.append(RenamedBody(line.key, before.name, after.name, line.reference))
            yield Fact("name", before.name, after.name)
        if after.parent != before.parent:
            self.plan.moved.append(MovedBody(line.key, before.parent, after.parent, line.reference))
            yield Fact("parent", self._name(before.parent), self._name(after.parent))
        if after.valid_to is not None and after.valid_to != before.valid_to:
            self.plan.closed.append(ClosedBody(line.key, after.valid_to, after.successor, line.reference))
            yield Fact("until", "", after.valid_to.isoformat())
            yield Fact("successor", "", self._name(after.successor))

    def _name(self, key: str) -> str:
        body = self.portal.bodies.get(key)
        return body.name if body else ""


def _last_day(until: date) -> str:
    return date.fromordinal(until.toordinal() - 1).isoformat()
