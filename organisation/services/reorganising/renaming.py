"""A body is called something else from a day on."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from organisation.models import Body, BodyName, Reorganisation, ReorganisationKind
from organisation.services.reorganising.change import Change, Part
from organisation.services.reorganising.creating import checked_name
from organisation.services.reorganising.errors import ChangeRefused
from organisation.services.reorganising.order import Order


@transaction.atomic
def rename_body(*, body: Body, name: str, order: Order) -> Reorganisation:
    """Let ``body`` be called ``name`` from the order's day, until the next name that is decided already.

    Raises ``NotAllowed``, ``ChangeRefused`` when it is not there on the day, or is called so.
    """
    change = Change.begin(body, ReorganisationKind.RENAME, order)
    if isinstance(change, Reorganisation):
        return change
    body = change.standing(body)
    name = checked_name(name)
    if name == body.name:
        raise ChangeRefused(_("It is called that already."), field="name")
    change.part(Part.BEFORE, body)
    _call(change, body, name)
    body.name = name
    change.part(Part.AFTER, body)
    return change.finish()


def _call(change: Change, body: Body, name: str) -> None:
    standing = body.names.in_force(change.on).first()
    if standing is not None and standing.valid_from == change.on:
        standing.name = name
        standing.save()
    elif standing is not None:
        until, standing.valid_to = standing.valid_to, change.on
        standing.save()
        _write(body, name, change.on, until)
    elif body.valid_from < change.on:
        _write(body, body.name, body.valid_from, change.on)
        _write(body, name, change.on, None)
    _call_one_that_has_not_begun(body, name, change.on)


def _call_one_that_has_not_begun(body: Body, name: str, on: date) -> None:
    """A body renamed from its first day on was never called otherwise: no name of today will tell it so later."""
    if body.valid_from == on:
        first = Body.objects.get(pk=body.pk)
        first.name = name
        first.save()


def _write(body: Body, name: str, valid_from: date, valid_to: date | None) -> None:
    BodyName.objects.create(
        municipality_id=body.municipality_id, body=body, name=name, valid_from=valid_from, valid_to=valid_to
    )
