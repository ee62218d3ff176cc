"""Preparing a plan: begin it, say what it is called, add, edit and remove measures."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplans import services
from actionplans.content import measure_changes
from actionplans.forms import MeasureForm, NewPlanForm, PlanForm, RemoveForm, resource_formset
from actionplans.models import Measure, Plan, VersionState
from actionplans.permissions import CHANGE_PLAN
from actionplans.services import MeasureChanged, MeasureValues
from actionplans.snapshot import content_of_values, contents_of_measures
from actionplans.views.fetching import measure_seen, plan_seen
from actionplans.views.from_groups import begun_by_action
from actionplans.wording import Difference, differences
from organisation.access import require
from organisation.errors import DomainError
from organisation.form_keys import form_key, submission_key
from organisation.requests import PersonRequest

PAGE_METHODS = ["GET", "HEAD", "POST"]


def refused(form: BaseForm, error: DomainError) -> None:
    """Show a refusal at the form, with the answers kept."""
    form.add_error(None, str(error))


@login_required
@require_http_methods(PAGE_METHODS)
def new_plan(request: PersonRequest) -> HttpResponse:
    """Begin a plan of a body for a year."""
    require(request.user, CHANGE_PLAN)
    form = NewPlanForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.create_plan(**form.cleaned_data, by=request.user)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The plan has begun. Add what is to be done."))
            return redirect("actionplans:plan", plan.public_id)
    return render(request, "actionplans/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def edit_plan(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the title and the further points of the proposed decision."""
    plan = plan_seen(request, public_id)
    require(request.user, CHANGE_PLAN, plan)
    standing = {"title": plan.title, "further_points": plan.further_points, "edit_count": plan.edit_count}
    form = PlanForm(request.POST or None, initial=standing)
    context: dict[str, Any] = {"form": form, "plan": plan}
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            services.edit_plan(
                plan=plan,
                title=answers["title"],
                further_points=answers["further_points"],
                expected_edit_count=answers["edit_count"] or 0,
                by=request.user,
            )
        except services.PlanChanged as error:
            context["differences"] = _plan_differences(plan, answers)
            form.data = _with(form.data, edit_count=plan.edit_count)
            refused(form, error)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("actionplans:plan", plan.public_id)
    return render(request, "actionplans/edit.html", context, status=422 if form.errors else 200)


def _plan_differences(plan: Plan, answers: dict[str, Any]) -> list[Difference]:
    pairs = (
        (_("Title of the plan"), plan.title, answers["title"]),
        (_("Further points of the proposed decision"), plan.further_points, answers["further_points"]),
    )
    return [Difference(field, theirs, yours) for field, theirs, yours in pairs if theirs != yours]


@login_required
@require_http_methods(PAGE_METHODS)
def add_measure(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Add a measure to a plan; one that is made of a group's action begins with its words."""
    plan = plan_seen(request, public_id)
    require(request.user, CHANGE_PLAN, plan)
    data = request.POST or None
    begun = {"submission_key": form_key(request)} | begun_by_action(request)
    form = MeasureForm(data, initial=begun, plan=plan, user=request.user)
    resources = resource_formset(data, plan=plan)
    if request.method == "POST" and form.is_valid() & resources.is_valid():
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        try:
            services.add_measure(plan=plan, values=form.values(resources.lines()), by=request.user, submission_key=key)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The measure is added."))
            return redirect("actionplans:plan", plan.public_id)
    context = {"form": form, "resources": resources, "plan": plan}
    return render(request, "actionplans/measure.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def edit_measure(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Edit a measure; a decided plan gets its next version by the edit."""
    measure = _drafted(measure_seen(request, public_id))
    plan = measure.plan
    require(request.user, CHANGE_PLAN, plan)
    data = request.POST or None
    form = MeasureForm(data, plan=plan, user=request.user, measure=measure)
    resources = resource_formset(data, plan=plan, measure=measure)
    context: dict[str, Any] = {"form": form, "resources": resources, "plan": plan, "measure": measure}
    if request.method == "POST" and form.is_valid() & resources.is_valid():
        values = form.values(resources.lines())
        expected = form.cleaned_data["edit_count"] or 0
        try:
            services.edit_measure(measure=measure, values=values, expected_edit_count=expected, by=request.user)
        except MeasureChanged as error:
            context["differences"] = _measure_differences(error.saved, values)
            form.data = _with(form.data, edit_count=error.saved.edit_count)
            refused(form, error)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The measure is saved."))
            return redirect("actionplans:plan", plan.public_id)
    return render(request, "actionplans/measure.html", context, status=422 if request.method == "POST" else 200)


def _with(data: Any, **changed: Any) -> Any:
    """Return posted answers with some of them exchanged: the next sending is a choice made knowingly."""
    copy = data.copy()
    for name, value in changed.items():
        copy[name] = str(value)
    return copy


def _drafted(measure: Measure) -> Measure:
    """Return the row of the measure in the plan's draft when there is one: that is what an edit is about."""
    drafts = measure.plan.measures.filter(key=measure.key, version__state=VersionState.DRAFT)
    drafted = drafts.select_related("version", "responsible__seat_type", "area").first()
    if drafted is None:
        return measure
    drafted.plan = measure.plan
    return drafted


def _measure_differences(saved: Measure, values: MeasureValues) -> list[Difference]:
    theirs = contents_of_measures(saved.version)[str(saved.key)]
    yours = content_of_values(str(saved.key), values)
    labels = {str(risk.public_id): risk.label for risk in (*saved.risks.all(), *values.risks)}
    return differences(measure_changes(theirs, yours), names=labels)


@login_required
@require_http_methods(PAGE_METHODS)
def remove_measure(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a measure out of the draft, after a question."""
    measure = _drafted(measure_seen(request, public_id))
    require(request.user, CHANGE_PLAN, measure.plan)
    form = RemoveForm(request.POST or None, initial={"edit_count": measure.edit_count})
    if request.method == "POST" and form.is_valid():
        expected = form.cleaned_data["edit_count"]
        try:
            services.remove_measure(measure=measure, expected_edit_count=expected, by=request.user)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The measure is removed from the draft."))
            return redirect("actionplans:plan", measure.plan.public_id)
    context = {"form": form, "plan": measure.plan, "measure": measure}
    return render(request, "actionplans/remove.html", context, status=422 if form.errors else 200)
