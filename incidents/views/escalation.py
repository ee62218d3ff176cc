"""Escalation of one case: whether it may get worse, who is asked, and the answer of whoever was asked."""

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
from incidents.case.escalation import escalation_page, sees_escalation
from incidents.forms.escalation import AnswerEscalationForm, JudgeForm
from incidents.models import Incident
from incidents.sight import Sight
from incidents.views.fetching import case_seen
from incidents.views.stepping import take_step
from organisation.errors import NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("judge-reason")
def escalation(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Judge whether the case may get worse; a yes asks the duty officer, and the next in line until one answers."""
    found = case_seen(request, public_id)
    if request.method != "POST":
        return _page(request, found)
    services.require_handler(found, request.user)
    form = JudgeForm(request.POST)

    def change(answers: dict[str, Any]) -> None:
        judge = services.escalate if form.is_yes else services.judge_no_escalation
        judge(incident=found, reason=answers["reason"], by=request.user)

    if take_step(form, change):
        messages.success(request, _("Somebody is asked now.") if form.is_yes else _("The judgement is noted."))
        return redirect("incidents:escalation", found.public_id)
    return _page(request, found, sent=form)


@login_required
@require_POST
@sensitive_post_parameters("escalation-answer")
def escalation_answer(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that one has it, as the one who was asked."""
    found = _for_those_asked(request, public_id)
    form = AnswerEscalationForm(request.POST)

    def change(answers: dict[str, Any]) -> None:
        services.answer_escalation(incident=found, answer=answers["answer"], by=request.user)

    if take_step(form, change):
        messages.success(request, _("You have answered. Nobody else is asked."))
        return redirect("incidents:escalation", found.public_id)
    return _page(request, found, sent=form)


def _for_those_asked(request: PersonRequest, public_id: uuid.UUID) -> Incident:
    found = case_seen(request, public_id)
    services.require_called(found, request.user)
    return found


def _page(request: PersonRequest, found: Incident, *, sent: Any = None) -> HttpResponse:
    sight = Sight.of(found, request.user)
    if not sees_escalation(found, sight, request.user):
        raise NotAllowed
    found = services.open_case(incident=found, by=request.user)
    context = escalation_page(found, sight, request.user, sent=sent)
    return render(request, "incidents/escalation/escalation.html", context, status=200 if sent is None else 422)
