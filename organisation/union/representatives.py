"""Which safety representative stands for which part of the organisation: by the area that the union gave (AML 6:2)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from organisation.models import REPRESENTATIVES, Appointment, AreaBody, Body, BodyClosure, SeatKind, User


def mandates_in_force(on: date) -> "QuerySet[Appointment]":
    """Return appointments of the unions' representatives in force on the day ``on``, chiefs too, of active people."""
    standing = Q(seat__valid_to__isnull=True) | Q(seat__valid_to__gt=on)
    held: Any = Appointment.objects.in_force(on).filter(standing, seat__valid_from__lte=on)
    return held.filter(seat__seat_type__kind__in=REPRESENTATIVES, seat__not_needed_reason="", person__is_active=True)


def reaching(bodies: Collection[int], on: date) -> Q:
    """Return the condition for appointments whose area holds one of ``bodies`` (ids) themselves.

    Without any area from the union it is the seat's own body. Goes from the bodies to their mandates, step by step,
    which is as quick among thousands of representatives as among few.
    """
    by_area = AreaBody.objects.in_force(on).filter(body_id__in=bodies).order_by()
    by_seat = Appointment.objects.filter(seat__body_id__in=bodies, seat__seat_type__kind__in=REPRESENTATIVES).order_by()
    found = set(by_area.values_list("appointment_id", flat=True))
    return Q(pk__in=found | set(by_seat.filter(without_area()).values_list("pk", flat=True)))


def standing_for(body_ids: Collection[int], on: date) -> "QuerySet[Appointment]":
    """Return the mandates in force whose area holds one of the bodies, or something above it."""
    above = BodyClosure.objects.filter(descendant_id__in=body_ids).values_list("ancestor_id", flat=True)
    return mandates_in_force(on).filter(reaching(set(above), on))


def without_area() -> Q:
    """Return the condition for appointments to which the union has given no area of its own."""
    return Q(~Exists(AreaBody.objects.filter(appointment=OuterRef("pk"))))


def representatives_of(body: Body, on: date) -> list[Appointment]:
    """Return the mandates of the safety representatives (skyddsombud) whose area holds ``body``, in order of name.

    One per person, with person, seat and union's notice (``mandate``, if it has been recorded).
    """
    return _one_each(standing_for([body.pk], on), SeatKind.SAFETY_REPRESENTATIVE)


def those_told_of(body: Body, on: date) -> list[Appointment]:
    """Return who of the unions is told what happens at ``body``: its representatives, else the chief ones (AML 6:2)."""
    standing = list(standing_for([body.pk], on).select_related(*TOGETHER).order_by(*BY_NAME))
    own = [one for one in standing if one.seat.seat_type.kind == SeatKind.SAFETY_REPRESENTATIVE]
    return list({one.person_id: one for one in own or standing}.values())


def mandate_at(person: User, body: Body, on: date) -> Appointment | None:
    """Return the appointment by which ``person`` speaks for the union at ``body``, if any."""
    return standing_for([body.pk], on).filter(person=person).select_related("seat__seat_type").order_by("pk").first()


TOGETHER = ("person", "seat__seat_type", "mandate")
BY_NAME = ("person__name", "pk")


def _one_each(mandates: "QuerySet[Appointment]", kind: str) -> list[Appointment]:
    found = mandates.filter(seat__seat_type__kind=kind).select_related(*TOGETHER)
    return list({one.person_id: one for one in found.order_by(*BY_NAME)}.values())
