"""Logging a risk on one page, and the level that the answers so far would give."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Incident
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError
from organisation.form_keys import ANOTHER, form_key, submission_key
from organisation.requests import PersonRequest
from risks import permissions
from risks.forms import JudgementForm, LogRiskForm, bodies_to_log_at
from risks.models import Risk
from risks.services import log_risk
from risks.vocabulary import Words


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Log a risk; "save and log another" keeps the unit."""
    require(request.user, permissions.ADD_RISK)
    words = Words.for_person(request.user, clock.today())
    if request.method != "POST":
        initial = {"submission_key": form_key(request)} | _prefilled(request)
        form = LogRiskForm(initial=initial, user=request.user, words=words)
        return render(request, "risks/new.html", {"form": form, "words": words})
    form = LogRiskForm(request.POST, user=request.user, words=words)
    if form.is_valid():
        try:
            key = submission_key(form.cleaned_data["submission_key"], request.POST)
            return _after(request, log_risk(**_answers(form), by=request.user, submission_key=key))
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "risks/new.html", {"form": form, "words": words}, status=422)


def _prefilled(request: PersonRequest) -> dict[str, Any]:
    """Return what the address asks to be filled in: a case that grounds the risk, and its unit or a unit."""
    initial: dict[str, Any] = {}
    bodies = bodies_to_log_at(request.user)
    visible = Incident.objects.visible_to(request.user)
    try:
        if (cited := request.GET.get("incident")) and (case := visible.filter(public_id=cited).first()):
            initial["grounds"] = case.label
            initial["body"] = bodies.filter(pk=case.body_id).first()
        elif asked := request.GET.get("body"):
            initial["body"] = bodies.filter(public_id=asked).first()
    except ValidationError:
        # An address that somebody has typed: there is nothing to fill in.
        return {}
    return {name: value for name, value in initial.items() if value is not None}


def _answers(form: LogRiskForm) -> dict[str, Any]:
    """Return the form's answers as the service takes them."""
    names = ("title", "body", "area", "protected_value", "horizon", "likelihood", "serious", "description")
    answers = {name: form.cleaned_data.get(name) for name in names}
    return answers | {
        "consequences": form.consequences,
        "incidents": form.cleaned_data["grounds"],
    }


def _after(request: PersonRequest, risk: Risk) -> HttpResponse:
    level = risk.level_now
    values = {"number": risk.label, "level": f"{level.number} {level.word}" if level else ""}
    messages.success(request, _("Risk %(number)s is logged. The level is %(level)s.") % values)
    if "again" in request.POST:
        return redirect(f"{reverse('risks:new')}?{urlencode({'body': str(risk.body.public_id), ANOTHER: '1'})}")
    return redirect("risks:risk", public_id=risk.public_id)


@login_required
@require_safe
def level(request: PersonRequest) -> HttpResponse:
    """The level that the answers so far would give: a piece of the page, fetched while the person answers."""
    require(request.user, permissions.VIEW_RISK)
    if not getattr(request, "htmx", False):
        return redirect("risks:new")
    form = JudgementForm(request.GET, words=Words.for_person(request.user, clock.today()))
    return render(request, "risks/_level.html", {"level": form.level})
