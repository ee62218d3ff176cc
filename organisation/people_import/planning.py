"""Reads the files of a run and compares them with the portal: the whole plan, or everything that is wrong."""

from collections.abc import Mapping
from datetime import date

from organisation.models import Municipality, User
from organisation.people_import.bodies import BodiesPlanner
from organisation.people_import.columns import FileKind
from organisation.people_import.headcounts import plan_headcounts
from organisation.people_import.people import PeoplePlanner
from organisation.people_import.plan import Plan
from organisation.people_import.portal import Portal
from organisation.people_import.problems import Problem
from organisation.people_import.reading import Table, read_table
from organisation.people_import.seats import SeatsPlanner
from organisation.people_import.writing import Writer


def make_plan(
    municipality: Municipality, files: Mapping[FileKind, bytes], *, is_full: bool, by: User | None, on: date
) -> tuple[Plan, list[Problem]]:
    """Return what the files would change on the day ``on``, and all that is wrong; nothing is written.

    ``is_full``: the file of people is a full list, so that employees who are missing from it have left. ``by`` is
    never among those who leave.
    """
    plan, problems = Plan(on), list[Problem]()
    tables = {kind: read_table(kind, files[kind], problems) for kind in FileKind if kind in files}
    if problems and not all(table.places for table in tables.values()):
        # A file that can't be read says nothing of people, so nobody has left.
        return plan, problems
    portal = Portal(municipality, on)
    portal.read_people()
    if table := tables.get(FileKind.BODIES):
        BodiesPlanner(table, portal, plan, problems).run()
    if table := tables.get(FileKind.PEOPLE):
        PeoplePlanner(table, portal, plan, problems).run(is_full=is_full, by=by)
    if table := tables.get(FileKind.SEATS):
        SeatsPlanner(table, portal, plan, problems).run()
    if table := tables.get(FileKind.HEADCOUNTS):
        plan_headcounts(table, portal, plan, problems)
    if plan.reorganises and not problems:
        problems += _refusals(municipality, plan, tables[FileKind.BODIES], by)
    _note_unused(tables, plan)
    return plan, sorted(problems, key=_place)


def _refusals(municipality: Municipality, plan: Plan, table: Table, by: User | None) -> list[Problem]:
    """Return the changes of standing bodies that the rules of the tree refuse, each at its line."""
    lines = {table.cell(line, "key"): line.number for line in table.lines}
    if by is None:
        keys = [one.key for one in plan.renamed] + [one.key for one in plan.moved] + [one.key for one in plan.closed]
        return [table.problem(lines[keys[0]], "key", "unsigned")]
    refused = Writer(municipality, plan, by).refusals()
    return [table.problem(lines[key], "key", "refused", why=why) for key, why in refused]


def _note_unused(tables: Mapping[FileKind, Table], plan: Plan) -> None:
    """Tell which columns were not read, so that nobody believes that they were."""
    for kind, table in tables.items():
        plan.told[kind].unused = table.unknown


def _place(problem: Problem) -> tuple[int, int]:
    return list(FileKind).index(problem.file), problem.line
