"""One appointment: ending it, and noting that its holder is away or back."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation import clock
from organisation.appointers import may_appoint
from organisation.errors import DomainError, NotAllowed
from organisation.forms.seats import AbsenceForm, EndForm
from organisation.models import Appointment
from organisation.requests import PersonRequest
from organisation.services import appointing
from organisation.views.fetching import absence_seen, appointment_seen

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(PAGE_METHODS)
def end(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """End an appointment, now or after a last day."""
    found = appointment_seen(request, public_id)
    if not may_appoint(request.user, found.seat):
        raise NotAllowed
    form = EndForm(request.POST or None, begins=found.valid_from)
    if request.method == "POST" and form.is_valid():
        try:
            appointing.end_appointment(appointment=found, on=form.ends_on(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is noted when the appointment ends."))
            return redirect("organisation:seat", found.seat.public_id)
    context = {"form": form, "appointment": found, "seat": found.seat}
    return render(request, "organisation/appointment_end.html", context, status=422 if form.errors else 200)


def _require_own_or_appointer(request: PersonRequest, appointment: Appointment) -> None:
    if appointment.person_id != request.user.pk and not may_appoint(request.user, appointment.seat):
        raise NotAllowed


@login_required
@require_http_methods(PAGE_METHODS)
def absence(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note when the holder is away: meanwhile a deputy answers, else the seat it falls back to."""
    found = appointment_seen(request, public_id)
    _require_own_or_appointer(request, found)
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first_day, last_day = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        try:
            appointing.note_absence(
                appointment=found, valid_from=first_day, valid_to=last_day + timedelta(days=1), by=request.user
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The absence is noted."))
            return redirect("organisation:seat", found.seat.public_id)
    context = {"form": form, "appointment": found, "seat": found.seat}
    return render(request, "organisation/absence.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def absence_end(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that the holder is back today, or that an absence to come is taken back."""
    found = absence_seen(request, public_id)
    _require_own_or_appointer(request, found.appointment)
    seat = found.appointment.seat
    if request.method == "POST":
        try:
            appointing.end_absence(absence=found, on=clock.today(), by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is noted that the absence is over."))
        return redirect("organisation:seat", seat.public_id)
    return render(request, "organisation/absence_end.html", {"absence": found, "seat": seat})
