"""Import of cases from another system: the file, how it is read, what it would write, and writing or discarding it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents.arriving.page import UNDER_WAY, imports_seen, listed, problem_lines, progress_of, run_page
from incidents.arriving.sheet import MOST_ROWS
from incidents.forms.importing import CaseFileForm, ConfirmCasesForm, MappingForm
from incidents.models import CaseImport
from incidents.permissions import IMPORT_CASES
from incidents.services import importing as services
from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.export import csv_response
from organisation.form_keys import form_key
from organisation.keyset import keyset_page, steps_around
from organisation.requests import PersonRequest, municipality_of

PAGE_METHODS = ["GET", "HEAD", "POST"]
NEWEST_FIRST = ("-at", "-pk")


@login_required
@require_http_methods(PAGE_METHODS)
def imports(request: PersonRequest) -> HttpResponse:
    """Every import so far, and the form that gives a new file."""
    require(request.user, IMPORT_CASES)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"submission_key": form_key(request)}
    form = CaseFileForm(*given, municipality=municipality_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("incidents:import", _start(request, form).public_id)
        except DomainError as error:
            form.add_error("name", str(error))
    page = keyset_page(imports_seen(request.user), order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context = {"form": form, "rows": [listed(run) for run in page.rows], "most_rows": MOST_ROWS}
    status = 422 if form.errors else 200
    return render(request, "incidents/importing/list.html", context | steps_around(request, page), status=status)


@login_required
@require_http_methods(PAGE_METHODS)
def import_run(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One import: how far it has come, what it would write, and the buttons that write or discard it."""
    run = get_object_or_404(imports_seen(request.user), public_id=public_id)
    if request.method == "POST":
        return _decide(request, run)
    job = progress_of(run)
    if request.headers.get("HX-Request") == "true":
        done = sum(part["done"] for part in job["parts"])
        context = {"job": job, "parts": job["parts"], "done": done, "all": len(job["parts"])}
        return render(request, "components/progress_parts.html", context)
    if run.state in UNDER_WAY:
        return render(request, "incidents/importing/under_way.html", {"run": run, "job": job})
    form = ConfirmCasesForm(initial={"digest": run.digest})
    return render(request, "incidents/importing/run.html", run_page(run) | {"form": form})


@login_required
@require_http_methods(PAGE_METHODS)
def import_mapping(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """How the columns and the words of the file are read; saved under the mapping's name, and read anew."""
    run = get_object_or_404(imports_seen(request.user), public_id=public_id)
    form = MappingForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_mapping(run=run, columns=form.columns(), words=form.words(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("incidents:import", run.public_id)
    context = {"run": run, "form": form}
    return render(request, "incidents/importing/mapping.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def import_errors(request: PersonRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """What is wrong with the file, as a file."""
    run = get_object_or_404(imports_seen(request.user), public_id=public_id)
    header = [_("Line"), _("Column"), _("What is wrong"), _("What would be right")]
    return csv_response("import-errors.csv", header, problem_lines(run))


def _start(request: PersonRequest, form: CaseFileForm) -> CaseImport:
    answers: dict[str, Any] = form.cleaned_data
    common = {"municipality": municipality_of(request), "file": answers["file"], "by": request.user}
    key = form.key()
    mapping = answers["mapping"] or services.new_mapping(name=answers["name"], system=answers["system"], **common)
    return services.start_case_import(mapping=mapping, submission_key=key, **common)


def _decide(request: PersonRequest, run: CaseImport) -> HttpResponse:
    """Discard the run, or have it written as it was shown."""
    discard = "discard" in request.POST
    try:
        if discard:
            services.discard_case_import(run=run, by=request.user)
        else:
            services.confirm_case_import(run=run, digest=request.POST.get("digest", ""), by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("incidents:imports" if discard else "incidents:import", *([] if discard else [run.public_id]))
