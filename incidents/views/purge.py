"""Content that must not be here: somebody says so; a handler removes it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.case.secrecy import way_to
from incidents.forms.secrecy import PurgeAskForm, PurgeForm
from incidents.models import Incident
from incidents.services import purging as services
from incidents.sight import Sight
from incidents.views.fetching import case_seen, case_to_handle
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(PAGE_METHODS)
def purge_ask(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that the case holds protective-security classified content."""
    found = case_seen(request, public_id)
    sight = Sight.of(found, request.user)
    if not sight.reads_text:
        raise NotAllowed
    form = PurgeAskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        where = dict(form.fields["where"].choices)[form.cleaned_data["where"]]  # type: ignore[attr-defined]
        services.ask_to_purge(incident=found, where=str(where), by=request.user)
        messages.success(request, _("Thank you. Those who handle the case have been told and remove it."))
        return redirect("incidents:case", found.public_id)
    context: dict[str, Any] = {
        "case": found,
        "form": form,
        "handles": sight.handles,
        "way_here": way_to(found)[1:] if sight.is_reporter else way_to(found),
    }
    return render(request, "incidents/secrecy/purge_ask.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def purge(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose what is removed for good, by where it stands and not by what it says."""
    found = case_to_handle(request, public_id)
    form = PurgeForm(request.POST or None, pieces=services.pieces_of(found))
    if request.method == "POST" and form.is_valid() and _purged(request, found, form):
        return redirect("incidents:purge", found.public_id)
    context = {
        "case": found,
        "form": form,
        "traces": found.purges.select_related("by").order_by("-at", "-pk"),
        "way_here": way_to(found),
    }
    return render(request, "incidents/secrecy/purge.html", context, status=422 if form.errors else 200)


def _purged(request: PersonRequest, found: Incident, form: Any) -> bool:
    """Remove it; on a refusal by the rules put it into the form and return false."""
    answers = form.cleaned_data
    try:
        services.purge_content(incident=found, what=answers["what"], reason=answers["reason"], by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("It is removed. That something was removed, when and why stands with the case."))
    return True
