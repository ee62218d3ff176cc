"""What is drawn of a tree: each body's kind, its children, and how many lie below it; of a day, or quicker of today."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q

from organisation.models import AUTHORITIES, Body, BodyClosure, BodyKind, Municipality, Placement
from organisation.tree_on import TreeOn


@dataclass(frozen=True)
class Shape:
    """What is drawn of a tree: the kind of each body, its children, and how many lie below it.

    What lies below never passes into another authority.
    """

    kinds: Mapping[int, str]
    children: Mapping[int, list[int]]
    below: Callable[[int], int]
    # The bodies themselves, where they were read along.
    bodies: Mapping[int, Body] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bodies there are, drawn or below those that are."""
        tops = set(self.tops)
        return sum(1 + self.below(pk) for pk, kind in self.kinds.items() if kind in AUTHORITIES or pk in tops)

    @property
    def tops(self) -> list[int]:
        """The ids of the bodies that stand under nothing that is drawn."""
        placed = {child for children in self.children.values() for child in children}
        return [pk for pk in self.kinds if pk not in placed]


def shape_on(municipality: Municipality, on: date, *, everything: bool = False) -> Shape:
    """Return the whole tree of the day, with ``everything`` also what had closed or not begun; few queries."""
    tree = TreeOn(municipality, on)
    kinds = {pk: body.kind for pk, body in tree.bodies.items() if everything or body.is_there}
    above = (_first_places(tree) if everything else {}) | tree.above
    children = _children({pk: parent for pk, parent in above.items() if pk in kinds and parent in kinds})
    return Shape(kinds, children, lambda pk: _count_below(pk, kinds, children))


def shape_of_today(municipality: Municipality, on: date) -> Shape:
    """Return the authorities, what stands directly below the council, and what stands under nothing; ``on`` is today.

    A constant number of queries over few rows, however many bodies there are.
    """
    council = Placement.objects.filter(parent__municipality=municipality, parent__kind=BodyKind.COUNCIL)
    beside = Q(pk__in=council.in_force(on).values("body_id"))
    return _shape(municipality, on, lambda standing: standing.filter(Q(kind__in=AUTHORITIES) | beside))


def authorities_of_today(municipality: Municipality, on: date) -> Shape:
    """Return the authorities, and what stands under none; ``on`` is today. Fewer rows still."""
    return _shape(municipality, on, lambda standing: standing.filter(kind__in=AUTHORITIES))


def _shape(municipality: Municipality, on: date, first: Callable[[Any], Any]) -> Shape:
    standing = Body.objects.of(municipality).in_force(on).order_by()
    bodies = _with_parents(first(standing), on)
    counts = _counts_below(bodies, on)
    # Every authority with what lies below it: all of them, unless some body stands under no authority.
    told = sum(1 + counts.get(pk, 0) for pk, body in bodies.items() if body.is_authority)
    if told != standing.count():
        places = Placement.objects.filter(municipality=municipality, body=OuterRef("pk")).in_force(on)
        alone = _with_parents(standing.exclude(kind__in=AUTHORITIES).filter(~Exists(places)), on)
        bodies, counts = bodies | alone, counts | _counts_below(alone, on)
    children = _children({pk: body.above for pk, body in bodies.items() if body.above in bodies})
    kinds = {pk: body.kind for pk, body in bodies.items()}
    return Shape(kinds, children, lambda pk: counts.get(pk, 0), bodies)


def _with_parents(bodies: Any, on: date) -> dict[int, Any]:
    """Return id → body, each with ``above``: the id of the body under which it stands on the day."""
    in_force = Q(placements__valid_to__isnull=True) | Q(placements__valid_to__gt=on)
    place = FilteredRelation("placements", condition=in_force & Q(placements__valid_from__lte=on))
    placed = bodies.annotate(place=place, above=F("place__parent_id"))
    return {body.pk: body for body in placed.defer("note", "source", "details", "report_code")}


def _counts_below(ids: Iterable[int], on: date) -> dict[int, int]:
    """Return body id → how many bodies in force lie below it today."""
    lasting = Q(descendant__valid_to__isnull=True) | Q(descendant__valid_to__gt=on)
    pairs = BodyClosure.objects.filter(lasting, descendant__valid_from__lte=on, ancestor__in=list(ids))
    counted = pairs.exclude(descendant_id=F("ancestor_id")).order_by().values("ancestor_id").annotate(Count("pk"))
    return dict(counted.values_list("ancestor_id", "pk__count"))


def _first_places(tree: TreeOn) -> dict[int, int]:
    """Return where bodies that have not begun will stand first."""
    waiting = [pk for pk, body in tree.bodies.items() if not body.is_there and not body.is_closed]
    first = Placement.objects.filter(body__in=waiting, valid_from=F("body__valid_from"))
    return dict(first.values_list("body_id", "parent_id"))


def _children(above: Mapping[int, int]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for pk, parent in above.items():
        children[parent].append(pk)
    return dict(children)


def _count_below(root: int, kinds: Mapping[int, str], children: Mapping[int, list[int]]) -> int:
    """Count what lies below ``root`` without passing into another authority."""
    found: set[int] = set()
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), ())
        new = [child for child in below if child not in found and kinds[child] not in AUTHORITIES]
        found.update(new)
        waiting += new
    return len(found)
