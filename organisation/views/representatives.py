"""Safety representatives: who stands for which workplaces, a union's notice, another area, the end (AML 6:2)."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.errors import DomainError
from organisation.forms.mandates import AreaForm, MandateEndForm, MandateForm, RepresentativeSearch
from organisation.keyset import bounded_count, keyset_page, steps_around
from organisation.models import Appointment
from organisation.pages.representatives import (
    area_of,
    found_by,
    listed,
    mandate_page,
    mandates_seen,
    union_of,
    without_any,
)
from organisation.permissions import RECORD_MANDATE, VIEW_BODY, VIEW_REQUEST
from organisation.requests import PersonRequest, municipality_of
from organisation.services import mandates as services
from organisation.standing import standing_of

PAGE_METHODS = ["GET", "HEAD", "POST"]
BY_NAME = ("person__name", "pk")


@login_required
@require_safe
def representatives(request: PersonRequest) -> HttpResponse:
    """Who is safety representative for which workplaces; searched by workplace or name."""
    require(request.user, VIEW_BODY)
    municipality, today = municipality_of(request), clock.today()
    form = RepresentativeSearch(request.GET)
    words = form.cleaned_data.get("q", "") if form.is_valid() else ""
    found: Any = found_by(words, municipality, today)
    rows = found.with_seat().select_related("mandate").prefetch_related("area__body")
    page = keyset_page(rows, order=BY_NAME, cursor=request.GET.get("page"))
    scope = Scope.of(request.user)
    context: dict[str, Any] = {
        "form": form,
        "words": words,
        "rows": listed(page.rows, today),
        "may_record": scope.holds(RECORD_MANDATE),
        "sees_requests": scope.holds(VIEW_REQUEST),
    }
    return render(request, "organisation/union/representatives.html", context | steps_around(request, page))


@login_required
@require_safe
def unrepresented(request: PersonRequest) -> HttpResponse:
    """The workplaces for which no union has appointed a safety representative."""
    require(request.user, VIEW_BODY)
    today = clock.today()
    bodies = without_any(municipality_of(request), today)
    count, exact = bounded_count(bodies)
    page = keyset_page(bodies, order=("name", "pk"), cursor=request.GET.get("page"))
    standing = standing_of(page.rows, today)
    context = {
        "rows": [(body, standing[body.pk]) for body in page.rows],
        "count": count,
        "exact": exact,
        "sees_requests": Scope.of(request.user).holds(VIEW_REQUEST),
    }
    return render(request, "organisation/union/unrepresented.html", context | steps_around(request, page))


@login_required
@require_http_methods(PAGE_METHODS)
def new_mandate(request: PersonRequest) -> HttpResponse:
    """Record a union's notice that it has appointed somebody."""
    require(request.user, RECORD_MANDATE)
    form = MandateForm(request.POST or None, municipality=municipality_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.record_mandate(**form.answers(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The union's notice is recorded."))
            return redirect("organisation:mandate", made.appointment.public_id)
    return render(request, "organisation/union/mandate_new.html", {"form": form}, status=422 if form.errors else 200)


def _seen(request: PersonRequest, public_id: uuid.UUID) -> Appointment:
    """Return a representative's appointment that the person may see, else 404."""
    return get_object_or_404(mandates_seen(request.user), public_id=public_id)


@login_required
@require_safe
def mandate(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One representative: union, area with its days, and the union's notices."""
    found = _seen(request, public_id)
    may_record = Scope.of(request.user).allows(RECORD_MANDATE, found.seat.body)
    context = mandate_page(found, clock.today(), may_record=may_record)
    return render(request, "organisation/union/mandate.html", context)


@login_required
@require_http_methods(PAGE_METHODS)
def change_area(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that the union gives another area."""
    found = _seen(request, public_id)
    require(request.user, RECORD_MANDATE, found.seat.body)
    initial = {"area": area_of(found, clock.today())}
    form = AreaForm(request.POST or None, initial=initial, appointment=found, union=union_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_area(appointment=found, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The area is recorded."))
            return redirect("organisation:mandate", found.public_id)
    context = {"form": form, "appointment": found}
    return render(request, "organisation/union/mandate_area.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def end_mandate(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that the union has ended the mandate."""
    found = _seen(request, public_id)
    require(request.user, RECORD_MANDATE, found.seat.body)
    form = MandateEndForm(request.POST or None, begins=found.valid_from, union=union_of(found))
    if request.method == "POST" and form.is_valid():
        notice = {name: form.cleaned_data[name] for name in ("notified_on", "union") if name in form.cleaned_data}
        try:
            services.end_mandate(appointment=found, on=form.ends_on(), **notice, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is recorded when the mandate ends."))
            return redirect("organisation:mandate", found.public_id)
    context = {"form": form, "appointment": found}
    return render(request, "organisation/union/mandate_end.html", context, status=422 if form.errors else 200)
