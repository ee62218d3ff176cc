"""Requests by safety representatives: the list, filing one, one as page and as PDF, and its steps (AML 6:6a)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.errors import DomainError, NotAllowed
from organisation.form_keys import form_key, submission_key
from organisation.forms.union import AnswerForm, ReferralForm, RequestForm, WithdrawalForm
from organisation.keyset import keyset_page, steps_around
from organisation.models import WorkEnvironmentRequest
from organisation.pages.union import request_page
from organisation.pages.union_lists import RequestFilter, listed_requests, waiting_in_number
from organisation.permissions import FILE_REQUEST, VIEW_REQUEST
from organisation.requests import PersonRequest
from organisation.services import work_environment_requests as services
from organisation.union import asked as union
from safety_portal.pdf import render_pdf

PAGE_METHODS = ["GET", "HEAD", "POST"]
NEWEST_FIRST = ("-filed_at", "-pk")


@login_required
@require_safe
def requests(request: PersonRequest) -> HttpResponse:
    """The requests that the person may see, newest first, filtered by the address."""
    require(request.user, VIEW_REQUEST)
    scope = Scope.of(request.user)
    form = RequestFilter(request.GET, scope=scope)
    seen = union.requests_seen(request.user)
    rows = form.narrow(seen).select_related("body", "appointment__person")
    page = keyset_page(rows, order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "rows": listed_requests(page.rows, clock.today()),
        "waiting": waiting_in_number(seen),
        "may_file": scope.holds(FILE_REQUEST),
    }
    return render(request, "organisation/union/requests.html", context | steps_around(request, page))


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("text", "reason")
def new_request(request: PersonRequest) -> HttpResponse:
    """File a request; the page that follows is its receipt."""
    require(request.user, FILE_REQUEST)
    initial = {"submission_key": form_key(request), "body": request.GET.get("body")}
    form = RequestForm(request.POST or None, initial=initial, scope=Scope.of(request.user))
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        key = submission_key(answers.pop("submission_key"), request.POST)
        try:
            filed = services.file_request(**answers, by=request.user, submission_key=key)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The employer has received your request. You get the receipt by mail too."))
            return redirect("organisation:request", filed.public_id)
    return render(request, "organisation/union/request_new.html", {"form": form}, status=422 if form.errors else 200)


def _seen(request: PersonRequest, public_id: uuid.UUID) -> WorkEnvironmentRequest:
    """Return a request that the person may see, else 404."""
    rows = union.requests_seen(request.user).select_related(
        "body__municipality", "municipality", "appointment__person", "appointment__seat__seat_type", "answered_by"
    )
    return get_object_or_404(rows, public_id=public_id)


@login_required
@require_safe
def one_request(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One request: what is asked, who answers by when, the answer, and each step."""
    found = _seen(request, public_id)
    return render(request, "organisation/union/request.html", request_page(found, request.user))


@login_required
@require_safe
def request_pdf(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The request with its answer as a paper, for the union and the authority."""
    found = _seen(request, public_id)
    context = request_page(found, request.user) | {"municipality": found.municipality, "today": clock.today()}
    context["is_demo"] = found.municipality.is_demo
    content = render_pdf("print/request.html", context, title=context["heading"], lang=get_language() or "sv")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.label}.pdf"'
    return response


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("answer")
def answer(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Answer for the employer."""
    found = _seen(request, public_id)
    if not union.may_answer(request.user, found):
        raise NotAllowed
    words = {
        "title": _("Answer request %(number)s") % {"number": found.label},
        "text": _("You answer for the employer. The representative is told and reads what you write."),
        "button": _("Send the answer"),
        "done": _("The answer is sent. The representative is told."),
    }
    return _step(request, found, AnswerForm(request.POST or None), services.answer_request, words)


@login_required
@require_http_methods(PAGE_METHODS)
def refer(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that the authority has been asked, or add its reference."""
    found = _seen(request, public_id)
    if not union.may_refer(request.user, found, clock.today()):
        raise NotAllowed
    initial = {"on": found.referred_on} if found.referred_on else None
    words = {
        "title": _("Referred to the Work Environment Authority"),
        "text": _("You ask the authority yourself, in its own service. Note here that you have, so that it is seen."),
        "button": _("Note the referral"),
        "done": _("The referral is noted. The employer is told."),
    }
    return _step(request, found, ReferralForm(request.POST or None, initial=initial), services.refer_request, words)


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("reason")
def withdraw(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a request back."""
    found = _seen(request, public_id)
    if not union.may_withdraw(request.user, found):
        raise NotAllowed
    words = {
        "title": _("Withdraw request %(number)s") % {"number": found.label},
        "text": _("The employer is told that nothing is asked for any more. The request stays, with its story."),
        "button": _("Withdraw it"),
        "done": _("The request is withdrawn."),
    }
    return _step(request, found, WithdrawalForm(request.POST or None), services.withdraw_request, words)


def _step(
    request: PersonRequest,
    found: WorkEnvironmentRequest,
    form: Any,
    change: Callable[..., Any],
    words: dict[str, str],
) -> HttpResponse:
    """Make one step of a request from a form of its own, and return to the request."""
    page = reverse("organisation:request", args=[found.public_id])
    if request.method == "POST" and form.is_valid():
        try:
            change(request=found, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words["done"])
            return redirect(page)
    context = {"asked": found, "body": found.body, "back_url": page, "form": form, "words": words}
    return render(request, "organisation/union/step.html", context, status=422 if form.errors else 200)
