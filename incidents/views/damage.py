"""Consequences, cost and claims of one case, and the deductible that the fund pays."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.case.damage import damage_form, damage_page, pay_page, way_to_damage
from incidents.errors import FundWouldBeNegative
from incidents.forms.damage import ClaimForm, PayForm
from incidents.models import Claim, Incident
from incidents.permissions import KEEP_FUND
from incidents.services import damage as services
from incidents.services import fund
from incidents.views.fetching import case_seen
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.form_keys import form_key, submission_key
from organisation.requests import PersonRequest

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(PAGE_METHODS)
def damage(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """How grave the event was and what it cost in each dimension, and the claims on the insurer."""
    found = _kept(request, public_id)
    form = damage_form(found, request.POST if request.method == "POST" else None)

    def change() -> None:
        services.judge_consequences(incident=found, judged=form.judged(), by=request.user)

    if request.method == "POST" and _done(request, form, change, _("The consequences and costs are saved.")):
        return redirect("incidents:damage", found.public_id)
    context = damage_page(found, request.user, form)
    return render(request, "incidents/damage/damage.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def claim_new(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin a claim on the insurer."""
    found = _kept(request, public_id)
    form = ClaimForm(request.POST or None)

    def change() -> None:
        services.open_claim(incident=found, values=form.values(), by=request.user)

    return _claim_step(request, found, form, change, _("New insurance claim"))


@login_required
@require_http_methods(PAGE_METHODS)
def claim(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down how a claim goes on."""
    found = _claim_kept(request, public_id)
    form = ClaimForm(request.POST or None, claim=found)

    def change() -> None:
        services.change_claim(claim=found, values=form.values(), by=request.user)

    return _claim_step(request, found.incident, form, change, _("Insurance claim"))


@login_required
@require_http_methods(PAGE_METHODS)
def claim_pay(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Pay a claim's deductible from the municipality's fund."""
    found = _claim_kept(request, public_id)
    require(request.user, KEEP_FUND, found.incident)
    form = PayForm(request.POST or None, initial={"submission_key": form_key(request), "on": clock.today()})

    def change() -> None:
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        told = {"on": form.cleaned_data["on"], "below_zero": form.cleaned_data["below_zero"]}
        fund.pay_deductible(claim=found, by=request.user, submission_key=key, **told)

    if request.method == "POST" and _done(request, form, change, _("The deductible is paid from the fund.")):
        return redirect("incidents:damage", found.incident.public_id)
    context = {"form": form} | pay_page(found, request.user)
    return render(request, "incidents/damage/pay.html", context, status=422 if form.errors else 200)


def _kept(request: PersonRequest, public_id: uuid.UUID) -> Incident:
    """Return a case whose damage the person keeps, or refuse at once."""
    found = case_seen(request, public_id)
    services.require_keeper(found, request.user)
    return found


def _claim_kept(request: PersonRequest, public_id: uuid.UUID) -> Claim:
    """Return a claim of a case whose damage the person keeps; a case that they don't see has none."""
    seen = Claim.objects.filter(incident__in=Incident.objects.visible_to(request.user))
    found = get_object_or_404(seen.select_related("incident__body", "incident__municipality"), public_id=public_id)
    services.require_keeper(found.incident, request.user)
    return found


def _claim_step(
    request: PersonRequest, found: Incident, form: ClaimForm, change: Callable[[], None], heading: str
) -> HttpResponse:
    if request.method == "POST" and _done(request, form, change, _("The claim is saved.")):
        return redirect("incidents:damage", found.public_id)
    context = {"case": found, "form": form, "heading": heading, "way_here": way_to_damage(found, request.user)}
    return render(request, "incidents/damage/claim.html", context, status=422 if form.errors else 200)


def _done(request: PersonRequest, form: Any, change: Callable[[], None], words: str) -> bool:
    """Make the change; on a mistake or a refusal leave it in the form."""
    if not form.is_valid():
        return False
    try:
        change()
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        if isinstance(error, FundWouldBeNegative):
            form.ask_again()
        return False
    messages.success(request, words)
    return True
