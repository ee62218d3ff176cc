"""Bodies to choose from in a filter, however large the municipality is."""

from django.db.models import QuerySet

from organisation.models import AUTHORITIES, Body, BodyKind

# More than this nobody looks through, and a page with thousands of choices is slow.
MOST_BODIES = 150


def bodies_to_choose(bodies: QuerySet[Body], *, chosen: Body | None = None) -> list[Body]:
    """Return all ``bodies`` while they are few; of many, those that hold others, and the one chosen already."""
    found = list(bodies[: MOST_BODIES + 1])
    if len(found) > MOST_BODIES:
        found = list(bodies.filter(kind__in=(*AUTHORITIES, BodyKind.DEPARTMENT))[:MOST_BODIES])
    return [*found, chosen] if chosen is not None and chosen not in found else found
