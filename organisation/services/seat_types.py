"""Kinds of seat under the municipality's own titles: added and changed, with the seats that follow from where they sit.

Where documents disagree it is configuration: how many hold the seat (R131, R205), who appoints (R49, R129, R200),
what it falls back to (R51, R130).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import require
from organisation.bulk import Signature, change_rows, create_rows
from organisation.errors import DomainError, NotAllowed, StaleVersion
from organisation.models import Appointment, Body, BodyKind, Municipality, Seat, SeatKind, SeatType, User
from organisation.permissions import ADMINISTER
from organisation.tree import lock_municipality
from organisation.vacancies import rebuild_vacancies

LONGEST_KEY = 90
# More names than this in a refusal nobody reads.
MOST_NAMED = 3


class SeatTypeRefused(DomainError):
    """The rule for the seats can't hold."""

    message = _("The seats can't have that rule.")


@dataclass(frozen=True)
class SeatTypeValues:
    """What the municipality says of a kind of seat. ``sits_at`` names kinds of body, or single bodies by key;
    ``appointed_by`` the key of a seat type or of a body, or a kind of body; ``reports_to_body`` a kind of body."""

    title: str
    kind: str
    sits_at: tuple[str, ...]
    min_holders: int = 0
    max_holders: int | None = None
    appointed_by: str = ""
    reports_to: SeatType | None = None
    reports_to_body: str = ""
    falls_back_to: SeatType | None = None


@dataclass(frozen=True)
class Effect:
    """What a change of where the seats sit does: bodies that get one, and seats that end."""

    made: Sequence[Body]
    ended: Sequence[Seat]

    def __bool__(self) -> bool:
        return bool(self.made or self.ended)


@transaction.atomic
def add_seat_type(*, municipality: Municipality, values: SeatTypeValues, by: User) -> SeatType:
    """Add a kind of seat, and a seat of it at every body where it sits. Raises ``NotAllowed``, ``SeatTypeRefused``."""
    municipality = _locked(municipality, by)
    seat_type = SeatType(municipality=municipality, key=_free_key(municipality, values.title), kind=values.kind)
    _write(seat_type, values, by)
    return seat_type


@transaction.atomic
def change_seat_type(*, seat_type: SeatType, values: SeatTypeValues, seen: str, by: User) -> SeatType:
    """Change the rule; seats are made and ended as it says where they sit. ``seen`` is the fingerprint of what the
    person changed.

    The kind stays what it is: it decides what the holders may do. Raises ``NotAllowed``, ``StaleVersion`` when
    somebody else has changed it meanwhile, ``SeatTypeRefused``.
    """
    municipality = _locked(seat_type.municipality, by)
    seat_type = SeatType.objects.select_for_update(of=("self",)).get(pk=seat_type.pk, municipality=municipality)
    if fingerprint(seat_type) != seen:
        raise StaleVersion
    if values.kind != seat_type.kind:
        raise SeatTypeRefused(_("A seat's kind decides its rights and is never changed. Add another kind of seat."))
    _write(seat_type, values, by)
    return seat_type


def fingerprint(seat_type: SeatType) -> str:
    """Return a digest of the rule as it stands, by which a form that opened an older one is known."""
    told = [
        seat_type.title,
        sorted(seat_type.sits_at),
        seat_type.min_holders,
        seat_type.max_holders,
        seat_type.appointed_by,
        seat_type.reports_to_id,
        seat_type.details.get("reports_to"),
        seat_type.falls_back_to_id,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def effect_of(seat_type: SeatType) -> Effect:
    """Return what follows from where ``seat_type`` sits: an unsaved change or a new type may be asked about too."""
    today = clock.today()
    standing = Seat.objects.filter(seat_type_id=seat_type.pk).exclude(valid_to__lte=today)
    standing = standing.exclude(valid_to=F("valid_from"))
    seats = {seat.body_id: seat for seat in standing.select_related("body").order_by("body__name", "pk")}
    bodies = Body.objects.of(seat_type.municipality).exclude(valid_to__lte=today).order_by("name", "pk")
    made = [body for body in bodies if seat_type.sits_in(body) and body.pk not in seats]
    return Effect(made=made, ended=[seat for seat in seats.values() if not seat_type.sits_in(seat.body)])


def _locked(municipality: Municipality, by: User) -> Municipality:
    require(by, ADMINISTER)
    if by.municipality_id != municipality.pk:
        raise NotAllowed
    return lock_municipality(municipality)


def _write(seat_type: SeatType, values: SeatTypeValues, by: User) -> None:
    _refuse_numbers(seat_type, values)
    _refuse_actors(seat_type, values)
    seat_type.title, seat_type.sits_at = values.title.strip(), [str(word) for word in values.sits_at]
    seat_type.min_holders, seat_type.max_holders = values.min_holders, values.max_holders
    seat_type.appointed_by = values.appointed_by
    seat_type.reports_to, seat_type.falls_back_to = values.reports_to, values.falls_back_to
    details = {key: value for key, value in seat_type.details.items() if key != "reports_to"}
    seat_type.details = details | ({"reports_to": values.reports_to_body} if values.reports_to_body else {})
    seat_type.save()
    effect = effect_of(seat_type)
    _refuse_held(effect.ended)
    _make_and_end(seat_type, effect, by)
    rebuild_vacancies(seat_type.municipality)


def _make_and_end(seat_type: SeatType, effect: Effect, by: User) -> None:
    """A seat that ended today is opened again; others are made from today, or from the body's first day."""
    today, signed = clock.today(), Signature(by=by, reason=str(_("Where the seat sits")), at=clock.now())
    just_ended = Q(valid_to=today) | Q(valid_to=F("valid_from"), valid_from__gt=today)
    there = dict(Seat.objects.filter(just_ended, seat_type=seat_type).values_list("body_id", "pk"))
    again = {there[body.pk]: (body.valid_to,) for body in effect.made if body.pk in there}
    change_rows(Seat, ["valid_to"], again, signed=signed)
    rows = [(body.pk, max(today, body.valid_from), body.valid_to) for body in effect.made if body.pk not in there]
    same = {"municipality_id": seat_type.municipality_id, "seat_type_id": seat_type.pk}
    create_rows(Seat, ["body_id", "valid_from", "valid_to"], rows, signed=signed, same=same)
    ended = {seat.pk: (max(today, seat.valid_from),) for seat in effect.ended}
    change_rows(Seat, ["valid_to"], ended, signed=signed)


def _refuse_numbers(seat_type: SeatType, values: SeatTypeValues) -> None:
    low, high = values.min_holders, values.max_holders
    if high is not None and low > high:
        text = _("At least %(low)s and at most %(high)s can't both be true.")
        raise SeatTypeRefused(text % {"low": low, "high": high})
    minimum = seat_type.municipality.rules(clock.today()).settings.get("ombud_minimum")
    if seat_type.kind == SeatKind.UNIT_OMBUD and minimum is not None and low != minimum:
        raise SeatTypeRefused(
            _("The municipality's rules say that a unit has at least %(minimum)s.") % {"minimum": minimum}
        )


def _refuse_actors(seat_type: SeatType, values: SeatTypeValues) -> None:
    """Refuse words that name nobody, and seats that fall back on themselves."""
    municipality = seat_type.municipality
    kinds, types = set(BodyKind.values), SeatType.objects.filter(municipality=municipality)
    bodies = set(Body.objects.of(municipality).values_list("key", flat=True))
    if not values.sits_at or not set(values.sits_at) <= kinds | bodies:
        raise SeatTypeRefused(_("Choose at least one kind of body, or a body, where the seat sits."))
    appointers = kinds | bodies | set(types.values_list("key", flat=True)) - {seat_type.key}
    if values.appointed_by and values.appointed_by not in appointers:
        raise SeatTypeRefused(_("A seat is appointed by another seat, or by a body."))
    if values.reports_to_body and values.reports_to_body not in kinds | bodies:
        raise SeatTypeRefused(_("A seat reports to another seat, or to a body."))
    for other in (values.reports_to, values.falls_back_to):
        if other is not None and other.municipality_id != municipality.pk:
            raise SeatTypeRefused
    fallbacks = dict(types.values_list("pk", "falls_back_to"))
    at = values.falls_back_to.pk if values.falls_back_to else None
    for _step in range(len(fallbacks) + 1):
        if at is not None and at == seat_type.pk:
            raise SeatTypeRefused(_("The seats would fall back on each other in a circle."))
        at = fallbacks.get(at) if at is not None else None


def _refuse_held(ended: Sequence[Seat]) -> None:
    """A seat that somebody holds, or will, does not end by a rule: the appointment is ended first, by name."""
    held = Appointment.objects.filter(seat__in=[seat.pk for seat in ended]).exclude(valid_to__lte=clock.today())
    names = sorted({f"{one.person.name}, {one.seat.body.name}" for one in held.with_seat()})
    if names:
        shown = "; ".join(names[:MOST_NAMED])
        more = _("and %(count)s more") % {"count": len(names) - MOST_NAMED} if len(names) > MOST_NAMED else ""
        text = _("Seats that would end are held. End the appointments first: %(names)s %(more)s")
        raise SeatTypeRefused((text % {"names": shown, "more": more}).strip())


def _free_key(municipality: Municipality, title: str) -> str:
    """Return a key made of the title that names nothing else: no seat type, body, or kind of body."""
    stem = slugify(title)[:LONGEST_KEY] or "seat"
    taken = set(SeatType.objects.filter(municipality=municipality).values_list("key", flat=True))
    taken |= set(Body.objects.of(municipality).values_list("key", flat=True)) | set(BodyKind.values)
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)
