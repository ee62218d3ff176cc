"""Bodies to choose from in a filter, however large the municipality is."""

from django.db.models import Case, QuerySet, When

from organisation.models import AUTHORITIES, Body, BodyKind

# More than this nobody looks through, and a page with thousands of choices is slow.
MOST_BODIES = 150
HOLD_OTHERS = (*AUTHORITIES, BodyKind.DEPARTMENT)


def bodies_to_choose(bodies: QuerySet[Body], *, chosen: Body | None = None) -> list[Body]:
    """Return all ``bodies`` while they are few; of many, those that hold others, and the one chosen already.

    Those that hold others come first, each by name.
    """
    thin = bodies.only("municipality", "public_id", "kind", "name")
    first = Case(When(kind__in=HOLD_OTHERS, then=0), default=1)
    found = list(thin.order_by(first, "name", "pk")[: MOST_BODIES + 1])
    if len(found) > MOST_BODIES:
        found = [body for body in found[:MOST_BODIES] if body.kind in HOLD_OTHERS]
    return [*found, chosen] if chosen is not None and chosen not in found else found
