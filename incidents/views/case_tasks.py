"""What is to be done in a case: the list, one more, and what came of each."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from incidents import services
from incidents.case.tasks import tasks_page
from incidents.forms import OutcomeForm, TaskForm
from incidents.line import those_who_may_have
from incidents.models import CaseTask, Incident
from incidents.sight import Sight
from incidents.views.fetching import case_to_handle
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new-text")
def tasks(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The tasks of a case, and the form of one more."""
    found = case_to_handle(request, public_id)
    if request.method == "GET":
        services.open_case(incident=found, by=request.user)
    if request.method != "POST":
        return _show(request, found)
    form = TaskForm(request.POST, among=those_who_may_have(found))
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("kind", "text", "due_on")}
        try:
            services.add_task(incident=found, **told, assigned_to=form.person(), by=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The task is added."))
            return redirect("incidents:tasks", found.public_id)
    return _show(request, found, new=form)


@login_required
@require_POST
@sensitive_post_parameters()
def end_task(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that one of the tasks is done, or not needed."""
    found = case_to_handle(request, public_id)
    task = found.tasks.filter(pk=_whole_number(request.POST.get("task"))).first()
    if task is None:
        messages.warning(request, _("That task is not here any more."))
        return redirect("incidents:tasks", found.public_id)
    form = OutcomeForm(request.POST, task=task)
    if form.is_valid():
        try:
            _end(task, form, request)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error("outcome", str(error))
        else:
            messages.success(request, _("It is noted what came of the task."))
            return redirect("incidents:tasks", found.public_id)
    return _show(request, found, ended=form)


def _end(task: CaseTask, form: OutcomeForm, request: PersonRequest) -> None:
    words = form.cleaned_data["outcome"]
    if "not_needed" in request.POST:
        services.drop_task(task=task, reason=words, by=request.user)
    else:
        number = form.cleaned_data.get("police_number", "")
        services.finish_task(task=task, outcome=words, police_number=number, by=request.user)


def _show(
    request: PersonRequest, found: Incident, *, new: TaskForm | None = None, ended: OutcomeForm | None = None
) -> HttpResponse:
    context = tasks_page(found, Sight.of(found, request.user), new=new, ended=ended)
    return render(request, "incidents/tasks/tasks.html", context, status=422 if new or ended else 200)


def _whole_number(words: str | None) -> int:
    """Return the task's number in the form; none of ours, when it is not a number."""
    return int(words) if words and words.isascii() and words.isdigit() and len(words) < 19 else 0
