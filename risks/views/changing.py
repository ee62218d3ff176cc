"""Changing a risk: judge it anew, edit it, close it and open it again.

Two people may have the same risk open. Who saves last is shown both versions, and chooses.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.models import Incident
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, StaleVersion
from organisation.requests import PersonRequest
from risks import services
from risks.conflicts import Difference, description_differences, judgement_differences, with_version
from risks.forms import AssessForm, EditRiskForm, ReasonForm
from risks.models import Risk
from risks.permissions import CHANGE_RISK
from risks.vocabulary import Words


def _open(request: PersonRequest, public_id: uuid.UUID) -> tuple[Risk, Words]:
    """Return the risk that the person may change, and the municipality's words; 404 unseen, 403 seen only."""
    visible = Risk.objects.visible_to(request.user).with_levels().select_related("municipality")
    risk = get_object_or_404(visible, public_id=public_id)
    require(request.user, CHANGE_RISK, risk)
    return risk, Words.read(risk.municipality, clock.today())


def _saved(request: PersonRequest, risk: Risk, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("risks:risk", public_id=risk.public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Judge a risk anew: as it is with measures, without them, or as it should become."""
    risk, words = _open(request, public_id)
    form = AssessForm(request.POST or None, initial={"version": risk.version}, words=words)
    context: dict[str, Any] = {"form": form, "risk": risk, "words": words}
    if request.method != "POST":
        return render(request, "risks/assess.html", context)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            services.assess_risk(
                risk=risk,
                stage=asked["stage"],
                likelihood=asked["likelihood"],
                consequences=form.consequences,
                note=asked["note"],
                by=request.user,
                expected_version=asked["version"],
                submission_key=asked["submission_key"],
            )
            return _saved(request, risk, _("The judgement is saved."))
        except StaleVersion as error:
            context |= _conflict(request, form, error, risk.pk, judgement_differences)
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "risks/assess.html", context, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what is said of a risk."""
    risk, words = _open(request, public_id)
    seen = list(Incident.objects.visible_to(request.user).filter(grounded_risks__risk=risk).order_by("year", "number"))
    form = EditRiskForm(request.POST or None, initial=_as_it_is(risk, seen), user=request.user, words=words, risk=risk)
    context: dict[str, Any] = {"form": form, "risk": risk}
    if request.method != "POST":
        return render(request, "risks/edit.html", context)
    if form.is_valid():
        try:
            services.edit_risk(**_edited(form), risk=risk, by=request.user)
            return _saved(request, risk, _("The change is saved."))
        except StaleVersion as error:
            context |= _conflict(request, form, error, risk.pk, description_differences)
            if not context["differences"]:
                # The same form sent twice, or two people who wrote the same.
                return _saved(request, risk, _("The change is saved."))
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "risks/edit.html", context, status=422)


def _as_it_is(risk: Risk, grounds: list[Incident]) -> dict[str, Any]:
    names = ("title", "body", "area", "protected_value", "horizon", "serious", "description", "version")
    return {name: getattr(risk, name) for name in names} | {"grounds": ", ".join(case.label for case in grounds)}


def _edited(form: EditRiskForm) -> dict[str, Any]:
    """Return the answers as the service takes them; what the municipality has no words for is not asked."""
    asked = form.cleaned_data
    return {
        "title": asked["title"],
        "body": asked["body"],
        "area": asked.get("area"),
        "protected_value": asked.get("protected_value"),
        "horizon": asked["horizon"],
        "serious": asked["serious"],
        "description": asked["description"],
        "incidents": asked["grounds"],
        "expected_version": asked["version"],
    }


def _conflict(
    request: PersonRequest,
    form: forms.Form,
    error: StaleVersion,
    risk_id: int,
    compare: Callable[[Any, Risk], list[Difference]],
) -> dict[str, Any]:
    """Return both versions for the page; the form, sent again, is then saved over the newer one."""
    newest = Risk.objects.visible_to(request.user).with_levels().get(pk=risk_id)
    form.add_error(None, str(error))
    differences = compare(form, newest)
    with_version(form, newest.version)
    return {"differences": differences, "risk": newest}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close a risk, with the reason."""
    return _change_state(request, public_id, services.close_risk, _("The risk is closed."), closing=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open a closed risk again, with the reason."""
    return _change_state(request, public_id, services.reopen_risk, _("The risk is open again."), closing=False)


def _change_state(
    request: PersonRequest, public_id: uuid.UUID, service: Callable[..., Risk], done: str, *, closing: bool
) -> HttpResponse:
    risk, _words = _open(request, public_id)
    if risk.is_open is not closing:
        # Somebody else was first, or the button was pressed twice.
        messages.info(request, _("The risk is open.") if risk.is_open else _("The risk is closed."))
        return redirect("risks:risk", public_id=risk.public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, service(risk=risk, reason=form.cleaned_data["reason"], by=request.user), done)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "risk": risk, "closing": closing}
    return render(request, "risks/state.html", context, status=422 if request.method == "POST" else 200)
