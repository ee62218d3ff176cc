"""The organisation chart, and its paper as a PDF."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisation import clock, permissions
from organisation.access import Scope, require
from organisation.chart.page import ChartReading
from organisation.forms.days import DayForm
from organisation.models import ChartPaper
from organisation.pages.paper_progress import progress_of
from organisation.requests import PersonRequest, municipality_of
from organisation.services.papers import ask_for_paper


@login_required
@require_safe
def chart(request: PersonRequest) -> HttpResponse:
    """The organisation of a day as a drawing, and the same as a list."""
    require(request.user, permissions.VIEW_BODY)
    form = DayForm(request.GET)
    drawn = ChartReading(municipality_of(request), form.day()).chart()
    context = {"form": form, "chart": drawn, "on": drawn.on, "is_today": drawn.on == clock.today()}
    return render(request, "organisation/chart.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def chart_pdf(request: PersonRequest) -> HttpResponse:
    """Ask for the chart and the list of who answers as a paper; the worker makes it."""
    require(request.user, permissions.VIEW_BODY)
    form = DayForm(request.POST)
    paper = ask_for_paper(municipality=municipality_of(request), on=form.day(), by=request.user)
    return redirect("organisation:chart_paper", paper.public_id)


@login_required
@require_safe
def chart_paper(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a paper has come; a page that can be left and found again."""
    paper = _visible(request, public_id)
    job = progress_of(paper)
    if getattr(request, "htmx", False):
        parts = job["parts"]
        done = sum(part["done"] for part in parts)
        return render(
            request,
            "components/progress_parts.html",
            {"job": job, "parts": parts, "done": done, "all": len(parts)},
        )
    return render(request, "organisation/chart_paper.html", {"paper": paper, "job": job})


@login_required
@require_safe
def chart_file(request: PersonRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The paper's file."""
    paper = _visible(request, public_id)
    if not paper.file:
        raise Http404
    try:
        content = paper.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type="application/pdf")
    name = slugify(_("organisation chart"))
    response["Content-Disposition"] = f'inline; filename="{name}-{paper.on.isoformat()}.pdf"'
    response["Cache-Control"] = "no-store, private"
    return response


def _visible(request: PersonRequest, public_id: uuid.UUID) -> ChartPaper:
    if not Scope.of(request.user).holds(permissions.VIEW_BODY):
        raise Http404
    papers = ChartPaper.objects.filter(municipality=request.user.municipality).select_related("job", "municipality")
    return get_object_or_404(papers, public_id=public_id)
