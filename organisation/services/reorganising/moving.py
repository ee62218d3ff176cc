"""A body stands elsewhere from a day on, with all below it."""

from django.db import transaction
from django.utils.translation import gettext as _

from organisation.models import Body, Reorganisation, ReorganisationKind
from organisation.parenthood import may_move
from organisation.services.reorganising.change import Change, Part
from organisation.services.reorganising.errors import ChangeRefused
from organisation.services.reorganising.order import Order
from organisation.services.reorganising.placing import place_anew


@transaction.atomic
def move_body(*, body: Body, parent: Body, order: Order) -> Reorganisation:
    """Let ``body``, with all below it, stand under ``parent`` from the order's day, until a later move decided already.

    Raises ``NotAllowed``, ``ChangeRefused`` for a place where it can't stand, ``TreeError`` for a loop on any later
    day, ``DecisionMissing`` when it passes to another authority without a decision.
    """
    change = Change.begin(body, ReorganisationKind.MOVE, order)
    if isinstance(change, Reorganisation):
        return change
    body, parent = change.standing(body), change.standing(parent, "parent")
    if not may_move(body.kind):
        raise ChangeRefused(_("It stands under the council, and can stand nowhere else."), field="parent")
    if parent.pk == body.pk or parent.pk in change.before.below([body.pk]):
        raise ChangeRefused(_("It would stand below itself."), field="parent")
    change.takes_along(body)
    if before := body.placements.in_force(order.on).select_related("parent").first():
        change.part(Part.FROM, _as_called(change, before.parent))
    place_anew(change, body, parent)
    change.part(Part.BEFORE, body)
    change.part(Part.AFTER, body)
    change.part(Part.TO, parent)
    return change.finish()


def _as_called(change: Change, body: Body) -> Body:
    """Return the body under its name of the day; never saved."""
    body.name = change.before.bodies[body.pk].name
    return body
