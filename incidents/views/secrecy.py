"""Secrecy marks of a case, and who has read it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.case.readings import case_readings_page, readings_page
from incidents.case.secrecy import secrecy_page
from incidents.forms.readings import ReadingsFilter
from incidents.forms.secrecy import LiftMarkForm, MarkForm
from incidents.permissions import VIEW_READ_LOG
from incidents.services import marking as services
from incidents.sight import Sight
from incidents.views.fetching import case_seen, case_to_handle
from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest, municipality_of

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("mark-reason")
def secrecy(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The marks of a case, and a new one."""
    found = case_to_handle(request, public_id)
    if request.method != "POST":
        return render(request, "incidents/secrecy/secrecy.html", secrecy_page(found, request.user))
    form = MarkForm(request.POST)
    if form.is_valid():
        try:
            services.mark_secret(
                incident=found, provision=form.meant(), reason=form.cleaned_data["reason"], by=request.user
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is marked. Each disclosure is assessed anyway."))
            return redirect("incidents:secrecy", found.public_id)
    return render(request, "incidents/secrecy/secrecy.html", secrecy_page(found, request.user, sent=form), status=422)


@login_required
@require_POST
@sensitive_post_parameters("lift-reason")
def lift_mark(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lift a mark."""
    found = case_to_handle(request, public_id)
    services.require_discloser(found, request.user)
    marks = found.secrecy_marks.filter(lifted_at__isnull=True).values_list("provision", flat=True)
    form = LiftMarkForm(request.POST, marks=list(marks))
    if form.is_valid():
        answers: dict[str, Any] = form.cleaned_data
        try:
            services.lift_mark(incident=found, by=request.user, **answers)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The mark is lifted."))
            return redirect("incidents:secrecy", found.public_id)
    return render(request, "incidents/secrecy/secrecy.html", secrecy_page(found, request.user, sent=form), status=422)


@login_required
@require_safe
def case_readings(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """To the reporter: under which title and when somebody opened what they told."""
    found = case_seen(request, public_id)
    if not Sight.of(found, request.user).is_reporter:
        raise NotAllowed
    return render(request, "incidents/secrecy/case_readings.html", case_readings_page(found))


@login_required
@require_safe
def readings(request: PersonRequest) -> HttpResponse:
    """To the data-protection officer: who has opened what and when, of every case, and nothing of what it says."""
    require(request.user, VIEW_READ_LOG)
    form = ReadingsFilter(request.GET, municipality=municipality_of(request))
    return render(request, "incidents/secrecy/readings.html", readings_page(request, form))
