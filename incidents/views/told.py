"""What the reporter told in a case."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents import services
from incidents.case.told import told_page
from incidents.sight import Sight
from incidents.views.fetching import case_seen
from organisation.requests import PersonRequest


@login_required
@require_safe
def told(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The answers, each to those who may read it. That somebody other than the reporter opens the text is noted."""
    case = case_seen(request, public_id)
    if request.method == "GET":
        case = services.open_case(incident=case, by=request.user)
    return render(request, "incidents/told.html", told_page(case, Sight.of(case, request.user)))
