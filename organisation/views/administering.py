"""The hub of the municipality's administrator."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisation.access import require
from organisation.pages.administer import duties_of
from organisation.permissions import ADMINISTER
from organisation.requests import PersonRequest, municipality_of


@login_required
@require_safe
def administer(request: PersonRequest) -> HttpResponse:
    """Everything that the administrator runs, each with one sentence."""
    require(request.user, ADMINISTER)
    municipality = municipality_of(request)
    context = {"duties": duties_of(municipality), "municipality": municipality}
    return render(request, "organisation/administer.html", context)
