"""The whole tree of one day in memory: who stood where under which name, and whose authority it was."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from organisation.models import AUTHORITIES, Body, Municipality, names_on, parents_on


class Standing(NamedTuple):
    """One body as it was on the day: its name then, and whether it was there, had closed; else it had not begun."""

    name: str
    kind: str
    is_there: bool
    is_closed: bool


class TreeOn:
    """The tree of ``municipality`` on the day ``on``; three queries, whatever its size.

    ``above`` maps body id → the id of what stood above it: its place that day, or its successor once it was closed.
    """

    def __init__(self, municipality: Municipality, on: date) -> None:
        names = names_on(municipality, on)
        self.bodies: dict[int, Standing] = {}
        self.above = parents_on(municipality, on)
        columns = ("pk", "name", "kind", "valid_from", "valid_to", "successor_id")
        for pk, name, kind, begins, ends, successor_id in Body.objects.of(municipality).values_list(*columns):
            is_closed = ends is not None and ends <= on
            if is_closed and successor_id:
                self.above[pk] = successor_id
            self.bodies[pk] = Standing(names.get(pk, name), kind, begins <= on and not is_closed, is_closed)

    def authority(self, body_id: int) -> int:
        """Return the id of the authority in which the body stood, else of the topmost body above it."""
        at, seen = body_id, {body_id}
        while not (self.bodies[at].kind in AUTHORITIES and not self.bodies[at].is_closed):
            above = self.above.get(at)
            if above is None or above in seen or above not in self.bodies:
                return at
            seen.add(above)
            at = above
        return at

    def below(self, body_ids: Collection[int]) -> set[int]:
        """Return the ids of all that lay below the bodies, closed ones beneath their successors too.

        Never passes into another authority, as rights never do.
        """
        children = defaultdict(list)
        for body_id, above in self.above.items():
            body = self.bodies[body_id]
            if body.kind not in AUTHORITIES or body.is_closed:
                children[above].append(body_id)
        found: set[int] = set()
        waiting = list(body_ids)
        while waiting:
            new = [child for child in children[waiting.pop()] if child not in found]
            found.update(new)
            waiting += new
        return found - set(body_ids)
