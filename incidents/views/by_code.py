"""What a reporter comes back to, by code or logged in: the receipt, where the report stands, and what is said."""

import uuid

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import services
from incidents.errors import TooManyTries, UnknownCode
from incidents.forms import CodeForm, ReporterForm, WithdrawalForm
from incidents.models import Incident
from incidents.opened import close_here, open_here, opened_report
from incidents.receipt_page import receipt_page, reporter_of
from incidents.status_page import status_page
from organisation.errors import DomainError
from organisation.form_keys import form_key, submission_key
from organisation.requests import address_of
from safety_portal.pdf import render_pdf

# The hidden field in which a message waits for the code.
KEPT = "kept"
PAGE_METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("code", KEPT)
def code(request: HttpRequest) -> HttpResponse:
    """Write the code, which never stands in an address, and see the report."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if request.method == "POST" and form.is_valid():
        try:
            incident = services.incident_by_code(code=form.cleaned_data["code"], address=address_of(request))
        except (UnknownCode, TooManyTries) as refusal:
            form.add_error("code", str(refusal))
        else:
            open_here(request, incident)
            return _opened(request, incident)
    context = {"form": form, "kept": request.POST.get(KEPT, "")}
    return render(request, "incidents/code.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Lead to the report; what had been typed when the time ran out stands in its form again."""
    if not (kept := request.POST.get(KEPT, "")):
        return redirect("report:status", incident.public_id)
    form = ReporterForm(initial={"text": kept, "submission_key": form_key(request)})
    return render(request, "incidents/report_status.html", status_page(incident, form))


@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the reporter takes along: number, code, who reads it and by when; the same however often it is shown."""
    incident = _own(request, public_id)
    if incident is None:
        return redirect_to_login(request.get_full_path())
    reporter = reporter_of(incident)
    context = receipt_page(incident, reporter) | {"by_account": request.user == reporter}
    return render(request, "incidents/receipt.html", context)


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The receipt on paper."""
    incident = _own(request, public_id)
    if incident is None:
        return redirect_to_login(request.get_full_path())
    context = receipt_page(incident, reporter_of(incident))
    context["code_address"] = request.build_absolute_uri(reverse("report:code")).split("://", 1)[-1]
    title = _("Receipt %(number)s") % {"number": incident.label}
    content = render_pdf("print/receipt.html", context, title=title, lang=get_language() or "sv")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{incident.label}.pdf"'
    return response


@never_cache
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("message-text")
def status(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where the report stands, who has read it, what is said; and what the reporter adds or answers."""
    incident = _own(request, public_id)
    if incident is None:
        return _by_code_again(request)
    if request.method == "POST":
        return _add(request, incident)
    services.mark_messages_read(incident=incident, by=None)
    form = ReporterForm(initial={"submission_key": form_key(request)})
    return render(request, "incidents/report_status.html", status_page(incident, form))


@never_cache
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("reason")
def withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw the report: a note to those who handle it, which erases nothing."""
    incident = _own(request, public_id)
    if incident is None:
        return _by_code_again(request)
    form = WithdrawalForm(request.POST) if request.method == "POST" else WithdrawalForm()
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_report(incident=incident, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your withdrawal is noted."))
            return redirect("report:status", incident.public_id)
    town = incident.municipality
    context = {"form": form, "incident": incident, "municipality": town, "is_demo": town.is_demo}
    return render(request, "incidents/report_withdraw.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def support(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say yes or no to an offer of support."""
    incident = _own(request, public_id)
    if incident is None:
        return _by_code_again(request)
    accepted = request.POST.get("accepted") == "yes"
    try:
        services.answer_offer(incident=incident, accepted=accepted, by=None)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        said = _("Thank you. Somebody will be in touch about support."), _("Thank you. You can change your mind.")
        messages.success(request, said[not accepted])
    return redirect("report:status", incident.public_id)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the report in this browser, which somebody else may use next."""
    close_here(request)
    messages.success(request, _("The report is closed here. Come back with the code."))
    return redirect("report:code")


def _add(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = ReporterForm(request.POST)
    if form.is_valid():
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        try:
            services.add_from_reporter(incident=incident, text=form.cleaned_data["text"], submission_key=key)
        except DomainError as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Sent. Those who handle the case are told."))
            return redirect("report:status", incident.public_id)
    return render(request, "incidents/report_status.html", status_page(incident, form), status=422)


def _own(request: HttpRequest, public_id: uuid.UUID) -> Incident | None:
    """Return the report that stands open here, or that the person sent; none: nobody has shown who they are."""
    if (opened := opened_report(request, public_id)) is not None:
        return opened
    if not request.user.is_authenticated:
        return None
    own = Incident.objects.visible_to(request.user).reported_by(request.user)
    return get_object_or_404(
        own.select_related("body__municipality", "municipality", "question_set"), public_id=public_id
    )


def _by_code_again(request: HttpRequest) -> HttpResponse:
    """Ask whoever is not logged in, or whose time has run out, for the code; what was typed is carried along."""
    if request.user.is_authenticated:
        raise Http404
    messages.warning(request, _("Write your code again. After a while the report closes by itself."))
    if not (typed := request.POST.get("message-text", "")):
        return redirect("report:code")
    return render(request, "incidents/code.html", {"form": CodeForm(), "kept": typed})
