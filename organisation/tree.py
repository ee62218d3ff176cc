"""The dated tree of bodies: placing, closing, and today's closure.

All changes take the municipality's row lock first, so that two people who reorganise at once can't
together make a loop that neither made alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.errors import TreeError
from organisation.models import AUTHORITIES, Body, BodyClosure, BodyKind, Municipality, Placement, parents_on


def lock_municipality(municipality: Municipality) -> Municipality:
    """Lock the municipality's row until the transaction ends, and return it as it stands."""
    return Municipality.objects.select_for_update().get(pk=municipality.pk)


def loop_in(parents: dict[int, int]) -> int | None:
    """Return a body id that lies on a loop of ``parents`` (body → parent), or none."""
    sound: set[int] = set()
    for start in parents:
        path: set[int] = set()
        at: int | None = start
        while at is not None and at not in sound:
            if at in path:
                return at
            path.add(at)
            at = parents.get(at)
        sound |= path
    return None


@transaction.atomic
def place_body(*, body: Body, parent: Body, valid_from: date, valid_to: date | None = None) -> Placement:
    """Put ``body`` under ``parent`` during [valid_from, valid_to).

    Raises ``TreeError`` when the two belong to different municipalities, when the period overlaps
    another placement of the body, or when a loop would arise on any day.
    """
    if body.municipality_id != parent.municipality_id:
        raise TreeError(_("A body can't be placed in another municipality's tree."))
    if valid_to is not None and valid_to <= valid_from:
        raise TreeError(_("The end date must come after the start date."))
    municipality = lock_municipality(body.municipality)
    overlapping = Placement.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), body=body)
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_to)
    if overlapping.exists():
        raise TreeError(_("The body already has a place during that period."))
    placement = Placement.objects.create(
        municipality=municipality, body=body, parent=parent, valid_from=valid_from, valid_to=valid_to
    )
    refuse_loops(municipality, since=valid_from)
    rebuild_closure(municipality)
    return placement


def refuse_loops(municipality: Municipality, *, since: date) -> None:
    """Raise ``TreeError`` when the tree has a loop on any day from ``since`` on."""
    starts = Placement.objects.filter(municipality=municipality, valid_from__gt=since)
    days = {since, *starts.values_list("valid_from", flat=True)}
    for day in sorted(days):
        if loop_in(parents_on(municipality, day)) is not None:
            raise TreeError(_("The body would stand below itself."))


def closure_pairs(bodies: Iterable[Body], parents: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield (ancestor id, descendant id) for all bodies, each with itself too.

    Never passes from above into an authority (council, board, committee, company): what is below one
    authority is never below another. A closed body stands beneath its successor.
    """
    by_id = {body.pk: body for body in bodies}
    above = dict(parents)
    for body in by_id.values():
        if body.successor_id:
            above[body.pk] = body.successor_id
    for body in by_id.values():
        seen = {body.pk}
        yield body.pk, body.pk
        at = body
        while True:
            stops_here = at.kind in AUTHORITIES and not at.successor_id
            parent_id = above.get(at.pk)
            if stops_here or parent_id is None or parent_id in seen or parent_id not in by_id:
                break
            seen.add(parent_id)
            yield parent_id, body.pk
            at = by_id[parent_id]


def next_boundary(municipality: Municipality, on: date) -> date | None:
    """Return the first day after ``on`` on which a placement starts or ends."""
    placements = Placement.objects.filter(municipality=municipality)
    starts = placements.filter(valid_from__gt=on).values_list("valid_from", flat=True)
    ends = placements.filter(valid_to__gt=on).values_list("valid_to", flat=True)
    return min((day for day in (*starts, *ends) if day is not None), default=None)


@transaction.atomic
def rebuild_closure(municipality: Municipality) -> None:
    """Write today's closure anew and note until which day it holds. The caller need not hold the lock."""
    municipality = lock_municipality(municipality)
    on = clock.today()
    bodies = list(Body.objects.of(municipality))
    wanted = set(closure_pairs(bodies, parents_on(municipality, on)))
    standing = BodyClosure.objects.filter(municipality=municipality)
    have = {(row.ancestor_id, row.descendant_id): row.pk for row in standing}
    standing.filter(pk__in=[have[pair] for pair in have.keys() - wanted]).delete()
    BodyClosure.objects.bulk_create(
        BodyClosure(municipality=municipality, ancestor_id=ancestor, descendant_id=descendant)
        for ancestor, descendant in sorted(wanted - have.keys())
    )
    boundary = next_boundary(municipality, on)
    if municipality.tree_valid_until != boundary:
        Municipality.objects.filter(pk=municipality.pk).update(tree_valid_until=boundary)


def children_on(municipality: Municipality, on: date) -> dict[int | None, list[Body]]:
    """Return parent id (none: top) → bodies in force on the day ``on``, board first, then committees, then the rest."""
    parents = parents_on(municipality, on)
    children: dict[int | None, list[Body]] = defaultdict(list)
    kinds = BodyKind.values
    for body in sorted(
        Body.objects.of(municipality).in_force(on), key=lambda body: (kinds.index(body.kind), body.name)
    ):
        children[parents.get(body.pk)].append(body)
    return children
