"""Handing a plan in for decision on a check page, and taking it back before the meeting has decided."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplans import services
from actionplans.forms import SubmitForm, WithdrawForm
from actionplans.models import PlanVersion, VersionState
from actionplans.paper import paper_of
from actionplans.permissions import SUBMIT_PLAN
from actionplans.snapshot import content_of
from actionplans.views.drafting import PAGE_METHODS, refused
from actionplans.views.fetching import plan_seen
from actionplans.wording import differences
from organisation.access import require
from organisation.errors import DomainError
from organisation.requests import PersonRequest


@login_required
@require_http_methods(PAGE_METHODS)
def submit(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the plan as it will be frozen, and submit exactly that."""
    plan = plan_seen(request, public_id)
    require(request.user, SUBMIT_PLAN, plan)
    draft = plan.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        return redirect("actionplans:plan", plan.public_id)
    draft.plan = plan
    form = SubmitForm(request.POST or None)
    changed: list[Any] = []
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            services.submit_plan(plan=plan, by=request.user, seen=seen)
        except services.PlanChanged as error:
            changed = differences(error.changes, seen, content_of(draft))
            refused(form, error)
        except services.Incomplete as error:
            for problem in error.problems:
                form.add_error(None, problem)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The plan is submitted. Those who meet have been told."))
            return redirect("actionplans:plan", plan.public_id)
    return render(request, "actionplans/submit.html", _check(draft, form, changed), status=422 if form.errors else 200)


def _check(draft: PlanVersion, form: SubmitForm, changed: list[Any]) -> dict[str, Any]:
    """Return the check page's context; what is shown now is what the next sending stands for."""
    content = content_of(draft)
    fresh = SubmitForm(initial=SubmitForm.initial_of(content))
    return {
        "plan": draft.plan,
        "version": draft,
        "form": form,
        "fresh": fresh,
        "paper": paper_of(content),
        "problems": services.missing_in(draft),
        "untied": [measure.what for measure in content.measures if not measure.risks],
        "differences": changed,
    }


@login_required
@require_http_methods(PAGE_METHODS)
def withdraw(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a submitted plan back to draft, with a reason."""
    plan = plan_seen(request, public_id)
    require(request.user, SUBMIT_PLAN, plan)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_plan(plan=plan, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The plan is a draft again."))
            return redirect("actionplans:plan", plan.public_id)
    context = {"plan": plan, "form": form}
    return render(request, "actionplans/withdraw.html", context, status=422 if form.errors else 200)
