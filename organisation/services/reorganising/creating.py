"""A new body: in its place, with its seats."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from organisation.models import Body, BodyKind, Municipality, Reorganisation, ReorganisationKind, SeatType
from organisation.parenthood import ALWAYS_THERE
from organisation.services.reorganising.change import Change, Part
from organisation.services.reorganising.errors import ChangeRefused
from organisation.services.reorganising.order import Order
from organisation.services.reorganising.placing import place_new
from organisation.services.reorganising.seating import give_seats

LONGEST_NAME, LONGEST_KEY = 160, 90


@dataclass(frozen=True)
class NewBody:
    """A body that begins with a change: what it is called, what it is, and where it stands (none: under nothing)."""

    name: str
    kind: str
    parent: Body | None


@transaction.atomic
def create_body(*, new: NewBody, order: Order) -> Reorganisation:
    """Begin a body on the order's day, with a seat of every type that sits at its kind.

    Raises ``NotAllowed``, ``ChangeRefused`` for a place where it can't stand, or a second council or board.
    """
    change = Change.begin(new.parent, ReorganisationKind.CREATE, order)
    if isinstance(change, Reorganisation):
        return change
    if new.kind in ALWAYS_THERE:
        raise ChangeRefused(_("The municipality has one already."), field="kind")
    change.part(Part.AFTER, begin_body(change, new))
    if new.parent is not None:
        change.part(Part.TO, change.standing(new.parent))
    return change.finish()


def begin_body(change: Change, new: NewBody) -> Body:
    """Write a body that begins with the change, its place and its seats; raises ``ChangeRefused``."""
    name = checked_name(new.name)
    parent = change.standing(new.parent, "parent") if new.parent is not None else None
    body = Body.objects.create(
        municipality=change.municipality,
        key=key_for(change.municipality, name),
        name=name,
        kind=new.kind,
        valid_from=change.on,
    )
    place_new(change, body, parent)
    change.seats |= {seat.pk for seat in give_seats(body, change.on)}
    return body


def checked_name(name: str) -> str:
    """Return the name without spaces around it; raises ``ChangeRefused`` for an empty or too long one."""
    name = " ".join(name.split())
    if not name:
        raise ChangeRefused(_("Write the name."), field="name")
    if len(name) > LONGEST_NAME:
        raise ChangeRefused(_("Write a shorter name: at most 160 characters."), field="name")
    return name


def key_for(municipality: Municipality, name: str) -> str:
    """Return a key made of the name that no body has.

    Rules name bodies, kinds of body and seat types by key, so it is none of the others' either.
    """
    slug = slugify(name).replace("-", "_")[:LONGEST_KEY] or "body"
    taken = {*BodyKind.values, *SeatType.objects.filter(municipality=municipality).values_list("key", flat=True)}
    taken |= set(Body.objects.of(municipality).filter(key__startswith=slug).values_list("key", flat=True))
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}_{number}" in taken:
        number += 1
    return f"{slug}_{number}"
