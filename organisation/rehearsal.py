"""What a reorganisation would do, told before it is done: it is carried out, read, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisation.errors import NotAllowed
from organisation.holdings import Held, kept
from organisation.models import Appointment, Reorganisation, Seat, SeatKind
from organisation.services.reorganising import Order, fingerprint
from organisation.tree import lock_municipality
from organisation.tree_on import TreeOn

MOST_SHOWN = 50


@dataclass(frozen=True)
class BodyChange:
    """One body as it was the moment before, and as it will be: its name and where it stands."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What would happen: the bodies, what goes along, whose seats end, which seats wait for a holder.

    ``fingerprint`` is sent back by whoever confirms. ``more`` counts the bodies that are not shown.
    """

    kind: str
    on: date
    fingerprint: str
    crosses_authorities: bool
    bodies: list[BodyChange]
    more: int
    held: list[Held]
    ending: list[Appointment]
    vacant: list[Seat]

    @property
    def any_below(self) -> bool:
        """Tell whether anything goes along from bodies that stand below."""
        return any(held.below for held in self.held)


def rehearse(verb: Callable[..., Reorganisation], *, order: Order, **arguments: Any) -> Preview:
    """Return what ``verb`` would do with these arguments; nothing is written. Raises as the verb does."""
    if order.by.municipality is None:
        raise NotAllowed
    with transaction.atomic():
        municipality = lock_municipality(order.by.municipality)
        before = TreeOn(municipality, order.on)
        # What is derived for today is not read, and would be taken back.
        made = verb(order=replace(order, more_follow=True), **arguments)
        preview = _read(made, before, TreeOn(municipality, order.on))
        transaction.set_rollback(True)
    return preview


def _read(made: Reorganisation, before: TreeOn, after: TreeOn) -> Preview:
    changed = [pk for pk in after.bodies if _state(before, pk) != _state(after, pk)]
    parts = dict.fromkeys(made.parts.order_by("pk").values_list("body_id", flat=True))
    changed.sort(key=lambda pk: (pk not in parts, after.bodies[pk].name))
    begun = [pk for pk in changed if after.bodies[pk].is_there and not _is_there(before, pk)]
    ended = [pk for pk in changed if _is_there(before, pk) and not after.bodies[pk].is_there]
    return Preview(
        kind=made.kind,
        on=made.takes_effect_on,
        fingerprint=fingerprint(made),
        crosses_authorities=made.crosses_authorities,
        bodies=[_change(before, after, pk) for pk in changed[:MOST_SHOWN]],
        more=max(0, len(changed) - MOST_SHOWN),
        held=kept(made.moved),
        ending=_ending(ended, made.takes_effect_on),
        vacant=_vacant(begun, made.takes_effect_on),
    )


def _state(tree: TreeOn, pk: int) -> object:
    return tree.bodies.get(pk), tree.above.get(pk)


def _is_there(tree: TreeOn, pk: int) -> bool:
    return pk in tree.bodies and tree.bodies[pk].is_there


def _change(before: TreeOn, after: TreeOn, pk: int) -> BodyChange:
    was, now = before.bodies.get(pk), after.bodies[pk]
    renamed = was is not None and was.name != now.name
    places = _place(before, pk), _place(after, pk)
    if renamed and was is not None:
        places = f"{was.name}. {places[0]}", f"{now.name}. {places[1]}"
    return BodyChange(name=was.name if was else now.name, before=places[0], after=places[1])


def _place(tree: TreeOn, pk: int) -> str:
    """Return where the body stands, in words."""
    body, above = tree.bodies.get(pk), tree.above.get(pk)
    name = tree.bodies[above].name if above in tree.bodies else ""
    if body is not None and body.is_closed:
        return _("Closed; %(name)s takes over") % {"name": name}
    if body is None or not body.is_there:
        return _("Not there")
    return _("Stands under %(name)s") % {"name": name} if name else _("Stands under nothing")


def _ending(closed: list[int], on: date) -> list[Appointment]:
    """Return the appointments that end with the bodies; employees follow to the successor."""
    ending = Appointment.objects.filter(seat__body_id__in=closed, valid_to=on, valid_from__lt=on)
    return list(ending.exclude(seat__seat_type__kind=SeatKind.EMPLOYEE).with_seat().order_by("person__name", "pk"))


def _vacant(begun: list[int], on: date) -> list[Seat]:
    """Return the seats of the new bodies that must be held, and have nobody."""
    vacant = Seat.objects.vacant_on(on).filter(body_id__in=begun)
    return list(vacant.select_related("seat_type", "body").order_by("body__name", "seat_type__title", "pk"))
