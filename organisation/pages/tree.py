"""The tree of bodies on any date, as a nested list: authorities first, what lies below each when it is asked for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation import clock
from organisation.models import AUTHORITIES, Body, BodyKind, Municipality, names_on
from organisation.tree import in_order
from organisation.tree_shape import Shape, shape_of_today, shape_on

# More bodies than this nobody reads through: then one level at a time.
MOST_DRAWN = 300


@dataclass(frozen=True)
class TreeNode:
    """One body in the list: ``note`` says that it has closed or not begun, ``hidden`` how many below are not drawn."""

    body: Body
    url: str
    # What it is, and the note, in words.
    about: str
    note: str
    hidden: int
    more: str
    more_url: str
    children: list["TreeNode"]


class TreePage:
    """Draws the tree of ``municipality`` on the day ``on``; with ``everything`` also what has closed or not begun."""

    def __init__(self, municipality: Municipality, on: date, *, everything: bool = False) -> None:
        self.municipality, self.on, self.everything = municipality, on, everything
        self.is_today = on == clock.today()
        # A first screen has many of few kinds: each is put into words once.
        self._kinds = {kind: str(label) for kind, label in BodyKind.choices}
        self._address = reverse("organisation:tree")

    def authorities(self) -> list[TreeNode]:
        """Return the first screen: council, what stands directly below it, and whatever stands under nothing.

        Of today, a constant number of queries over few rows, however many bodies there are.
        """
        shape = shape_of_today(self.municipality, self.on) if self.is_today and not self.everything else self._shape()

        def opened(pk: int) -> list[int]:
            if shape.kinds[pk] == BodyKind.COUNCIL:
                return shape.children.get(pk, [])
            below = shape.children.get(pk, []) if shape.kinds[pk] in AUTHORITIES else []
            return [child for child in below if shape.kinds[child] in AUTHORITIES]

        return self._draw(shape.tops, shape, opened)

    def below(self, root: Body) -> list[TreeNode]:
        """Return ``root`` with all that lies below it, or one level while that is too much; authorities stay closed."""
        shape = self._shape()
        all_of_it = shape.below(root.pk) <= MOST_DRAWN

        def opened(pk: int) -> list[int]:
            is_open = pk == root.pk or (all_of_it and shape.kinds[pk] not in AUTHORITIES)
            return shape.children.get(pk, []) if is_open else []

        return self._draw([root.pk], shape, opened)

    def query(self, root: Body | None = None) -> dict[str, str]:
        """Return what an address says of this page, with the body ``root`` on top."""
        said = {
            "root": str(root.public_id) if root else "",
            "on": "" if self.is_today else self.on.isoformat(),
            "all": "on" if self.everything else "",
        }
        return {name: value for name, value in said.items() if value}

    def _shape(self) -> Shape:
        """Return the whole tree of the day."""
        return shape_on(self.municipality, self.on, everything=self.everything)

    def _draw(self, tops: Collection[int], shape: Shape, opened: Callable[[int], list[int]]) -> list[TreeNode]:
        drawn: dict[int, list[int]] = {}
        waiting = list(tops)
        while waiting:
            pk = waiting.pop()
            drawn[pk] = [child for child in opened(pk) if child not in drawn]
            waiting += drawn[pk]
        bodies = dict(shape.bodies) or Body.objects.filter(municipality=self.municipality).in_bulk(list(drawn))
        names = names_on(self.municipality, self.on)
        for pk, body in bodies.items():
            # As it was called that day; never saved.
            body.name = names.get(pk, body.name)

        def node(pk: int) -> TreeNode:
            hides = len(drawn[pk]) < len(shape.children.get(pk, ())) or not drawn[pk]
            hidden = shape.below(pk) if hides else 0
            children = sorted(drawn[pk], key=lambda child: in_order(bodies[child]))
            return self._node(bodies[pk], hidden, [node(child) for child in children])

        return [node(pk) for pk in sorted(tops, key=lambda top: in_order(bodies[top]))]

    def _node(self, body: Body, hidden: int, children: list[TreeNode]) -> TreeNode:
        day, note = "" if self.is_today else f"?on={self.on.isoformat()}", self._note(body)
        more = ngettext("%(number)s body below", "%(number)s bodies below", hidden) % {"number": hidden}
        return TreeNode(
            body=body,
            url=reverse("organisation:body", args=[body.public_id]) + day,
            about=", ".join(filter(None, (self._kinds[body.kind], note))),
            note=note,
            hidden=hidden,
            more=more if hidden else "",
            more_url=f"{self._address}?{urlencode(self.query(body))}" if hidden else "",
            children=children,
        )

    def _note(self, body: Body) -> str:
        if body.is_closed(self.on) and body.valid_to is not None:
            return _("closed %(day)s") % {"day": date_format(body.valid_to, "j F Y")}
        if body.valid_from > self.on:
            return _("begins %(day)s") % {"day": date_format(body.valid_from, "j F Y")}
        return ""
