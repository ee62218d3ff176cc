"""The tree of bodies: one council, one board, no circle, every body in its place on every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.checks.periods import grouped, loops, overlapping
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.kinds import BodyKind
from organisation.municipality_file.nouns import Body, Placement
from organisation.municipality_file.problems import Problems
from organisation.parenthood import MAY_STAND_ALONE, parents_of


def check_bodies(bodies: Sequence[Body], problems: Problems) -> None:
    """Check the whole tree (R18, R21, R42, R75: responsibility follows the line, and ends at the board)."""
    by_key = {body.key: body for body in bodies}
    # A body that could not be read may be the one that is missed; its own error comes first.
    all_read = not any(error.path.startswith("bodies") for error in problems.errors)
    for kind in (BodyKind.COUNCIL, BodyKind.BOARD):
        _check_only_one(kind, bodies, all_read, problems)
    for body in bodies:
        _check_standing(body, by_key, problems)
        _check_successor(body, by_key, problems)
    _check_tree_loops(bodies, problems)
    _check_successor_loops(by_key, problems)


def _check_only_one(kind: BodyKind, bodies: Sequence[Body], all_read: bool, problems: Problems) -> None:
    found = [body for body in bodies if body.kind == kind]
    if not found and all_read:
        template = _("The file has no body of the kind “%(kind)s”.")
        fix = _("Every municipality has one: add it to the bodies.")
        line = bodies[0].at.line if bodies else 1
        problems.error(Problem.MISSING_KEY, line, "bodies", template, fix, kind=kind)
    for first, second in overlapping(found):
        template = _("“%(other)s” is already the “%(kind)s” at the same time.")
        fix = _("Give the older one a “to”, or choose another kind.")
        problems.error_at(Problem.OVERLAP, second.at, "kind", template, fix, other=first.key, kind=kind)


def _check_standing(body: Body, by_key: dict[str, Body], problems: Problems) -> None:
    if body.parent and body.placements:
        template = _("The body has both “parent” and “placements”.")
        problems.error_at(
            Problem.CONTRADICTION, body.at, "parent", template, _("Keep “placements” for a body that has been moved.")
        )
    if body.kind == BodyKind.COUNCIL and body.standing():
        fix = _("Leave “parent” out.")
        problems.error_at(Problem.WRONG_PARENT, body.at, "parent", _("The council stands under nothing."), fix)
    elif not body.standing() and body.kind not in MAY_STAND_ALONE and not _broken(body, problems):
        template = _("The body stands under nothing.")
        fix = _("Name the body above it as “parent”; committees and companies stand under the council.")
        problems.error_at(Problem.MISSING_KEY, body.at, "parent", template, fix)
    for placement in body.standing():
        _check_parent(body, placement, by_key, problems)
    for first, second in overlapping(body.standing()):
        template = _("The placement overlaps the one on line %(other)s.")
        fix = _("A body stands in one place at a time: end the one where the other begins.")
        problems.error_at(Problem.OVERLAP, second.at, "from", template, fix, other=first.at.line)


def _broken(body: Body, problems: Problems) -> bool:
    """Whether the body's parent is already reported as unreadable."""
    paths = (f"{body.at.path}.parent", f"{body.at.path}.placements")
    return any(error.path.startswith(paths) for error in problems.errors)


def _check_parent(body: Body, placement: Placement, by_key: dict[str, Body], problems: Problems) -> None:
    parent = by_key.get(placement.parent)
    if parent is None or parent is body:  # unreadable, or reported as a circle
        return
    allowed = parents_of(body.kind)
    if allowed and parent.kind not in allowed:
        template = _("A body of the kind “%(kind)s” can't stand under a “%(parent_kind)s”.")
        fix = _("Place it under: %(allowed)s.")
        values = {"kind": body.kind, "parent_kind": parent.kind, "allowed": ", ".join(allowed)}
        problems.error_at(Problem.WRONG_PARENT, placement.at, "parent", template, fix, **values)
    starts_early = parent.valid_from and (placement.valid_from is None or placement.valid_from < parent.valid_from)
    ends_late = parent.valid_to and (placement.valid_to is None or placement.valid_to > parent.valid_to)
    if (starts_early and body.valid_from != placement.valid_from) or ends_late:
        template = _("“%(parent)s” does not exist on every day that the body stands under it.")
        fix = _("Move the body when its parent begins or ends; else it follows the parent's successor.")
        problems.warn_at(placement.at, "parent", template, fix, parent=parent.key)


def _check_successor(body: Body, by_key: dict[str, Body], problems: Problems) -> None:
    if body.valid_to and not body.successor:
        template = _("The body ends without a successor.")
        fix = _("Name the body that takes over its cases as “successor”.")
        problems.error_at(Problem.MISSING_KEY, body.at, "successor", template, fix)
    successor = by_key.get(body.successor or "")
    if successor is None or successor is body:
        return
    if not body.valid_to:
        template = _("The body has a successor but no end.")
        problems.error_at(Problem.CONTRADICTION, body.at, "successor", template, _("Say when it ends as “to”."))
    elif not successor.holds_on(body.valid_to):
        template = _("“%(successor)s” does not exist on %(day)s, when it takes over.")
        fix = _("Choose a successor that exists on that day.")
        problems.error_at(
            Problem.CONTRADICTION, body.at, "successor", template, fix, successor=successor.key, day=body.valid_to
        )


def _check_successor_loops(by_key: dict[str, Body], problems: Problems) -> None:
    for circle in loops({key: body.successor for key, body in by_key.items()}):
        template = _("The successors go in a circle: %(circle)s.")
        body = by_key[circle[0]]
        fix = _("The last one must still exist.")
        problems.error_at(Problem.LOOP, body.at, "successor", template, fix, circle=" → ".join((*circle, circle[0])))


def _check_tree_loops(bodies: Sequence[Body], problems: Problems) -> None:
    placements = [(body.key, placement) for body in bodies for placement in body.standing()]
    days = {placement.valid_from or dt.date.min for _key, placement in placements}
    by_body = grouped(placements)
    told: set[frozenset[str]] = set()
    for day in sorted(days):
        parents: dict[str, str | None] = {
            key: next((one.parent for one in standing if one.holds_on(day)), None) for key, standing in by_body.items()
        }
        for circle in loops(parents):
            if frozenset(circle) in told:
                continue
            told.add(frozenset(circle))
            template = _("The bodies stand under each other in a circle: %(circle)s.")
            fix = _("Every chain of parents must end at the council.")
            place = by_body[circle[0]][0].at
            problems.error_at(Problem.LOOP, place, "parent", template, fix, circle=" → ".join((*circle, circle[0])))
