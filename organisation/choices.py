"""Bodies to choose from in a filter, however large the municipality is."""

from django.db.models import Case, QuerySet, When

from organisation.models import AUTHORITIES, Body, BodyKind

# More than this nobody looks through, and a page with thousands of choices is slow.
MOST_BODIES = 150
HOLD_OTHERS = (*AUTHORITIES, BodyKind.DEPARTMENT)


def bodies_to_choose(bodies: QuerySet[Body], *, chosen: Body | None = None) -> list[tuple[str, str]]:
    """Return (public id, name) of all ``bodies`` while they are few; of many, those that hold others and the chosen.

    Those that hold others come first, each by name.
    """
    first = Case(When(kind__in=HOLD_OTHERS, then=0), default=1)
    found = list(bodies.order_by(first, "name", "pk").values_list("public_id", "name", "kind")[: MOST_BODIES + 1])
    if len(found) > MOST_BODIES:
        found = [body for body in found[:MOST_BODIES] if body[2] in HOLD_OTHERS]
    offered = [(str(public_id), name) for public_id, name, _kind in found]
    one = (str(chosen.public_id), chosen.name) if chosen else None
    return [*offered, one] if one and one not in offered else offered
