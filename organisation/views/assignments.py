"""What a group is asked to do: given, read, changed, done."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.errors import DomainError
from organisation.form_keys import form_key, submission_key
from organisation.forms.groups import AssignmentForm, OutcomeForm
from organisation.group_conflicts import assignment_differences, with_edit_count
from organisation.groups import assignments_seen, groups_seen
from organisation.models import Assignment
from organisation.permissions import RUN_GROUP
from organisation.requests import PersonRequest
from organisation.services.assignments import (
    AssignmentChanged,
    change_assignment,
    finish_assignment,
    give_assignment,
)

PAGE_METHODS = ["GET", "HEAD", "POST"]


def _seen(request: PersonRequest, public_id: uuid.UUID) -> Assignment:
    rows = assignments_seen(request.user).select_related("body__municipality")
    return get_object_or_404(rows, public_id=public_id)


def _to_run(request: PersonRequest, public_id: uuid.UUID) -> Assignment:
    """Return an assignment of a group that the person runs; 404 unseen, 403 seen only."""
    found = _seen(request, public_id)
    require(request.user, RUN_GROUP, found.body)
    return found


@login_required
@require_safe
def assignment(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One assignment: what it takes, who gave it, until when, and what came of it."""
    found = _seen(request, public_id)
    runs = Scope.of(request.user).allows(RUN_GROUP, found.body)
    context = {"assignment": found, "group": found.body, "runs": runs, "is_late": found.is_late(clock.today())}
    return render(request, "organisation/groups/assignment.html", context)


@login_required
@require_http_methods(PAGE_METHODS)
def new_assignment(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note what the group has been asked to do."""
    group = get_object_or_404(groups_seen(request.user).select_related("municipality"), public_id=public_id)
    require(request.user, RUN_GROUP, group)
    form = AssignmentForm(request.POST or None, initial={"submission_key": form_key(request)})
    if request.method == "POST" and form.is_valid():
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        try:
            given = give_assignment(group=group, values=form.values(), submission_key=key, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The assignment is noted."))
            return redirect("organisation:assignment", given.public_id)
    context = {"form": form, "group": group}
    return render(request, "organisation/groups/assignment_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def edit_assignment(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what an assignment says; whoever saves last is shown both texts."""
    found = _to_run(request, public_id)
    form = AssignmentForm(request.POST or None, assignment=found)
    context: dict[str, Any] = {"form": form, "group": found.body, "assignment": found}
    if request.method == "POST" and form.is_valid():
        expected = form.cleaned_data["edit_count"] or 0
        try:
            change_assignment(assignment=found, values=form.values(), expected_edit_count=expected, by=request.user)
        except AssignmentChanged as error:
            form.add_error(None, str(error))
            context["differences"] = assignment_differences(error.saved, form)
            with_edit_count(form, error.saved.edit_count)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("organisation:assignment", found.public_id)
    return render(request, "organisation/groups/assignment_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def assignment_done(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that an assignment is done, and what came of it."""
    found = _to_run(request, public_id)
    begun = {"done_on": found.done_on or clock.today(), "outcome": found.outcome}
    form = OutcomeForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            finish_assignment(assignment=found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The assignment is noted as done."))
            return redirect("organisation:assignment", found.public_id)
    context = {"form": form, "group": found.body, "assignment": found}
    return render(request, "organisation/groups/assignment_done.html", context, status=422 if form.errors else 200)
