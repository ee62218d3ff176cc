"""For the data-protection officer: the record of processing, and what is held about one person."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents.case.protection import export_told, progress_of
from incidents.forms.protection import PersonExportForm
from incidents.models import PersonExport
from incidents.permissions import EXPORT_PERSON, VIEW_READ_LOG
from incidents.protection.record import record_of
from incidents.services import exporting as services
from organisation import clock
from organisation.access import Scope, require
from organisation.export import csv_response
from organisation.form_keys import form_key, submission_key
from organisation.keyset import keyset_page, steps_around
from organisation.requests import PersonRequest, municipality_of
from safety_portal.pdf import render_pdf

NEWEST_FIRST = ("-asked_at", "-pk")


@login_required
@require_safe
def protection(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """The record of processing as a page, as CSV, and as a paper."""
    require(request.user, VIEW_READ_LOG)
    municipality = municipality_of(request)
    sections = record_of(municipality)
    wanted = request.GET.get("as")
    if wanted == "csv":
        header = [_("Heading"), _("Article"), _("What")]
        rows = [[part.title, part.article, line] for part in sections for line in part.lines]
        return csv_response(_("record-of-processing") + ".csv", header, rows)
    context: dict[str, Any] = {"sections": sections, "municipality": municipality, "today": clock.today()}
    if wanted != "pdf":
        return render(request, "incidents/protection/record.html", context)
    context["is_demo"] = municipality.is_demo
    title = _("Record of processing")
    content = render_pdf("incidents/protection/record_print.html", context, title=title, lang=get_language() or "sv")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("record-of-processing")}.pdf"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_exports(request: PersonRequest) -> HttpResponse:
    """What has been collected about whom, and a new request."""
    require(request.user, EXPORT_PERSON)
    municipality = municipality_of(request)
    initial = {"submission_key": form_key(request)}
    form = PersonExportForm(request.POST or None, municipality=municipality, initial=initial)
    if request.method == "POST" and form.is_valid():
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        export = services.ask_for_export(about=form.about, by=request.user, submission_key=key)
        return redirect("incidents:person_export", export.public_id)
    asked = PersonExport.objects.filter(municipality=municipality).select_related("about", "asked_by", "job")
    page = keyset_page(asked, order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context = {"form": form, "rows": [export_told(one) for one in page.rows], "page": page}
    status = 422 if form.errors else 200
    return render(request, "incidents/protection/exports.html", context | steps_around(request, page), status=status)


@login_required
@require_safe
def person_export(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far one export has come; a page that can be left and found again."""
    export = _seen(request, public_id)
    job = progress_of(export)
    if getattr(request, "htmx", False):
        context = {"job": job, "parts": job["parts"], "done": int(job["finished"]), "all": 1}
        return render(request, "components/progress_parts.html", context)
    context = {"export": export, "job": job, "told": export_told(export)}
    return render(request, "incidents/protection/export.html", context)


@login_required
@require_safe
def person_export_json(request: PersonRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """What was collected, for machines."""
    export = _seen(request, public_id)
    return _file(request, export, export.file, "application/json")


@login_required
@require_safe
def person_export_pdf(request: PersonRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """What was collected, to read."""
    export = _seen(request, public_id)
    return _file(request, export, export.paper, "application/pdf")


def _file(request: PersonRequest, export: PersonExport, name: str, content_type: str) -> HttpResponseBase:
    """Send a file to the one who collected it, as long as it is kept."""
    if not name or export.asked_by_id != request.user.pk:
        raise Http404
    try:
        content = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    ending = content_type.rsplit("/", 1)[1]
    response = FileResponse(content, content_type=content_type, as_attachment=True, filename=f"export.{ending}")
    response["Cache-Control"] = "no-store, private"
    return response


def _seen(request: PersonRequest, public_id: uuid.UUID) -> PersonExport:
    if not Scope.of(request.user).holds(EXPORT_PERSON):
        raise Http404
    exports = PersonExport.objects.filter(municipality=request.user.municipality)
    return get_object_or_404(exports.select_related("about", "asked_by", "job"), public_id=public_id)
