"""The steps of a matter between chairs: note, one more body, taken over, closed, open again; one form each."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.forms.matters import AddBodyForm, NoteForm, TakeOverForm
from organisation.matters import matters_seen, may_take_over_for, may_take_part
from organisation.models import CoordinationMatter
from organisation.permissions import COORDINATE_MATTER
from organisation.requests import PersonRequest
from organisation.services import matters as services

PAGE_METHODS = ["GET", "HEAD", "POST"]


def _seen(request: PersonRequest, public_id: uuid.UUID) -> CoordinationMatter:
    return get_object_or_404(matters_seen(request.user).select_related("municipality"), public_id=public_id)


@login_required
@require_http_methods(PAGE_METHODS)
def note(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write a note on a matter."""
    found = _seen(request, public_id)
    if not may_take_part(request.user, found):
        raise NotAllowed
    form = NoteForm(request.POST or None)
    form.fields["note"].label = _("What do you want to say?")
    form.fields["note"].error_messages["required"] = _("Write something.")
    words = {"title": _("Write a note"), "button": _("Save the note"), "done": _("The note is saved.")}
    return _step(request, found, form, services.note_on_matter, words)


@login_required
@require_http_methods(PAGE_METHODS)
def take_over(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a matter over for a body that it concerns."""
    found = _seen(request, public_id)
    bodies = may_take_over_for(request.user, found)
    if not bodies:
        raise NotAllowed
    form = TakeOverForm(request.POST or None, bodies=bodies)
    words = {
        "title": _("Take the matter over"),
        "text": _("The body then answers for the question. The matter is no longer the safety unit's."),
        "button": _("Take it over"),
        "done": _("The matter is taken over."),
    }

    def change(*, matter: CoordinationMatter, note: str, by: Any, **_others: Any) -> None:
        services.take_over(matter=matter, body=form.body_chosen, note=note, by=by)

    return _step(request, found, form, change, words)


@login_required
@require_http_methods(PAGE_METHODS)
def add_body(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let an open matter concern one more body."""
    found = _seen(request, public_id)
    require(request.user, COORDINATE_MATTER, found)
    form = AddBodyForm(request.POST or None, matter=found)
    words = {
        "title": _("Add a body"),
        "button": _("Add the body"),
        "done": _("The matter concerns one more body. Whoever answers there is told."),
    }
    return _step(request, found, form, services.add_body, words)


@login_required
@require_http_methods(PAGE_METHODS)
def close(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that there is no question any more."""
    found = _seen(request, public_id)
    require(request.user, COORDINATE_MATTER, found)
    words = {
        "title": _("Close the matter"),
        "text": _("For a question that is answered or gone, without a body taking it over."),
        "button": _("Close the matter"),
        "done": _("The matter is closed."),
    }
    return _step(request, found, NoteForm(request.POST or None), services.close_matter, words)


@login_required
@require_http_methods(PAGE_METHODS)
def reopen(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make a settled matter the safety unit's again."""
    found = _seen(request, public_id)
    require(request.user, COORDINATE_MATTER, found)
    words = {
        "title": _("Open the matter again"),
        "text": _("It is then the safety unit's, until a body has taken it over."),
        "button": _("Open the matter again"),
        "done": _("The matter is open again."),
    }
    return _step(request, found, NoteForm(request.POST or None), services.reopen_matter, words)


def _step(
    request: PersonRequest,
    matter: CoordinationMatter,
    form: forms.Form,
    service: Callable[..., Any],
    words: dict[str, str],
) -> HttpResponse:
    """Ask for the note of a step and take it; a refusal stands at the form, with the note kept."""
    if request.method == "POST" and form.is_valid():
        try:
            service(matter=matter, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words["done"])
            return redirect("organisation:matter", matter.public_id)
    context = {"form": form, "matter": matter, "words": words}
    return render(request, "organisation/matters/step.html", context, status=422 if form.errors else 200)
