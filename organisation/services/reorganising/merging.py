"""Several bodies become one: one of them, or a new one."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from organisation.models import Body, Reorganisation, ReorganisationKind
from organisation.services.reorganising.change import Change, Part
from organisation.services.reorganising.creating import NewBody, begin_body
from organisation.services.reorganising.errors import ChangeRefused
from organisation.services.reorganising.order import Order
from organisation.services.reorganising.succession import close, refuse_heir, refuse_to_close


@transaction.atomic
def merge_bodies(*, bodies: Collection[Body], into: Body | NewBody, order: Order) -> Reorganisation:
    """Merge ``bodies`` into one that stands, which may be among them, or into a new one that begins on the day.

    Each of the others ends as by ``close_body``. Raises as it does.
    """
    first, *_others = bodies
    change = Change.begin(first, ReorganisationKind.MERGE, order)
    if isinstance(change, Reorganisation):
        return change
    merged = {body.pk: change.standing(body, "others") for body in bodies}
    heir = _begin_heir(change, into, merged) if isinstance(into, NewBody) else change.standing(into, "others")
    if len(merged if isinstance(into, NewBody) else {*merged, heir.pk}) < 2:
        raise ChangeRefused(_("Choose at least two bodies to merge."), field="others")
    ending = [body for body in merged.values() if body.pk != heir.pk]
    change.closing = {body.pk for body in ending}
    for body in ending:
        refuse_to_close(change, body)
        refuse_heir(change, body, heir, "others")
    change.takes_along(*ending)
    for body in ending:
        close(change, body, heir)
    change.part(Part.BEFORE, *merged.values())
    change.part(Part.AFTER, heir)
    return change.finish()


def _begin_heir(change: Change, new: NewBody, merged: Collection[int]) -> Body:
    """Begin the body that the others become; raises ``ChangeRefused`` for a parent that ends with them."""
    if new.parent is not None and new.parent.pk in merged:
        raise ChangeRefused(_("The new body can't stand under one that ends."), field="parent")
    return begin_body(change, new)
