"""One seat: who holds it, appointing to it, and whether it is needed."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation import clock
from organisation.appointers import may_appoint
from organisation.errors import DomainError, NotAllowed
from organisation.forms.seats import AppointForm, NotNeededForm
from organisation.models import Seat
from organisation.pages.seat import seat_page
from organisation.requests import PersonRequest
from organisation.services import appointing
from organisation.views.fetching import seat_seen


@login_required
@require_safe
def seat(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who holds the seat and did, who is away, who answers meanwhile, and the municipality's rule for it."""
    found = seat_seen(request, public_id)
    return render(request, "organisation/seat.html", seat_page(found, request.user, clock.today()))


def _to_appoint(request: PersonRequest, public_id: uuid.UUID) -> Seat:
    """Return the seat, or refuse at once, before the person has filled in a form."""
    found = seat_seen(request, public_id)
    if not may_appoint(request.user, found):
        raise NotAllowed
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Appoint somebody to the seat, as its holder or as a deputy."""
    found = _to_appoint(request, public_id)
    form = AppointForm(request.POST or None, municipality=found.municipality)
    if request.method == "POST" and form.is_valid():
        try:
            made = appointing.appoint(seat=found, **form.answers(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(person)s is appointed.") % {"person": made.person.name})
            return redirect("organisation:seat", found.public_id)
    context = {"form": form, "seat": found}
    return render(request, "organisation/appoint.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def needed(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that the seat is not needed at its body, and why; or that it is needed again."""
    found = _to_appoint(request, public_id)
    form = NotNeededForm(request.POST or None) if not found.not_needed_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            appointing.say_whether_needed(seat=found, reason=reason, by=request.user)
        except DomainError as error:
            if form is None:
                raise
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is noted."))
            return redirect("organisation:seat", found.public_id)
    context = {"form": form, "seat": found}
    return render(request, "organisation/seat_needed.html", context, status=422 if form and form.errors else 200)
