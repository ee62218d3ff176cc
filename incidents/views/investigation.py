"""The investigation of the cause of one case."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.case.investigation import investigation_page, reads_investigation, stale_form
from incidents.errors import InvestigationChanged
from incidents.forms.investigation import InvestigationForm, investigation_form
from incidents.investigation import PARTS
from incidents.models import Incident
from incidents.sight import Sight
from incidents.views.fetching import case_seen, case_to_handle
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(*PARTS)
def investigation(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read and write why it happened. Who saves last sees what was saved meanwhile, and chooses."""
    if request.method != "POST":
        found = case_seen(request, public_id)
        return _page(request, found, investigation_form(found))
    found = case_to_handle(request, public_id)
    form = investigation_form(found, request.POST)
    changed = False
    if form.is_valid():
        try:
            services.investigate(incident=found, texts=form.texts(), token=form.cleaned_data["token"], by=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            changed = isinstance(error, InvestigationChanged)
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The investigation is saved."))
            return redirect("incidents:case", found.public_id)
    return _page(request, found, form, changed=changed)


def _page(request: PersonRequest, found: Incident, form: InvestigationForm, *, changed: bool = False) -> HttpResponse:
    sight = Sight.of(found, request.user)
    if not reads_investigation(sight):
        raise NotAllowed
    found = services.open_case(incident=found, by=request.user)
    context = investigation_page(found, sight, form, changed=changed)
    if changed:
        stale_form(found, form)
    return render(request, "incidents/investigation/investigation.html", context, status=422 if form.errors else 200)
