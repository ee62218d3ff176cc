"""Stops of dangerous work: the list with those that stand at the top, recording one, and its steps (AML 6:7)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import Scope, require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.form_keys import form_key, submission_key
from organisation.forms.union import LiftForm, SinceForm, StopForm
from organisation.keyset import keyset_page, steps_around
from organisation.models import WorkStop
from organisation.pages.union import stop_page
from organisation.pages.union_lists import StopFilter
from organisation.permissions import FILE_REQUEST, VIEW_REQUEST
from organisation.requests import PersonRequest
from organisation.services import work_stops as services
from organisation.union import asked as union

PAGE_METHODS = ["GET", "HEAD", "POST"]
NEWEST_FIRST = ("-stopped_at", "-pk")
# Few stops stand at once, in the whole of a municipality.
MOST_STANDING = 100


@login_required
@require_safe
def stops(request: PersonRequest) -> HttpResponse:
    """The stops that the person may see: those that stand at the top, then those that are lifted, newest first."""
    require(request.user, VIEW_REQUEST)
    scope = Scope.of(request.user)
    form = StopFilter(request.GET, scope=scope)
    seen = form.narrow(union.stops_seen(request.user)).select_related("body", "appointment__person")
    standing = seen.filter(lifted_at__isnull=True).order_by(*NEWEST_FIRST)[:MOST_STANDING]
    page = keyset_page(seen.filter(lifted_at__isnull=False), order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "standing": list(standing),
        "lifted": page.rows,
        "may_file": scope.holds(FILE_REQUEST),
    }
    return render(request, "organisation/union/stops.html", context | steps_around(request, page))


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("text")
def new_stop(request: PersonRequest) -> HttpResponse:
    """Record a stop: one screen on a phone."""
    require(request.user, FILE_REQUEST)
    initial = {"submission_key": form_key(request), "body": request.GET.get("body")}
    form = StopForm(request.POST or None, initial=initial, scope=Scope.of(request.user))
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("body", "work", "reason", "text")}
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        try:
            stop = services.record_stop(**answers, stopped_at=form.moment(), by=request.user, submission_key=key)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The stop is recorded. The employer has been told."))
            return redirect("organisation:stop", stop.public_id)
    return render(request, "organisation/union/stop_new.html", {"form": form}, status=422 if form.errors else 200)


def _seen(request: PersonRequest, public_id: uuid.UUID) -> WorkStop:
    """Return a stop that the person may see, else 404."""
    rows = union.stops_seen(request.user).select_related(
        "body__municipality", "municipality", "appointment__person", "appointment__seat__seat_type", "lifted_by"
    )
    return get_object_or_404(rows, public_id=public_id)


@login_required
@require_safe
def one_stop(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One stop: which work, since when, what holds it, and how it was lifted."""
    found = _seen(request, public_id)
    return render(request, "organisation/union/stop.html", stop_page(found, request.user))


@login_required
@require_http_methods(PAGE_METHODS)
def authority_told(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note when the authority was told and asked to decide."""
    found = _seen(request, public_id)
    if not union.takes_part(request.user, found):
        raise NotAllowed
    form = SinceForm(request.POST or None)
    words = {
        "title": _("When was the authority told?"),
        "text": _("The employer asks the Work Environment Authority to decide when the two do not agree."),
        "button": _("Note it"),
        "done": _("It is noted when the authority was told."),
    }

    def change(**values: Any) -> None:
        services.note_authority_told(at=form.moment(), **values)

    return _step(request, found, form, change, words)


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("because")
def lift(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lift a stop: the two agree, or the authority has decided."""
    found = _seen(request, public_id)
    if not union.takes_part(request.user, found):
        raise NotAllowed
    ways = union.ways_to_lift(request.user, found)
    if not ways:
        messages.error(request, str(WrongState.message))
        return redirect("organisation:stop", found.public_id)
    form = LiftForm(request.POST or None, ways=ways)
    words = {
        "title": _("Lift stop %(number)s") % {"number": found.label},
        "text": _("The work may begin again when the stop is lifted. Both sides are told."),
        "button": _("Lift the stop"),
        "done": _("The stop is lifted. Both sides are told."),
    }

    def change(**values: Any) -> None:
        services.lift_stop(**form.cleaned_data, **values)

    return _step(request, found, form, change, words)


def _step(
    request: PersonRequest, found: WorkStop, form: Any, change: Callable[..., None], words: dict[str, str]
) -> HttpResponse:
    """Make one step of a stop from a form of its own, and return to the stop."""
    page = reverse("organisation:stop", args=[found.public_id])
    if request.method == "POST" and form.is_valid():
        try:
            change(stop=found, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words["done"])
            return redirect(page)
    context = {"stop": found, "body": found.body, "back_url": page, "form": form, "words": words}
    return render(request, "organisation/union/step.html", context, status=422 if form.errors else 200)
