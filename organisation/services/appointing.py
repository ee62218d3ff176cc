"""Appointing people to seats, ending it, and who is away: each change refreshes the seat's vacancy at once."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.appointers import appoints_by_rule, may_appoint
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.models import REPRESENTATIVES, Absence, Appointment, Seat, SeatKind, User
from organisation.tree import lock_municipality
from organisation.vacancies import refresh_vacancies


class AppointmentRefused(DomainError):
    """The appointment can't be true: dates, holders or the person speak against it."""

    message = _("This person can't be appointed to the seat then.")


@transaction.atomic
def appoint(
    *,
    seat: Seat,
    person: User,
    valid_from: date,
    valid_to: date | None = None,
    is_deputy: bool = False,
    reference: str = "",
    by: User,
) -> Appointment:
    """Appoint ``person`` to ``seat`` during [valid_from, valid_to) (R49, R129, R131, R200).

    ``reference`` is the decision as typed ("§ 12, KS 2026-14"). Raises ``NotAllowed`` for others than the one who
    appoints to the seat, and for an administrator who would give themselves a seat; ``AppointmentRefused`` when the
    person has left or already holds the seat then, when the seat does not stand then, or when it would have more
    holders than it may.
    """
    seat = lock_seat(seat)
    if not may_appoint(by, seat):
        raise NotAllowed(_("The union appoints safety representatives.") if _is_the_unions(seat) else None)
    if by.pk == person.pk and not appoints_by_rule(by, seat):
        raise NotAllowed(_("Somebody else must appoint you."))
    return write_appointment(
        seat=seat, person=person, valid_from=valid_from, valid_to=valid_to, is_deputy=is_deputy, reference=reference
    )


def write_appointment(
    *,
    seat: Seat,
    person: User,
    valid_from: date,
    valid_to: date | None = None,
    is_deputy: bool = False,
    reference: str = "",
) -> Appointment:
    """Write an appointment to a locked seat after the caller has checked the right; raises ``AppointmentRefused``.

    The very same appointment again is the one that stands.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise AppointmentRefused(_("The end date must come after the start date."))
    _refuse_person(seat, person)
    _refuse_outside_seat(seat, valid_from, valid_to)
    during = _during(Appointment.objects.filter(seat=seat), valid_from, valid_to)
    if own := during.filter(person=person).first():
        if (own.valid_from, own.valid_to, own.is_deputy) == (valid_from, valid_to, is_deputy):
            return own
        raise AppointmentRefused(_("The person already holds the seat during that time."))
    if not is_deputy:
        _refuse_too_many(seat, list(during.filter(is_deputy=False)), valid_from)
    appointment = Appointment.objects.create(
        municipality=seat.municipality,
        seat=seat,
        person=person,
        valid_from=valid_from,
        valid_to=valid_to,
        is_deputy=is_deputy,
        reference=reference.strip(),
    )
    refresh_vacancies(seat.municipality, [seat.pk])
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: date, by: User) -> Appointment:
    """End the appointment: its last day is the day before ``on``; today ends it, and every right by it, at once.

    To end it on the same day again changes nothing. Raises ``NotAllowed``, ``WrongState`` when it has ended already,
    ``AppointmentRefused`` for a day before it began.
    """
    seat = lock_seat(appointment.seat)
    if not may_appoint(by, seat):
        raise NotAllowed(_("The union appoints safety representatives.") if _is_the_unions(seat) else None)
    return write_end(appointment, on)


def write_end(appointment: Appointment, on: date) -> Appointment:
    """End an appointment after the caller has checked the right; raises ``WrongState``, ``AppointmentRefused``."""
    appointment = Appointment.objects.select_for_update(of=("self",)).with_seat().get(pk=appointment.pk)
    if appointment.valid_to == on:
        return appointment
    if appointment.valid_to is not None and appointment.valid_to <= min(on, clock.today()):
        raise WrongState
    if on < appointment.valid_from:
        raise AppointmentRefused(_("An appointment can't end before it has begun."))
    appointment.valid_to = on
    appointment.save()
    refresh_vacancies(appointment.municipality, [appointment.seat_id])
    return appointment


@transaction.atomic
def note_absence(*, appointment: Appointment, valid_from: date, valid_to: date, by: User) -> Absence:
    """Note that the holder is away during [valid_from, valid_to): meanwhile a deputy answers, else the fallback.

    The holder may, and whoever appoints to the seat; the very same absence again is the one that stands. Raises
    ``NotAllowed``, ``AppointmentRefused``.
    """
    seat = lock_seat(appointment.seat)
    if by.pk != appointment.person_id and not may_appoint(by, seat):
        raise NotAllowed
    if valid_to <= valid_from:
        raise AppointmentRefused(_("The end date must come after the start date."))
    if valid_from < appointment.valid_from or (appointment.valid_to and valid_to > appointment.valid_to):
        raise AppointmentRefused(_("The person doesn't hold the seat during all of that time."))
    if noted := _during(Absence.objects.filter(appointment=appointment), valid_from, valid_to).first():
        if (noted.valid_from, noted.valid_to) == (valid_from, valid_to):
            return noted
        raise AppointmentRefused(_("An absence is noted for that time already."))
    return Absence.objects.create(
        municipality=appointment.municipality, appointment=appointment, valid_from=valid_from, valid_to=valid_to
    )


@transaction.atomic
def end_absence(*, absence: Absence, on: date, by: User) -> Absence:
    """Note that the holder is back on the day ``on``; raises ``NotAllowed``, ``WrongState`` when back before that."""
    absence = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("appointment__seat__seat_type")
        .get(pk=absence.pk)
    )
    if by.pk != absence.appointment.person_id and not may_appoint(by, absence.appointment.seat):
        raise NotAllowed
    ends = max(on, absence.valid_from)
    if absence.valid_to != ends:
        if absence.valid_to is not None and absence.valid_to < ends:
            raise WrongState
        absence.valid_to = ends
        absence.save()
    return absence


@transaction.atomic
def say_whether_needed(*, seat: Seat, reason: str, by: User) -> Seat:
    """Note why the seat is not needed at its body, or with an empty ``reason`` that it is (R131).

    Raises ``NotAllowed``; ``AppointmentRefused`` for a seat that someone holds or will hold, and for one that the
    municipality's rules ask for in every unit (R205).
    """
    seat = lock_seat(seat)
    if not may_appoint(by, seat):
        raise NotAllowed
    reason = reason.strip()
    if reason and rules_ask_for(seat):
        raise AppointmentRefused(_("The municipality's rules say that every unit has one."))
    if reason and Appointment.objects.filter(seat=seat).exclude(valid_to__lte=clock.today()).exists():
        raise AppointmentRefused(_("Somebody holds the seat, or will. End the appointment first."))
    if seat.not_needed_reason != reason:
        seat.not_needed_reason = reason
        seat.save()
        refresh_vacancies(seat.municipality, [seat.pk])
    return seat


def rules_ask_for(seat: Seat) -> bool:
    """Tell whether the municipality's rules of today ask for the seat at every body where it sits (R205)."""
    if seat.seat_type.kind != SeatKind.UNIT_OMBUD:
        return False
    return bool(seat.municipality.rules(clock.today()).settings.get("ombud_minimum"))


def lock_seat(seat: Seat) -> Seat:
    """Lock the seat's row until the transaction ends, and return it as it stands, with type and body.

    The municipality comes first, as for whoever reorganises: in two orders, two could wait for each other.
    """
    lock_municipality(seat.municipality)
    seats = Seat.objects.select_for_update(of=("self",)).select_related("seat_type", "body", "municipality")
    return seats.get(pk=seat.pk)


def _is_the_unions(seat: Seat) -> bool:
    return seat.seat_type.kind in REPRESENTATIVES


def _during(rows: "QuerySet", valid_from: date, valid_to: date | None) -> "QuerySet":
    """Rows whose period shares a day with [valid_from, valid_to); one taken back the day it began has no day."""
    rows = rows.exclude(valid_to=F("valid_from"))
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from))
    return rows if valid_to is None else rows.filter(valid_from__lt=valid_to)


def _refuse_person(seat: Seat, person: User) -> None:
    if person.municipality_id != seat.municipality_id or not person.is_active:
        raise AppointmentRefused(_("The person has left, or belongs to another municipality."))


def _refuse_outside_seat(seat: Seat, valid_from: date, valid_to: date | None) -> None:
    ends = min((day for day in (seat.valid_to, seat.body.valid_to) if day), default=None)
    begins = max(seat.valid_from, seat.body.valid_from)
    if valid_from < begins or (ends is not None and (valid_to is None or valid_to > ends)):
        raise AppointmentRefused(_("The seat doesn't exist during all of that time."))
    if seat.not_needed_reason:
        raise AppointmentRefused(_("The seat is noted as not needed. Take that back first."))


def _refuse_too_many(seat: Seat, others: list[Appointment], valid_from: date) -> None:
    """Count the holders on the first day and on each later day on which one joins."""
    limit = seat.seat_type.max_holders
    if limit is None:
        return
    days = {valid_from, *(other.valid_from for other in others if other.valid_from > valid_from)}
    if any(sum(other.is_in_force(day) for other in others) + 1 > limit for day in days):
        raise AppointmentRefused(_("The seat has all its holders. End an appointment first, or appoint a deputy."))
