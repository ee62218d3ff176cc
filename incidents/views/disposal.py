"""Disposal: the proposals, one with its cases, a case taken out, the decision, carrying it out, and what is left."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.disposal.page import TONES, log_lines, proposal_page, proposals_seen, told_item
from incidents.errors import NothingToDispose
from incidents.forms.retention import DecisionForm, KeepForm, ProposeForm
from incidents.models import DisposalProposal, ProposalState
from incidents.permissions import DECIDE_DISPOSAL, PROPOSE_DISPOSAL
from incidents.services import disposing, retaining
from organisation.access import Scope, require
from organisation.errors import DomainError, NotAllowed
from organisation.export import csv_response
from organisation.keyset import keyset_page, steps_around
from organisation.requests import PersonRequest, municipality_of

PAGE_METHODS = ["GET", "HEAD", "POST"]
NEWEST_FIRST = ("-proposed_at", "-pk")
LONGEST_CLOSED_FIRST = ("closed_on", "pk")


@login_required
@require_http_methods(PAGE_METHODS)
def disposals(request: PersonRequest) -> HttpResponse:
    """The proposals that the person may see, newest first; whoever proposes begins one here."""
    proposes = _refuse_others(request)
    form = ProposeForm(request.POST or None, municipality=municipality_of(request))
    if request.method == "POST":
        require(request.user, PROPOSE_DISPOSAL)
        if form.is_valid():
            try:
                made = retaining.propose_disposal(authority=form.cleaned_data["body"], by=request.user)
                return redirect("incidents:disposal", made.public_id)
            except NothingToDispose as nothing:
                messages.info(request, str(nothing))
                return redirect("incidents:disposals")
    page = keyset_page(proposals_seen(request.user), order=NEWEST_FIRST, cursor=request.GET.get("page"))
    rows = [{"proposal": row, "tone": TONES[ProposalState(row.state)]} for row in page.rows]
    context = {"form": form, "proposes": proposes, "rows": rows}
    status = 422 if form.errors else 200
    return render(request, "incidents/disposal/list.html", context | steps_around(request, page), status=status)


@login_required
@require_safe
def disposal(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One proposal: what it rests on, how far it has come, and its cases; those kept with the reason."""
    found = _seen(request, public_id)
    shown = proposal_page(found, request.user)
    if request.headers.get("HX-Request") == "true" and shown["job"]:
        job = shown["job"]
        done = sum(part["done"] for part in job["parts"])
        context = {"job": job, "parts": job["parts"], "done": done, "all": len(job["parts"])}
        return render(request, "components/progress_parts.html", context)
    items = found.items.select_related("incident", "rule__decided_by")
    kept = request.GET.get("show") == "kept"
    items = items.exclude(kept_reason="") if kept else items.filter(kept_reason="")
    page = keyset_page(items, order=LONGEST_CLOSED_FIRST, cursor=request.GET.get("page"))
    context = shown | {"rows": [told_item(item) for item in page.rows], "show_kept": kept}
    return render(request, "incidents/disposal/proposal.html", context | steps_around(request, page))


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("reason")
def disposal_keep(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take one case out of the proposal, with the reason."""
    found = _seen(request, public_id)
    if not retaining.may_take_out(found, request.user):
        raise NotAllowed
    form = KeepForm(request.POST or None, initial={"number": request.GET.get("case", "")})
    words = {
        "title": _("Keep a case"),
        "text": _("The case is left out now and proposed anew next time, with those that were merged with it."),
        "button": _("Keep the case"),
        "done": _("The case is kept."),
    }
    return _step(request, found, form, lambda: retaining.keep_case(**_by(request, found), **form.cleaned_data), words)


@login_required
@require_http_methods(PAGE_METHODS)
def disposal_decide(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record what the committee, or the archive authority, decided."""
    found = _seen(request, public_id)
    if not retaining.may_decide(found, request.user):
        raise NotAllowed
    by_minutes = found.approver == DisposalProposal.Approver.COMMITTEE
    form = DecisionForm(request.POST or None, by_minutes=by_minutes)
    words = {
        "title": _("Record the decision"),
        "text": _("Decided by: %(who)s. Here you record what was decided; the decision itself stands in the minutes.")
        % {"who": found.get_approver_display()},
        "button": _("Record the decision"),
        "done": _("The decision is recorded."),
    }
    return _step(request, found, form, lambda: retaining.decide_disposal(**_by(request, found), **form.given()), words)


@login_required
@require_POST
def disposal_carry_out(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have an approved proposal carried out."""
    found = _seen(request, public_id)
    try:
        disposing.carry_out_disposal(proposal=found, by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("incidents:disposal", found.public_id)


@login_required
@require_safe
def disposal_package(request: PersonRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The archive package."""
    found = _seen(request, public_id)
    require(request.user, PROPOSE_DISPOSAL, found.body)
    try:
        content = disposing.package_file(found)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"archive-package-{found.year}-{found.body.key}.zip"
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "no-store, private"
    return response


@login_required
@require_safe
def disposal_log(request: PersonRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """The log of the disposal as a file."""
    found = _seen(request, public_id)
    header = [_("Number"), _("Kind"), _("Closed"), _("Rule"), _("Kept, with the reason"), _("Disposed of")]
    return csv_response(f"disposal-{found.year}.csv", [*header, _("Rows removed")], log_lines(found))


def _refuse_others(request: PersonRequest) -> bool:
    """Raise ``NotAllowed`` for someone with nothing to do here; tell whether the person proposes."""
    scope = Scope.of(request.user)
    if not scope.holds(PROPOSE_DISPOSAL):
        require(request.user, DECIDE_DISPOSAL)
    return scope.holds(PROPOSE_DISPOSAL)


def _seen(request: PersonRequest, public_id: uuid.UUID) -> DisposalProposal:
    proposals = proposals_seen(request.user).select_related("decided_by", "proposed_by")
    return get_object_or_404(proposals, public_id=public_id)


def _by(request: PersonRequest, found: DisposalProposal) -> dict[str, Any]:
    return {"proposal": found, "by": request.user}


def _step(
    request: PersonRequest, found: DisposalProposal, form: Any, change: Callable[[], object], words: dict[str, str]
) -> HttpResponse:
    """Make one step of a proposal from a form of its own, and return to the proposal."""
    if request.method == "POST" and form.is_valid():
        try:
            change()
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words["done"])
            return redirect("incidents:disposal", found.public_id)
    context = {"proposal": found, "form": form, "words": words}
    return render(request, "incidents/disposal/step.html", context, status=422 if form.errors else 200)
