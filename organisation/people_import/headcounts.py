"""Plans what the file of headcounts changes: how many employees a body itself had on a day."""

from datetime import date

from organisation.people_import.cells import Cells
from organisation.people_import.columns import FileKind
from organisation.people_import.plan import ChangedHeadcount, Fact, NewHeadcount, Plan, Told
from organisation.people_import.portal import Portal
from organisation.people_import.problems import Problem
from organisation.people_import.reading import Table


def plan_headcounts(table: Table, portal: Portal, plan: Plan, problems: list[Problem]) -> None:
    """Add everything that the file changes to the plan, and all that is wrong to the problems."""
    told = plan.told.setdefault(FileKind.HEADCOUNTS, Told())
    standing, seen = portal.headcounts(), dict[tuple[str, date], int]()
    for line in table.lines:
        cells = Cells(table, line, problems)
        body, day, employees = cells.key("body", needed=True), cells.day("counted_on"), cells.number("employees")
        if not table.cell(line, "counted_on"):
            cells.wrong("counted_on", "missing")
        if body and body not in portal.bodies:
            cells.wrong("body", "unknown_body", value=body)
        if day is not None and day > plan.on:
            cells.wrong("counted_on", "in_the_future", value=day.isoformat())
        if not cells.sound or day is None or employees is None:
            continue
        if (body, day) in seen:
            cells.wrong("body", "twice", value=body, other=seen[body, day])
            continue
        seen[body, day] = line.number
        name, fact = portal.bodies[body].name, ("employees", str(employees))
        if (body, day) not in standing:
            plan.new_headcounts.append(NewHeadcount(body, day, employees))
            told.tell("adds", name, day.isoformat(), [Fact(fact[0], "", fact[1])])
        elif standing[body, day][1] != employees:
            pk, before = standing[body, day]
            plan.changed_headcounts.append(ChangedHeadcount(pk, employees))
            told.tell("changes", name, day.isoformat(), [Fact(fact[0], str(before), fact[1])])
        else:
            told.same += 1
