"""Imports, for the municipality's administrator: giving files, seeing what they would change, writing or discarding."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import require
from organisation.administering import imports_run_by, people_run_by
from organisation.errors import DomainError, NotAllowed
from organisation.export import csv_response
from organisation.form_keys import form_key
from organisation.forms.importing import ConfirmForm, ImportForm
from organisation.handover import hand_overs
from organisation.keyset import keyset_page, steps_around
from organisation.models import ImportRun, ImportState
from organisation.pages.imports import (
    MOST_PROBLEMS_SHOWN,
    TONES,
    changes_in,
    many_leave,
    parts_of,
    problem_lines,
    problems_of,
    progress_of,
)
from organisation.people_import import COLUMNS, FileKind
from organisation.permissions import ADMINISTER
from organisation.requests import PersonRequest, municipality_of
from organisation.services import importing as services

PAGE_METHODS = ["GET", "HEAD", "POST"]
UNDER_WAY = (ImportState.READING, ImportState.WRITING)
# How many of those who left are shown with what they leave behind; the others have it on their own page.
MOST_HAND_OVERS = 25


@login_required
@require_http_methods(PAGE_METHODS)
def imports(request: PersonRequest) -> HttpResponse:
    """Every import so far, and the form that gives new files."""
    require(request.user, ADMINISTER)
    municipality = municipality_of(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*given, initial={"submission_key": form_key(request)})
    if form.is_valid():
        run = services.start_import(
            municipality=municipality,
            files=form.given(),
            is_full=form.cleaned_data["is_full"],
            by=request.user,
            submission_key=form.key(),
        )
        return redirect("organisation:import", run.public_id)
    page = keyset_page(imports_run_by(request.user), order=("-at", "-pk"), cursor=request.GET.get("page"))
    rows = [{"run": run, "tone": TONES[ImportState(run.state)], "counts": changes_in(run)} for run in page.rows]
    context = {"form": form, "rows": rows, "kinds": [(kind.value, kind.label, COLUMNS[kind]) for kind in FileKind]}
    status = 422 if form.errors else 200
    return render(request, "organisation/imports/list.html", context | steps_around(request, page), status=status)


@login_required
@require_http_methods(PAGE_METHODS)
def import_run(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One import: how far it has come, what it would change, and the buttons that write or discard it."""
    run = get_object_or_404(imports_run_by(request.user), public_id=public_id)
    if request.method == "POST":
        return _decide(request, run)
    job = progress_of(run)
    if request.headers.get("HX-Request") == "true":
        parts = job["parts"]
        done = sum(part["done"] for part in parts)
        context = {"job": job, "parts": parts, "done": done, "all": len(parts)}
        return render(request, "components/progress_parts.html", context)
    if run.state in UNDER_WAY:
        return render(request, "organisation/imports/under_way.html", {"run": run, "job": job})
    return _show(request, run, _confirm_form(run))


def _confirm_form(run: ImportRun, answers: Any = None) -> ConfirmForm:
    return ConfirmForm(answers, many_leave=many_leave(run), initial={"digest": run.digest})


def _decide(request: PersonRequest, run: ImportRun) -> HttpResponse:
    """Discard the run, or have it written as it was shown."""
    form = _confirm_form(run, request.POST)
    discard = "discard" in request.POST
    if not discard and not form.is_valid():
        return _show(request, run, form, status=422)
    try:
        if discard:
            services.discard_import(run=run, by=request.user)
        else:
            services.confirm_import(run=run, digest=form.cleaned_data["digest"], by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("organisation:imports" if discard else "organisation:import", *([] if discard else [run.public_id]))


def _show(request: PersonRequest, run: ImportRun, form: ConfirmForm, status: int = 200) -> HttpResponse:
    problems = problems_of(run)
    context = {
        "run": run,
        "form": form,
        "tone": TONES[ImportState(run.state)],
        "changes": changes_in(run),
        "parts": parts_of(run),
        "problems": problems[:MOST_PROBLEMS_SHOWN],
        "problem_count": run.found.get("problems", 0),
        "more_problems": max(run.found.get("problems", 0) - MOST_PROBLEMS_SHOWN, 0),
        "handovers": _hand_overs_of(request, run),
        "more_handovers": max(len(run.handover) - MOST_HAND_OVERS, 0),
    }
    return render(request, "organisation/imports/run.html", context, status=status)


def _hand_overs_of(request: PersonRequest, run: ImportRun) -> list[Any]:
    """Return what the people whom the run ended leave behind, as it stands now."""
    if not run.handover:
        return []
    left = people_run_by(request.user).filter(public_id__in=run.handover[:MOST_HAND_OVERS])
    return [one for one in hand_overs(run.municipality, list(left.values_list("pk", flat=True))) if not one.is_empty]


@login_required
@require_safe
def import_errors(request: PersonRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """What is wrong with the files, as a file."""
    run = get_object_or_404(imports_run_by(request.user), public_id=public_id)
    header = [_("File"), _("Line"), _("Column"), _("What is wrong"), _("What would be right")]
    return csv_response("import-errors.csv", header, problem_lines(run))


@login_required
@require_safe
def import_template(request: PersonRequest, kind: str) -> StreamingHttpResponse:
    """An empty file with the headings of its kind."""
    require(request.user, ADMINISTER)
    if kind not in FileKind.values:
        raise Http404
    headings = [column.heading for column in COLUMNS[FileKind(kind)]]
    return csv_response(f"{kind}.csv", headings, [])
