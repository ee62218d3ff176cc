"""Precautions in one case, while a threat remains."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from incidents import services
from incidents.case.precautions import precautions_page
from incidents.forms.precautions import PrecautionForm, ThreatForm
from incidents.models import Incident
from incidents.sight import Sight
from incidents.views.fetching import case_seen, case_to_handle
from incidents.views.stepping import take_step
from organisation.errors import NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("precaution-warned", "precaution-changed")
def precautions(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who has been warned before the next visit and what changed; a handler adds to it."""
    if request.method != "POST":
        return _page(request, case_seen(request, public_id))
    found = case_to_handle(request, public_id)
    form = PrecautionForm(request.POST)

    def change(answers: dict[str, Any]) -> None:
        services.note_precaution(incident=found, by=request.user, **answers)

    return _step(request, found, form, change, _("The precaution is noted."))


@login_required
@require_POST
@sensitive_post_parameters("threat-reason")
def threat(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say whether the threat remains."""
    found = case_to_handle(request, public_id)
    form = ThreatForm(request.POST)

    def change(answers: dict[str, Any]) -> None:
        reason = "" if form.is_yes else answers["reason"]
        services.answer_whether_threat_remains(incident=found, remains=form.is_yes, reason=reason, by=request.user)

    return _step(request, found, form, change, _("It is noted whether the threat remains."))


def _step(request: PersonRequest, found: Incident, form: Any, change: Any, done: str) -> HttpResponse:
    if take_step(form, change):
        messages.success(request, done)
        return redirect("incidents:precautions", found.public_id)
    return _page(request, found, sent=form)


def _page(request: PersonRequest, found: Incident, *, sent: Any = None) -> HttpResponse:
    sight = Sight.of(found, request.user)
    if not sight.reads_text:
        raise NotAllowed
    found = services.open_case(incident=found, by=request.user)
    context = precautions_page(found, sight, sent=sent)
    return render(request, "incidents/precautions/precautions.html", context, status=200 if sent is None else 422)
