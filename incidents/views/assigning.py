"""Handing a case over to another who handles it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.case.way import way_to_part
from incidents.forms import HandOverForm
from incidents.line import those_who_may_have
from incidents.sight import Sight
from incidents.views.fetching import case_to_handle
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason")
def hand_over(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose who gets the case, and say why."""
    found = case_to_handle(request, public_id)
    given = found.assignments.select_related("person").filter(ended_at__isnull=True).first()
    others = [one.person for one in those_who_may_have(found) if given is None or one.person != given.person]
    form = HandOverForm(request.POST or None, among=others)
    if request.method == "POST" and form.is_valid():
        try:
            services.hand_over(incident=found, **form.cleaned_data, by=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is handed over."))
            return redirect("incidents:case", found.public_id)
    way = way_to_part(found, Sight.of(found, request.user))
    context = {"case": found, "given": given, "others": others, "form": form, "way_here": way}
    return render(request, "incidents/assigning/hand_over.html", context, status=422 if form.errors else 200)
