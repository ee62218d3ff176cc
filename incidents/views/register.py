"""The register of cases (OSL 5:2), and a case's own part of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents.case.register import case_register_page, header, lines, register_page
from incidents.forms.register import RegisterFilter
from incidents.forms.secrecy import RegistryForm
from incidents.models import Incident
from incidents.permissions import VIEW_REGISTER
from incidents.services import marking as services
from incidents.views.fetching import case_seen, case_to_handle
from organisation.access import require
from organisation.export import csv_response
from organisation.requests import PersonRequest


@login_required
@require_safe
def register(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """All cases for which the person keeps or reads the register, the latest first; also as CSV."""
    require(request.user, VIEW_REGISTER)
    form = RegisterFilter(request.GET)
    cases = Incident.objects.permitted(request.user, VIEW_REGISTER)
    if request.GET.get("as") == "csv":
        return csv_response(_("register-of-cases") + ".csv", header(), lines(form.narrow(cases)))
    return render(request, "incidents/register/list.html", register_page(request, cases, form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_register(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the register says of one case; those who handle it write its registry number."""
    if request.method != "POST":
        found = case_seen(request, public_id)
        form = RegistryForm(initial={"number": found.registry_number})
        return render(request, "incidents/register/case.html", case_register_page(found, request.user, form))
    found = case_to_handle(request, public_id)
    form = RegistryForm(request.POST)
    if not form.is_valid():
        context = case_register_page(found, request.user, form)
        return render(request, "incidents/register/case.html", context, status=422)
    services.set_registry_number(incident=found, number=form.cleaned_data["number"], by=request.user)
    messages.success(request, _("The registry number is kept."))
    return redirect("incidents:case_register", found.public_id)
