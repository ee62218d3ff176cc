"""Support in one case: offered, answered, given; the crisis support group is called."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import services
from incidents.case.support import support_page
from incidents.forms.support import AnswerForm, OfferForm, given_form
from incidents.models import Incident
from incidents.sight import Sight
from incidents.views.fetching import case_seen, case_to_handle
from incidents.views.stepping import take_step
from organisation.errors import NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_safe
def support(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What has been offered and given, and what can be done now; for handlers and for the reporter."""
    found = _for_those_concerned(request, public_id)
    return _page(request, services.open_case(incident=found, by=request.user))


@login_required
@require_POST
def support_offer(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Offer support now."""
    found = case_to_handle(request, public_id)
    form = OfferForm(request.POST)

    def change(answers: dict[str, Any]) -> None:
        services.offer_support(incident=found, answer=answers["answer"], by=request.user)

    return _step(request, found, form, change, _("The offer is noted."))


@login_required
@require_POST
def support_answer(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Answer yes or no: the reporter's own answer, or what the one affected has told a handler."""
    found = _for_those_concerned(request, public_id)
    form = AnswerForm(request.POST)

    def change(_answers: dict[str, Any]) -> None:
        services.answer_offer(incident=found, accepted=form.accepted, by=request.user)

    return _step(request, found, form, change, _("The answer is noted. It can be changed later."))


@login_required
@require_POST
def support_given(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that support was given."""
    found = case_to_handle(request, public_id)
    form = given_form(request.POST)

    def change(answers: dict[str, Any]) -> None:
        services.note_support_given(incident=found, by=request.user, **answers)

    return _step(request, found, form, change, _("It is noted that support was given."))


@login_required
@require_POST
def crisis_group(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Call the crisis support group to the case."""
    found = case_to_handle(request, public_id)

    def change(_answers: dict[str, Any]) -> None:
        services.call_crisis_group(incident=found, by=request.user)

    done = _("The crisis support group is called by e-mail. Phone it too when it is urgent.")
    return _step(request, found, forms.Form(request.POST), change, done)


def _for_those_concerned(request: PersonRequest, public_id: uuid.UUID) -> Incident:
    """Return the case to its reporter and to those who handle it; others who see it are refused."""
    found = case_seen(request, public_id)
    sight = Sight.of(found, request.user)
    if not (sight.is_reporter or sight.handles):
        raise NotAllowed
    return found


def _step(request: PersonRequest, found: Incident, form: Any, change: Any, done: str) -> HttpResponse:
    if take_step(form, change):
        messages.success(request, done)
        return redirect("incidents:support", found.public_id)
    return _page(request, found, sent=form)


def _page(request: PersonRequest, found: Incident, *, sent: Any = None) -> HttpResponse:
    context = support_page(found, Sight.of(found, request.user), sent=sent)
    return render(request, "incidents/support/support.html", context, status=200 if sent is None else 422)
