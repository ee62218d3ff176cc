"""Pages of the follow-up: all reports, one that is being made, its summary and its files."""

import json
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from followup import exports, figures, paper, permissions
from followup.forms import StartForm
from followup.links import kind_url, linked
from followup.models import Report, ReportState
from followup.progress import progress_of
from followup.services import start_report
from notifications.services import worker_is_running
from organisation.access import Scope, require
from organisation.errors import DomainError
from organisation.export import csv_response
from organisation.keyset import keyset_page
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: PersonRequest) -> HttpResponse:
    """Every report that was made, and the form that starts a new one."""
    require(request.user, permissions.VIEW_REPORT)
    if request.method == "POST":
        require(request.user, permissions.START_REPORT)
    may_start = Scope.of(request.user).holds(permissions.START_REPORT)
    form = StartForm(request.POST or None) if may_start else None
    municipality = request.user.municipality
    if request.method == "POST" and form is not None and municipality is not None and form.is_valid():
        try:
            started = start_report(municipality=municipality, by=request.user, **form.cleaned_data)
            return redirect("followup:report", started.public_id)
        except DomainError as error:
            form.add_error(None, str(error))
    found = Report.objects.visible_to(request.user).exclude(state=ReportState.SAME)
    page = keyset_page(found, order=("-year", "-pk"), cursor=request.GET.get("page"))
    context = {
        "page": page,
        "older_url": page.older_cursor and f"?page={page.older_cursor}",
        "newer_url": page.newer_cursor and f"?page={page.newer_cursor}",
        "form": form,
        "worker": worker_is_running(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "followup/reports.html", context, status=status)


@login_required
@require_safe
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a report has come; a page that can be left and found again."""
    found = _visible(request, public_id)
    by_htmx = request.headers.get("HX-Request") == "true"
    if found.same_as is not None and not by_htmx:
        context = {"report": found, "same": found.same_as}
        return render(request, "followup/same.html", context)
    job = progress_of(found)
    if by_htmx:
        return render(request, "components/progress_parts.html", _parts(job))
    return render(request, "followup/report_progress.html", {"report": found, "job": job})


@login_required
@require_safe
def summary(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The year on one page; each number leads to the list behind it, for those who may see that."""
    found = _ready(request, public_id)
    context = paper.context(found)
    scope = Scope.of(request.user)
    context["numbers"] = linked(context["numbers"], found, scope)
    context["kinds"] = [row | {"url": kind_url(row["key"], found, scope)} for row in context["kinds"]]
    return render(request, "followup/summary.html", context)


@login_required
@require_safe
def pdf(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The report's file."""
    found = _ready(request, public_id)
    try:
        content = found.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    return _file(FileResponse(content, content_type="application/pdf"), found, "pdf", inline=True)


@login_required
@require_safe
def figures_json(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The stored figures that the report is made from, as they stand."""
    found = _ready(request, public_id)
    chapters = {chapter.key: chapter.figures for chapter in found.chapters.all()}
    told = {
        "municipality": found.municipality.name,
        "year": found.year,
        "edition": found.edition,
        "version": found.version,
        "cut_off": found.cut_off.isoformat(),
        "definitions": figures.DEFINITIONS,
        "digest": found.figures_digest,
        "chapters": chapters,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return _file(HttpResponse(text, content_type="application/json; charset=utf-8"), found, "json")


@login_required
@require_safe
def figures_csv(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The incidents in figures, for a spreadsheet."""
    found = _ready(request, public_id)
    return _file(csv_response("", exports.header(found), exports.rows(found)), found, "csv")


def _visible(request: HttpRequest, public_id: uuid.UUID) -> Report:
    visible = Report.objects.visible_to(request.user).select_related("municipality", "render_job", "same_as")
    return get_object_or_404(visible, public_id=public_id)


def _ready(request: HttpRequest, public_id: uuid.UUID) -> Report:
    found = _visible(request, public_id)
    if found.state != ReportState.READY:
        raise Http404
    return found


def _parts(job: dict[str, Any]) -> dict[str, Any]:
    done = sum(part["done"] for part in job["parts"])
    return {"job": job, "parts": job["parts"], "done": done, "all": len(job["parts"])}


def _file(response: Any, found: Report, ending: str, *, inline: bool = False) -> HttpResponse:
    """Name the file, and keep every copy of it out of caches."""
    name = slugify(f"{_('yearly report')} {found.year} {found.get_edition_display()} v{found.version}")
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}.{ending}"'
    response["Cache-Control"] = "no-store, private"
    return response
