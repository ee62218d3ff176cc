"""Matters between chairs: the list with their age, one with its story, and raising one (R22)."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.errors import DomainError
from organisation.export import csv_response
from organisation.form_keys import form_key, submission_key
from organisation.forms.matters import MatterFilter, MatterForm
from organisation.keyset import bounded_count, keyset_page, steps_around
from organisation.matters import matters_seen
from organisation.pages.matter import filtered, header, lines, listed, matter_page, oldest_open, with_bodies
from organisation.permissions import RAISE_MATTER, VIEW_MATTER
from organisation.requests import PersonRequest
from organisation.services.matters import raise_matter

ORDER = ("raised_at", "pk")


@login_required
@require_safe
def matters(request: PersonRequest) -> HttpResponseBase:
    """The matters that the person may see, oldest first, filtered by the address; as a page or as a CSV file."""
    scope = Scope.of(request.user)
    if not scope.holds(RAISE_MATTER):
        require(request.user, VIEW_MATTER)
    seen = matters_seen(request.user)
    form = MatterFilter(request.GET, matters=seen)
    found = filtered(seen, form)
    if request.GET.get("as") == "csv":
        return csv_response(_("matters") + ".csv", header(), lines(found.order_by(*ORDER), clock.today()))
    page = keyset_page(with_bodies(found), order=ORDER, cursor=request.GET.get("page"))
    count, exact = bounded_count(found)
    context: dict[str, Any] = {
        "form": form,
        "rows": listed(page.rows, clock.today()),
        "count": count,
        "exact": exact,
        "asked": any(request.GET.get(name) for name in form.fields),
        "oldest": oldest_open(request.user, clock.today()),
        "may_raise": scope.holds(RAISE_MATTER),
        "csv_url": _as_csv(request),
    }
    return render(request, "organisation/matters/list.html", context | steps_around(request, page))


def _as_csv(request: PersonRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["as"] = "csv"
    return f"?{asked.urlencode()}"


@login_required
@require_safe
def matter(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One matter: the question, whom it concerns and who answers there, whose it is, and each step."""
    rows = matters_seen(request.user).select_related("municipality", "raised_by", "taken_over_by")
    found = get_object_or_404(rows, public_id=public_id)
    return render(request, "organisation/matters/matter.html", matter_page(found, request.user))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_matter(request: PersonRequest) -> HttpResponse:
    """Raise a question that falls between bodies."""
    require(request.user, RAISE_MATTER)
    form = MatterForm(request.POST or None, initial={"submission_key": form_key(request)}, user=request.user)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        key = submission_key(answers.pop("submission_key"), request.POST)
        try:
            raised = raise_matter(**answers, submission_key=key, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The matter is raised. Those who answer for the bodies are told."))
            return redirect("organisation:matter", raised.public_id)
    return render(request, "organisation/matters/new.html", {"form": form}, status=422 if form.errors else 200)
