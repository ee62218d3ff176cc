"""One body becomes several; one of them is its heir."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from organisation.models import Body, Reorganisation, ReorganisationKind
from organisation.services.reorganising.change import Change, Part
from organisation.services.reorganising.creating import NewBody, begin_body, checked_name
from organisation.services.reorganising.errors import ChangeRefused
from organisation.services.reorganising.order import Order
from organisation.services.reorganising.succession import close, refuse_to_close

MOST_PARTS = 20


@transaction.atomic
def split_body(
    *, body: Body, parts: Sequence[str], heir: int, children: Mapping[Body, int], order: Order
) -> Reorganisation:
    """Split ``body`` into new bodies of the same kind and in the same place, named ``parts``.

    ``heir`` is the number of the part (from 0) that takes over cases, risks, plans and employees; ``children`` gives
    each body that stands under it a part. What the unions gave as area reaches every part. Raises as ``close_body``,
    and ``ChangeRefused`` for parts that have one name or a child that is given to none.
    """
    change = Change.begin(body, ReorganisationKind.SPLIT, order)
    if isinstance(change, Reorganisation):
        return change
    body = change.standing(body)
    change.closing = {body.pk}
    refuse_to_close(change, body)
    names = _names(parts)
    given = {child.pk: number for child, number in children.items()}
    _refuse_ungiven(change, body, given)
    if not all(0 <= number < len(names) for number in (heir, *given.values())):
        raise ChangeRefused(_("Choose one of the parts."))
    change.takes_along(body)
    place = body.placements.in_force(order.on).select_related("parent").first()
    parent = place.parent if place else None
    made = [begin_body(change, NewBody(name=name, kind=body.kind, parent=parent)) for name in names]
    heirs = {child_id: made[number] for child_id, number in given.items()}
    close(change, body, made[heir], given=heirs, areas=made)
    change.part(Part.BEFORE, body)
    change.part(Part.AFTER, *made)
    return change.finish()


def _names(parts: Sequence[str]) -> list[str]:
    names = [checked_name(name) for name in parts]
    if not 2 <= len(names) <= MOST_PARTS:
        message = _("Write the names of at least two parts, and at most %(most)s.")
        raise ChangeRefused(message % {"most": MOST_PARTS}, field="parts")
    if len({name.casefold() for name in names}) < len(names):
        raise ChangeRefused(_("Two parts have the same name."), field="parts")
    return names


def _refuse_ungiven(change: Change, body: Body, given: Mapping[int, int]) -> None:
    for child_id, above in change.before.above.items():
        child = change.before.bodies[child_id]
        if above == body.pk and child.is_there and child_id not in given:
            raise ChangeRefused(_("Say which part %(name)s goes to.") % {"name": child.name})
