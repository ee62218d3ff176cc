"""The dated tree of bodies: placing, today's closure, and the way upwards on any day.

All changes take the municipality's row lock first, so that two people who reorganise at once can't
together make a loop that neither made alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import connection, transaction
from django.db.models import F, Min, Q
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.errors import TreeError
from organisation.models import (
    AUTHORITIES,
    Body,
    BodyClosure,
    BodyKind,
    BodyName,
    Municipality,
    Placement,
    names_on,
    parents_on,
)


def lock_municipality(municipality: Municipality) -> Municipality:
    """Lock the municipality's row until the transaction ends, and return it as it stands.

    Those who lock it take turns. Rows that only refer to it are written meanwhile: nobody who reports waits for a
    large import.
    """
    return Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)


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
    """Raise ``TreeError`` when the tree has a loop on any day from ``since`` on. One query."""
    ahead = Placement.objects.filter(municipality=municipality).exclude(valid_to__lte=since)
    rows = list(ahead.values_list("body_id", "parent_id", "valid_from", "valid_to"))
    days = {since, *(start for _body, _parent, start, _end in rows if start > since)}
    for day in sorted(days):
        parents = {body: parent for body, parent, start, end in rows if start <= day and (end is None or end > day)}
        if loop_in(parents) is not None:
            raise TreeError(_("The body would stand below itself."))


def closure_pairs(bodies: Iterable[Body], parents: dict[int, int], on: date) -> Iterator[tuple[int, int, bool]]:
    """Yield (ancestor id, descendant id, taken over) for all bodies on the day ``on``, each with itself too.

    Never passes from above into an authority (council, board, committee, company): what is below one
    authority is never below another. A closed body stands beneath its successor, which has taken it over.
    """
    by_id = {body.pk: body for body in bodies}
    above = dict(parents)
    for body in by_id.values():
        if body.successor_id and body.is_closed(on):
            above[body.pk] = body.successor_id
    for body in by_id.values():
        seen = {body.pk}
        yield body.pk, body.pk, True
        at, taken_over = body, True
        while True:
            stops_here = at.kind in AUTHORITIES and not at.is_closed(on)
            parent_id = above.get(at.pk)
            if stops_here or parent_id is None or parent_id in seen or parent_id not in by_id:
                break
            seen.add(parent_id)
            taken_over = taken_over and at.is_closed(on)
            yield parent_id, body.pk, taken_over
            at = by_id[parent_id]


def next_boundary(municipality: Municipality, on: date) -> date | None:
    """Return the first day after ``on`` on which a body, its place or its name begins or ends."""
    days: list[date] = []
    for model in (Body, Placement, BodyName):
        rows = model._default_manager.filter(municipality=municipality)
        ahead = rows.aggregate(
            starts=Min("valid_from", filter=Q(valid_from__gt=on)), ends=Min("valid_to", filter=Q(valid_to__gt=on))
        )
        days += [day for day in ahead.values() if day is not None]
    return min(days, default=None)


@transaction.atomic
def rebuild_closure(municipality: Municipality) -> None:
    """Write today's names and closure anew and note until which day they hold. The caller need not hold the lock."""
    municipality = lock_municipality(municipality)
    on = clock.today()
    _take_todays_names(municipality, on)
    bodies = Body.objects.of(municipality).only("kind", "valid_from", "valid_to", "successor")
    wanted = set(closure_pairs(bodies, parents_on(municipality, on), on))
    standing = BodyClosure.objects.filter(municipality=municipality)
    columns = standing.values_list("ancestor_id", "descendant_id", "taken_over", "pk")
    have = {(ancestor, descendant, taken_over): pk for ancestor, descendant, taken_over, pk in columns}
    standing.filter(pk__in=[have[row] for row in have.keys() - wanted]).delete()
    BodyClosure.objects.bulk_create(
        BodyClosure(municipality=municipality, ancestor_id=ancestor, descendant_id=descendant, taken_over=taken_over)
        for ancestor, descendant, taken_over in sorted(wanted - have.keys())
    )
    boundary = next_boundary(municipality, on)
    if municipality.tree_valid_until != boundary:
        Municipality.objects.filter(pk=municipality.pk).update(tree_valid_until=boundary)


def _take_todays_names(municipality: Municipality, on: date) -> None:
    """Let each renamed body be called as it is on the day ``on``; the name's own row carries the history."""
    renamed = BodyName.objects.filter(municipality=municipality).in_force(on).exclude(body__name=F("name"))
    for body_id, name in renamed.values_list("body_id", "name"):
        Body.objects.filter(pk=body_id).update(name=name)


# Upwards from some bodies, a closed one to its successor; as quick for one unit of five thousand as of five.
LINEAGE = """
WITH RECURSIVE up (id, above) AS (
    SELECT b.id, COALESCE(CASE WHEN b.valid_to <= %(on)s THEN b.successor_id END, p.parent_id)
    FROM organisation_body b LEFT JOIN organisation_placement p
      ON p.body_id = b.id AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
    WHERE b.id IN ({ids})
    UNION
    SELECT b.id, COALESCE(CASE WHEN b.valid_to <= %(on)s THEN b.successor_id END, p.parent_id)
    FROM up JOIN organisation_body b ON b.id = up.above LEFT JOIN organisation_placement p
      ON p.body_id = b.id AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
)
SELECT id, above FROM up WHERE above IS NOT NULL
"""


def lineage(body_ids: Iterable[int], on: date) -> dict[int, int]:
    """Return body id → the id of what stands above it on the day ``on``, for ``body_ids`` and all above them.

    Above a closed body stands its successor. One query, whatever the size of the municipality.
    """
    ids = sorted({int(body_id) for body_id in body_ids})
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LINEAGE.format(ids=", ".join(map(str, ids))), {"on": on})
        return dict(cursor.fetchall())


def children_on(municipality: Municipality, on: date) -> dict[int | None, list[Body]]:
    """Return parent id (none: top) → bodies in force on the day ``on``, board first, then committees, then the rest."""
    parents, names = parents_on(municipality, on), names_on(municipality, on)
    children: dict[int | None, list[Body]] = defaultdict(list)
    bodies = list(Body.objects.of(municipality).in_force(on))
    for body in bodies:
        # As it was called that day; never saved.
        body.name = names.get(body.pk, body.name)
    for body in sorted(bodies, key=in_order):
        children[parents.get(body.pk)].append(body)
    return children


# Asked for each of many bodies: the enumeration would make its list of values anew each time.
_RANK = {kind: place for place, kind in enumerate(BodyKind.values)}


def in_order(body: Body) -> tuple[int, str]:
    """Sort by kind, board first, then by name."""
    return _RANK[body.kind], body.name
