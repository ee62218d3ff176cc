"""Reporting that the same has happened again."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.case.repeating import again_page
from incidents.forms import AgainForm
from incidents.views.fetching import case_seen
from organisation import clock
from organisation.errors import DomainError, NotAllowed
from organisation.form_keys import form_key, submission_key
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def again(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """A new report from an earlier one, for its reporter and those who handle it."""
    found = case_seen(request, public_id)
    if not found.is_reported_by(request.user):
        services.require_handler(found, request.user)
    begun = {"submission_key": form_key(request), "occurred_on": clock.today()}
    form = AgainForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("occurred_on", "text", "with_text")}
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        try:
            new = services.report_again(incident=found, **answers, by=request.user, submission_key=key)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The report is sent."))
            return redirect("report:receipt", new.public_id)
    context = again_page(found, request.user, form)
    return render(request, "incidents/copying/again.html", context, status=422 if form.errors else 200)
