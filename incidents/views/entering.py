"""Entering what came by phone or on paper: the workplace, two screens, and what the reporter is told."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from incidents import services
from incidents.arriving.paper import paper_form
from incidents.forms import DetailsForm, WorkplaceSearch
from incidents.forms.entering import EnterForm
from incidents.models import Incident, IncidentKind
from incidents.permissions import ENTER_REPORT
from incidents.services import entering
from incidents.services.codes import code_of, grouped
from incidents.views.fetching import case_seen
from incidents.workplaces import workplaces_to_enter
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError
from organisation.form_keys import form_key, submission_key
from organisation.keyset import keyset_page, steps_around
from organisation.models import Body
from organisation.requests import PersonRequest
from organisation.searching import holding
from safety_portal.pdf import render_pdf

BY_NAME = ("name", "pk")
SECOND = f"{DetailsForm.prefix}-"
NOT_CARRIED = ("csrfmiddlewaretoken", "go")


@login_required
@require_safe
def enter_where(request: PersonRequest) -> HttpResponse:
    """The workplaces for which the person enters reports, by name; someone with one is led straight to it."""
    require(request.user, ENTER_REPORT)
    search = WorkplaceSearch(request.GET or None)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    bodies = workplaces_to_enter(request.user)
    page = keyset_page(
        bodies.filter(holding(words, "name")) if words else bodies, order=BY_NAME, cursor=request.GET.get("page")
    )
    if len(page.rows) == 1 and not request.GET:
        return redirect("incidents:enter", page.rows[0].public_id)
    context = {"search": search, "words": words, "page": page} | steps_around(request, page)
    return render(request, "incidents/entering/where.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def enter(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """How it came and what happened; then the questions of its kind. Each screen carries the other's answers."""
    body = _workplace(request, public_id)
    if request.method != "POST":
        return _first(request, body, EnterForm(municipality=body.municipality, initial=_begun(request)))
    first = EnterForm(request.POST, municipality=body.municipality)
    go = request.POST.get("go", "save")
    if not first.is_valid() or go == "first":
        return _first(request, body, first, status=422 if first.errors else 200)
    about: dict[str, Any] = {"asked": services.set_for(body.municipality, first.cleaned_data["kind"]), "unnamed": False}
    if go == "more":
        return _second(request, body, first, DetailsForm.typed(request.POST, **about))
    details = DetailsForm(request.POST, **about)
    if not details.is_valid():
        return _second(request, body, first, details, status=422)
    return _save(request, body, first, details)


@login_required
@require_safe
def entered(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the reporter is given: number and code; shown to the one who entered it, that day."""
    found = case_seen(request, public_id)
    if not entering.was_entered_by(found, request.user) or found.reported_on != clock.today():
        raise Http404
    context = {"case": found, "code": grouped(code_of(found))}
    response = render(request, "incidents/entering/entered.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


@login_required
@require_safe
def enter_paper(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The workplace's form to print: one sheet, both sides."""
    body = _workplace(request, public_id)
    title = _("Report at %(body)s") % {"body": body.name}
    content = render_pdf("print/paper_form.html", paper_form(body), title=title, lang=get_language() or "sv")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{body.report_code}-form.pdf"'
    return response


def _workplace(request: PersonRequest, public_id: uuid.UUID) -> Body:
    return get_object_or_404(workplaces_to_enter(request.user), public_id=public_id)


def _begun(request: PersonRequest) -> dict[str, Any]:
    return {"submission_key": form_key(request)}


def _first(request: PersonRequest, body: Body, form: EnterForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "body": body, "carried": _carried(request, second=True)}
    return _private(render(request, "incidents/entering/first.html", context, status=status))


def _second(
    request: PersonRequest, body: Body, first: EnterForm, details: DetailsForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": details,
        "body": body,
        "kind": IncidentKind(first.cleaned_data["kind"]).label,
        "opens": details.opens(),
        "carried": _carried(request, second=False),
    }
    return _private(render(request, "incidents/entering/second.html", context, status=status))


def _save(request: PersonRequest, body: Body, first: EnterForm, details: DetailsForm) -> HttpResponse:
    """Write the report down; a case that is kept from whoever entered it is told by its number alone."""
    told = request.POST.copy()
    # Whichever button sent it.
    told.pop("go", None)
    key = submission_key(first.cleaned_data["submission_key"], told)
    try:
        case = entering.enter_report(
            body=body,
            told=first.told(),
            told_by=first.told_by(),
            answers=details.answers(),
            by=request.user,
            submission_key=key,
        )
    except DomainError as error:
        first.add_error(None, str(error))
        return _first(request, body, first, status=422)
    if Incident.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect("incidents:entered", case.public_id)
    words = {"number": case.label}
    messages.success(
        request, _("Report %(number)s is recorded. It is kept from you, so somebody else reads it.") % words
    )
    return redirect("incidents:enter_where")


def _carried(request: PersonRequest, *, second: bool) -> list[tuple[str, str]]:
    """Return name and value of what the other screen holds, for hidden fields."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_CARRIED and name.startswith(SECOND) == second
        for value in values
        if value
    ]


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
