"""Disclosure of a case: the decisions, a new one with its preview, and the paper."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from attachments.services import NotOpened
from incidents.case.disclosure import disclosures_page, new_disclosure_page
from incidents.disclosure.items import items_of
from incidents.forms.disclosure import DisclosureForm
from incidents.models import Disclosure, Incident, ReadLog
from incidents.services import disclosing as services
from incidents.services.locking import require_handler
from incidents.services.marking import require_discloser
from incidents.services.reading import note_reading
from incidents.views.fetching import case_seen, case_to_handle
from organisation import clock
from organisation.errors import DomainError, NotAllowed
from organisation.form_keys import form_key, submission_key
from organisation.requests import PersonRequest

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def disclosures(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What has been decided about disclosing the case."""
    found = case_to_handle(request, public_id)
    # What was asked for, and what a file is called, may tell as much as the case itself.
    note_reading(incident=found, what=ReadLog.What.CASE, by=request.user)
    return render(request, "incidents/disclosure/list.html", disclosures_page(found, request.user))


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters()
def disclosure_new(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose what is shown and what is masked, look at it, and decide."""
    found = case_seen(request, public_id)
    require_discloser(found, request.user)
    note_reading(incident=found, what=ReadLog.What.CASE, by=request.user)
    initial = {"submission_key": form_key(request), "asked_on": clock.today()}
    form = DisclosureForm(request.POST or None, items=items_of(found), initial=initial)
    preview = request.method == "POST" and "preview" in request.POST
    if request.method == "POST" and not preview and form.is_valid() and _decided(request, found, form):
        return redirect("incidents:disclosures", found.public_id)
    context = new_disclosure_page(found, form, preview=preview)
    return render(request, "incidents/disclosure/new.html", context, status=422 if form.errors else 200)


def _decided(request: PersonRequest, found: Incident, form: DisclosureForm) -> bool:
    """Keep the decision; on a refusal by the rules put it into the form and return false."""
    answers: dict[str, Any] = form.cleaned_data
    try:
        services.decide_disclosure(
            incident=found,
            asked=services.Asked(on=answers["asked_on"], what=answers["asked_for"], by=answers["asked_by"]),
            refused=form.refused,
            masked=form.masked(),
            shown=form.shown(),
            provision=form.meant(),
            reason=answers["reason"],
            by=request.user,
            submission_key=submission_key(answers["submission_key"], request.POST),
        )
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The decision is kept. Give the paper to the one who asked."))
    return True


@login_required
@require_safe
def disclosure_file(request: PersonRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The copy with its files, or the written decision, always the same file; for those who handle the case."""
    cases = Incident.objects.visible_to(request.user)
    seen = Disclosure.objects.filter(incident__in=cases, municipality=request.user.municipality)
    rows = seen.select_related("incident__municipality", "incident__body", "decided_by")
    decided = get_object_or_404(rows, public_id=public_id)
    found = decided.incident
    require_handler(found, request.user)
    try:
        paper = services.paper_of(decided)
    except NotOpened:
        messages.warning(request, _("A file that was to be handed out is gone since then. Decide anew."))
        return redirect("incidents:disclosures", found.public_id)
    if paper is None:
        raise Http404
    note_reading(incident=found, what=ReadLog.What.PAPER, by=request.user)
    if decided.handed_out:
        note_reading(incident=found, what=ReadLog.What.ATTACHMENT, by=request.user)
    ending = decided.file.rpartition(".")[2]
    response = FileResponse(
        paper,
        as_attachment=True,
        filename=f"{found.label}-{decided.asked_on.isoformat()}.{ending}",
        content_type=f"application/{ending}",
    )
    response.headers["Cache-Control"] = "no-store, private"
    return response
