"""Reporting: choose the workplace, one screen that is enough, a second one for whoever wants, a check."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from incidents import services
from incidents.form_owner import UNNAMED, owner_of
from incidents.forms import DetailsForm, GoAlongForm, ReportForm, WorkplaceSearch
from incidents.models import Incident, ReportDraft
from incidents.opened import open_here
from incidents.permissions import REPORT_INCIDENT
from incidents.report_flow import (
    BUTTON,
    MAYBE_WHISTLEBLOWING,
    Reporting,
    key_of,
    reader_before,
    representatives_before,
    second_of,
)
from incidents.workplaces import own_workplaces, search_workplaces, workplace_of, workplace_without_login
from organisation.access import require
from organisation.errors import DomainError
from organisation.form_keys import form_key
from organisation.models import Body, User
from organisation.requests import PersonRequest, address_of


@login_required
@require_safe
def choose(request: PersonRequest) -> HttpResponse:
    """Choose the workplace; someone with one workplace is led straight to its form."""
    require(request.user, REPORT_INCIDENT)
    own = own_workplaces(request.user)
    if len(own) == 1 and not request.GET:
        return redirect("report:form", own[0].code)
    search = WorkplaceSearch(request.GET or None)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    found, more = search_workplaces(request.user, words) if words else ([], False)
    context = {"own": own, "search": search, "words": words, "found": found, "more": more}
    return render(request, "incidents/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def form(request: HttpRequest, report_code: str) -> HttpResponse:
    """The report's screens. What is sent after the session has ended waits for the same person."""
    mark = request.POST.get("person", "")
    owner = owner_of(mark)
    if owner is not None and owner != request.user:
        return _wait_for_owner(request, report_code, owner)
    reporting = _reporting(request, report_code, mark)
    if reporting is None:
        return _wait_for_owner(request, report_code, owner)
    if request.method == "POST":
        response = _step(request, reporting)
    elif reporting.body.report_code != report_code:
        response = redirect("report:form", reporting.body.report_code)
    else:
        response = _begin(request, reporting)
    # Also without log-in: what was typed must not be found in the browser's memory by whoever comes next.
    response["Cache-Control"] = "no-store, private"
    return response


def _reporting(request: HttpRequest, report_code: str, mark: str) -> Reporting | None:
    """Return who reports where: whoever is logged in, else somebody without log-in; none: a log-in is needed.

    A form that was shown without log-in names nobody, whoever has logged in here meanwhile. Raises ``Http404`` for
    somebody who is logged in and may not report there.
    """
    if request.user.is_authenticated and mark != UNNAMED:
        return Reporting(workplace_of(request.user, report_code), request.user, request.POST)
    body = workplace_without_login(report_code)
    return Reporting(body, None, request.POST) if body is not None else None


def _begin(request: HttpRequest, reporting: Reporting) -> HttpResponse:
    """Show the first screen, with what an expired session left behind."""
    drafts = ReportDraft.objects.visible_to(reporting.person) if reporting.person else None
    draft = drafts.filter(body=reporting.body).first() if drafts is not None else None
    begun: dict[str, Any] = {"submission_key": form_key(request), "person": reporting.mark}
    second = QueryDict(mutable=True)
    if draft is not None:
        begun |= draft.answers
        for name, values in draft.answers.get("second", {}).items():
            second.setlist(name, values)
    return _first(request, Reporting(reporting.body, reporting.person, second), ReportForm(initial=begun), draft=draft)


def _step(request: HttpRequest, reporting: Reporting) -> HttpResponse:
    """Go where the pressed button leads, but not past a screen on which something is wrong."""
    go = request.POST.get(BUTTON, "send")
    if go == "first":
        return _first(request, reporting, reporting.first_again())
    first = reporting.first()
    if not first.is_valid():
        return _first(request, reporting, first, status=422)
    kind = first.cleaned_data["kind"]
    if go == "more":
        return _second(request, reporting, first, reporting.details_again(kind))
    details = reporting.details(kind)
    if not details.is_valid():
        return _second(request, reporting, first, details, status=422)
    file = GoAlongForm(request.POST, request.FILES) if go == "send" else GoAlongForm()
    if go == "check" or (file.is_bound and not file.is_valid()):
        return _check(request, reporting, first, details, file)
    return _send(request, reporting, first, details, file)


def _send(
    request: HttpRequest, reporting: Reporting, first: ReportForm, details: DetailsForm, file: GoAlongForm
) -> HttpResponse:
    """Send the report and lead to its receipt; the file that goes along can't undo it."""
    try:
        incident = reporting.send(first, details, address=address_of(request))
    except DomainError as error:
        first.add_error(None, str(error))
        return _first(request, reporting, first, status=422)
    if reporting.person is None:
        open_here(request, incident)
    if upload := file.cleaned_data.get("upload"):
        try:
            services.attach_file(incident=incident, upload=upload, by=reporting.person, from_reporter=True)
        except DomainError as refusal:
            messages.warning(request, str(refusal))
    return redirect("report:receipt", incident.public_id)


def _first(
    request: HttpRequest,
    reporting: Reporting,
    shown: ReportForm,
    *,
    draft: ReportDraft | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = reader_before(reporting.body, reporting.person)
    context = reporting.page(form=shown, draft=draft, reader=reader, carried=reporting.of_second())
    return render(request, "incidents/report.html", context, status=status)


def _second(
    request: HttpRequest, reporting: Reporting, first: ReportForm, shown: DetailsForm, *, status: int = 200
) -> HttpResponse:
    context = reporting.page(
        form=shown,
        carried=reporting.of_first(),
        kind=first.kind_in_words(),
        opens=shown.opens(),
        reader=_reader(reporting, first),
        told_too=representatives_before(reporting.body, reporting.person),
        maybe_whistleblowing=first.cleaned_data["kind"] in MAYBE_WHISTLEBLOWING,
    )
    return render(request, "incidents/report_more.html", context, status=status)


def _check(
    request: HttpRequest, reporting: Reporting, first: ReportForm, details: DetailsForm, file: GoAlongForm
) -> HttpResponse:
    context = reporting.page(
        form=file,
        carried=[*reporting.of_first(), *reporting.of_second()],
        told=list(first.in_words()),
        answered=list(details.in_words()),
        said_of_self=[value for value in details.said_of_self().values() if value],
        reader=_reader(reporting, first),
        told_too=representatives_before(reporting.body, reporting.person),
    )
    return render(request, "incidents/report_check.html", context, status=422 if file.errors else 200)


def _reader(reporting: Reporting, first: ReportForm) -> Any:
    not_the_manager = first.cleaned_data["keep_from_manager"]
    return reader_before(reporting.body, reporting.person, not_the_manager=not_the_manager)


def _wait_for_owner(request: HttpRequest, report_code: str, owner: User | None) -> HttpResponse:
    """Keep what was typed for the form's owner, and ask whoever is here to log in or begin anew."""
    here = reverse("report:form", args=[report_code])
    if request.method == "POST" and owner is not None:
        here = _keep(ReportForm(request.POST), workplace_of(owner, report_code), owner, request.POST)
    if request.user.is_authenticated:
        messages.warning(request, _("The form was opened by someone else. Begin anew."))
        return redirect("report:choose")
    return redirect_to_login(here)


def _keep(shown: ReportForm, body: Body, owner: User, sent: QueryDict) -> str:
    """Keep the draft and return where it is shown again; a report that was sent already leads to its receipt."""
    answers = shown.answers() | {"second": second_of(sent)}
    key = key_of(shown, sent)
    already = Incident.objects.visible_to(owner).reported_by(owner).filter(submission_key=key).first()
    if already is not None:
        return reverse("report:receipt", args=[already.public_id])
    services.keep_draft(body=body, person=owner, answers=answers)
    return reverse("report:form", args=[body.report_code])
