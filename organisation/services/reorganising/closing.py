"""A body ends, and another takes over what it leaves."""

from django.db import transaction

from organisation.models import Body, Reorganisation, ReorganisationKind
from organisation.services.reorganising.change import Change, Part
from organisation.services.reorganising.order import Order
from organisation.services.reorganising.succession import close, refuse_heir, refuse_to_close


@transaction.atomic
def close_body(*, body: Body, successor: Body, order: Order) -> Reorganisation:
    """End ``body`` on the order's day; ``successor`` takes over cases, risks, plans, employees and what stood below.

    Other seats end, and those who sit in them; the union's mandates run on, with the successor as their area. Raises
    ``NotAllowed``, ``ChangeRefused`` for a successor that can't take over, ``TreeError``, ``DecisionMissing``.
    """
    change = Change.begin(body, ReorganisationKind.CLOSE, order)
    if isinstance(change, Reorganisation):
        return change
    body, successor = change.standing(body), change.standing(successor, "successor")
    change.closing = {body.pk}
    refuse_to_close(change, body)
    refuse_heir(change, body, successor)
    change.takes_along(body)
    close(change, body, successor)
    change.part(Part.BEFORE, body)
    change.part(Part.AFTER, successor)
    return change.finish()
