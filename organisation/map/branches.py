"""The responsibility map: the tree of a day with every seat, its holder or the gap, and who answers meanwhile.

Of a small municipality all of it is drawn at once; of a larger one the authorities first, and what lies below one
of them when somebody asks for it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from organisation import clock
from organisation.map.drawing import BodyNode, Drawing
from organisation.models import AUTHORITIES, Body, BodyKind, Municipality
from organisation.tree import in_order
from organisation.tree_shape import Shape, authorities_of_today, shape_on

# So many bodies are read through at once; of more, one level at a time.
MOST_DRAWN = 60
# What a first screen draws in the time of a few plain pages; few municipalities have more committees and companies.
MOST_AUTHORITIES = 20
ANY = UUID(int=1)


@dataclass(frozen=True)
class Branch:
    """What stands below one body, and where the rest of it is shown (empty: that is all)."""

    nodes: Sequence[BodyNode]
    next_url: str


class ResponsibilityMap:
    """Draws the map of ``municipality`` on the day ``on`` (R18–R21, R133); a constant number of queries."""

    def __init__(self, municipality: Municipality, on: date) -> None:
        self.municipality, self.on = municipality, on
        self.is_today = on == clock.today()

    def first_screen(self, *, start: int = 0) -> Branch:
        """Return the whole map of a small municipality; of a larger one its authorities from the place ``start`` on."""
        read = authorities_of_today if self.is_today else shape_on
        shape = read(self.municipality, self.on)
        if shape.size <= MOST_DRAWN:
            shape = shape_on(self.municipality, self.on) if self.is_today else shape
            return Branch(self._draw(shape.tops, shape, lambda pk: shape.children.get(pk, [])), next_url="")

        def authorities(pk: int) -> list[int]:
            return [child for child in shape.children.get(pk, []) if shape.kinds[child] in AUTHORITIES]

        heads = [pk for pk in shape.tops if shape.kinds[pk] == BodyKind.COUNCIL]
        turn = self._in_turn([child for head in heads for child in authorities(head)], shape)
        turn += self._in_turn([pk for pk in shape.tops if pk not in heads], shape)
        then = start + MOST_AUTHORITIES
        left_out = {*turn[:start], *turn[then:]}
        tops = [pk for pk in shape.tops if pk not in left_out]
        drawn = self._draw(tops, shape, lambda pk: [child for child in authorities(pk) if child not in left_out])
        return Branch(drawn, next_url=self._url(start=then) if then < len(turn) else "")

    def listed(self, *, without: Collection[str] = ()) -> list[BodyNode]:
        """Return all of the map but bodies of the kinds ``without``, however much it is: for a paper."""
        shape = shape_on(self.municipality, self.on)

        def opened(pk: int) -> list[int]:
            return [child for child in shape.children.get(pk, []) if shape.kinds[child] not in without]

        return self._draw([pk for pk in shape.tops if shape.kinds[pk] not in without], shape, opened)

    def branch(self, root: Body, *, start: int = 0) -> Branch:
        """Return what stands below ``root``: all of it, or one level from the place ``start`` on while that is much."""
        shape = shape_on(self.municipality, self.on)
        children = shape.children.get(root.pk, [])
        whole = shape.below(root.pk) <= MOST_DRAWN

        def opened(pk: int) -> list[int]:
            return shape.children.get(pk, []) if whole and shape.kinds[pk] not in AUTHORITIES else []

        within = [child for child in children if shape.kinds[child] not in AUTHORITIES]
        if whole:
            return Branch(self._draw(within, shape, opened), next_url="")
        turn = self._in_turn(within, shape)
        then = start + MOST_DRAWN
        drawn = self._draw(turn[start:then], shape, opened)
        return Branch(drawn, next_url=self._url(start=then, root=root.public_id) if then < len(turn) else "")

    def branch_url(self) -> Callable[[Body], str]:
        """Return what gives the address of that which stands below a body."""
        before, after = self._url(root=ANY).split(str(ANY))
        return lambda body: f"{before}{body.public_id}{after}"

    def _url(self, *, start: int = 0, root: UUID | None = None) -> str:
        said = {"root": root, "on": None if self.is_today else self.on.isoformat(), "start": start}
        return f"{reverse('organisation:map')}?{urlencode({name: value for name, value in said.items() if value})}"

    def _in_turn(self, ids: Collection[int], shape: Shape) -> list[int]:
        """Return the ids in the order in which people read bodies."""
        known = shape.bodies or Body.objects.filter(municipality=self.municipality).in_bulk(list(ids))
        return sorted(ids, key=lambda pk: in_order(known[pk]))

    def _draw(self, tops: Collection[int], shape: Shape, opened: Callable[[int], list[int]]) -> list[BodyNode]:
        drawn: dict[int, list[int]] = {}
        waiting = list(tops)
        while waiting:
            pk = waiting.pop()
            drawn[pk] = [child for child in opened(pk) if child not in drawn]
            waiting += drawn[pk]
        hidden = {pk: _hidden(pk, drawn[pk], shape) for pk in drawn}
        closed = [pk for pk, bodies in hidden.items() if bodies]
        known = {pk: shape.bodies[pk] for pk in drawn} if shape.bodies else None
        drawing = Drawing(self, list(drawn), closed, known=known)

        def node(pk: int) -> BodyNode:
            return drawing.node(pk, [node(child) for child in drawing.in_order(drawn[pk])], hidden[pk])

        return [node(pk) for pk in drawing.in_order(tops)]


def _hidden(pk: int, drawn: Collection[int], shape: Shape) -> int:
    """Return how many bodies lie below the body and not at or below those of its children that are drawn."""
    return shape.below(pk) - sum(1 + shape.below(child) for child in drawn if shape.kinds[child] not in AUTHORITIES)
