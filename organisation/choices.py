"""Bodies to choose from in a filter, however large the municipality is."""

from django.db.models import QuerySet

from organisation.models import HOLD_OTHERS, HOLD_OTHERS_FIRST, Body

# More than this nobody looks through, and a page with thousands of choices is slow.
MOST_BODIES = 150


def bodies_to_choose(bodies: QuerySet[Body], *, chosen: Body | None = None) -> list[tuple[str, str]]:
    """Return (public id, name) of all ``bodies`` while they are few; of many, those that hold others and the chosen.

    Those that hold others come first, each by name.
    """
    ordered = bodies.order_by(HOLD_OTHERS_FIRST, "name", "pk")
    found = list(ordered.values_list("public_id", "name", "kind")[: MOST_BODIES + 1])
    if len(found) > MOST_BODIES:
        found = [body for body in found[:MOST_BODIES] if body[2] in HOLD_OTHERS]
    offered = [(str(public_id), name) for public_id, name, _kind in found]
    one = (str(chosen.public_id), chosen.name) if chosen else None
    return [*offered, one] if one and one not in offered else offered
