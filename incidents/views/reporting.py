"""Reporting: choose the workplace, one screen, the receipt."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from incidents import services
from incidents.form_owner import mark_for, owner_of
from incidents.forms import ReportForm, WorkplaceSearch
from incidents.models import Incident, ReportDraft
from incidents.permissions import REPORT_INCIDENT
from incidents.reader import reader_of
from incidents.receipt_page import receipt_page
from incidents.workplaces import own_workplaces, search_workplaces, workplace_of
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError
from organisation.form_keys import form_key, submission_key
from organisation.models import Body, User
from organisation.requests import PersonRequest


@login_required
@require_safe
def choose(request: PersonRequest) -> HttpResponse:
    """Choose the workplace; someone with one workplace is led straight to its form."""
    require(request.user, REPORT_INCIDENT)
    own = own_workplaces(request.user)
    if len(own) == 1 and not request.GET:
        return redirect("report:form", own[0].code)
    search = WorkplaceSearch(request.GET or None)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    found, more = search_workplaces(request.user, words) if words else ([], False)
    context = {"own": own, "search": search, "words": words, "found": found, "more": more}
    return render(request, "incidents/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def form(request: HttpRequest, report_code: str) -> HttpResponse:
    """The one screen of a report. What is sent after the session has ended waits for the same person."""
    owner = owner_of(request.POST.get("person", ""))
    if not request.user.is_authenticated or (owner is not None and owner != request.user):
        return _wait_for_owner(request, report_code, owner)
    return _fill_in(cast(PersonRequest, request), report_code)


@login_required
@require_safe
def receipt(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the reporter takes along: the number, who reads it and by when; the same however often it is shown."""
    own = (
        Incident.objects.visible_to(request.user)
        .reported_by(request.user)
        .select_related("body__municipality", "municipality")
    )
    incident = get_object_or_404(own, public_id=public_id)
    return render(request, "incidents/receipt.html", receipt_page(incident, request.user))


def _fill_in(request: PersonRequest, report_code: str) -> HttpResponse:
    """Show the form, with what an expired session left behind, or send it."""
    body = workplace_of(request.user, report_code)
    if body.report_code != report_code and request.method != "POST":
        return redirect("report:form", body.report_code)
    draft = ReportDraft.objects.visible_to(request.user).filter(body=body).first()
    if request.method == "POST":
        shown = ReportForm(request.POST)
        incident = _send(shown, body, request.user, request.POST)
        if incident is not None:
            return redirect("report:receipt", incident.public_id)
        return _show(request, shown, body, status=422)
    shown = ReportForm(initial=_begun(request, draft))
    return _show(request, shown, body, draft=draft)


def _begun(request: PersonRequest, draft: ReportDraft | None) -> dict[str, Any]:
    """Return what the form opens with: its key, whose it is, and what was typed before the session ended."""
    begun = {"submission_key": form_key(request), "person": mark_for(request.user)}
    return begun | (draft.answers if draft else {})


def _send(shown: ReportForm, body: Body, by: User, sent: QueryDict) -> Incident | None:
    """Send the report; on a mistake or a refusal return none, with the errors in the form."""
    if not shown.is_valid():
        return None
    answers = {name: shown.cleaned_data[name] for name in ReportForm.ANSWERS}
    key = submission_key(shown.cleaned_data["submission_key"], sent)
    try:
        return services.report_incident(body=body, by=by, submission_key=key, **answers)
    except DomainError as error:
        shown.add_error(None, str(error))
        return None


def _show(
    request: PersonRequest, shown: ReportForm, body: Body, *, draft: ReportDraft | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": shown, "body": body, "draft": draft, "reader": reader_of(body, request.user, clock.today())}
    return render(request, "incidents/report.html", context, status=status)


def _wait_for_owner(request: HttpRequest, report_code: str, owner: User | None) -> HttpResponse:
    """Keep what was typed for the form's owner, and ask whoever is here to log in or begin anew."""
    here = reverse("report:form", args=[report_code])
    if request.method == "POST" and owner is not None:
        here = _keep(ReportForm(request.POST), report_code, owner, request.POST)
    if request.user.is_authenticated:
        messages.warning(request, _("The form was opened by someone else. Begin anew."))
        return redirect("report:choose")
    return redirect_to_login(here)


def _keep(shown: ReportForm, report_code: str, owner: User, sent: QueryDict) -> str:
    """Keep the draft and return where it is shown again; a report that was sent already leads to its receipt."""
    body = workplace_of(owner, report_code)
    answers = shown.answers()
    key = submission_key(shown.cleaned_data["submission_key"], sent)
    already = Incident.objects.visible_to(owner).reported_by(owner).filter(submission_key=key).first()
    if already is not None:
        return reverse("report:receipt", args=[already.public_id])
    services.keep_draft(body=body, person=owner, answers=answers)
    return reverse("report:form", args=[body.report_code])
