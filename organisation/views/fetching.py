"""The rows that a page of the organisation may be about: only those that the person may see; else 404."""

import uuid

from django.shortcuts import get_object_or_404

from organisation.access import Scope
from organisation.models import Absence, Appointment, Seat, SeatKind
from organisation.permissions import VIEW_BODY
from organisation.requests import PersonRequest


def seat_seen(request: PersonRequest, public_id: uuid.UUID) -> Seat:
    """Return a seat of the municipality; an employee's own place is no seat in this sense."""
    seen = Scope.of(request.user).condition(VIEW_BODY)
    seats = Seat.objects.filter(seen, municipality=request.user.municipality)
    seats = seats.exclude(seat_type__kind=SeatKind.EMPLOYEE).select_related("seat_type", "body", "municipality")
    return get_object_or_404(seats, public_id=public_id)


def appointment_seen(request: PersonRequest, public_id: uuid.UUID) -> Appointment:
    """Return an appointment to a seat of the municipality."""
    seen = Scope.of(request.user).condition(VIEW_BODY, "seat__body")
    appointments = Appointment.objects.filter(seen, municipality=request.user.municipality)
    appointments = appointments.exclude(seat__seat_type__kind=SeatKind.EMPLOYEE)
    return get_object_or_404(appointments.with_seat().select_related("municipality"), public_id=public_id)


def absence_seen(request: PersonRequest, public_id: uuid.UUID) -> Absence:
    """Return an absence of somebody who holds a seat of the municipality."""
    seen = Scope.of(request.user).condition(VIEW_BODY, "appointment__seat__body")
    absences = Absence.objects.filter(seen, municipality=request.user.municipality)
    shown = absences.select_related("appointment__person", "appointment__seat__seat_type", "appointment__seat__body")
    return get_object_or_404(shown, public_id=public_id)
