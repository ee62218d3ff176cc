"""Merging a case into another about the same event."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.case.similar import mergeable, nearest
from incidents.case.way import way_to_part
from incidents.forms import MergeForm
from incidents.sight import Sight
from incidents.views.fetching import case_to_handle
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason")
def merge(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose the case that goes on, and say how one knows that the two are one."""
    found = case_to_handle(request, public_id)
    among = mergeable(found, request.user)
    form = MergeForm(request.POST or None, among=among, nearest=nearest(found, among))
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["case"]
        try:
            services.merge_case(incident=found, into=into, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The two are handled together from now on. The reporter is told."))
            return redirect("incidents:case", into.public_id)
    way = way_to_part(found, Sight.of(found, request.user))
    context = {"case": found, "form": form, "way_here": way}
    return render(request, "incidents/merging/merge.html", context, status=422 if form.errors else 200)
