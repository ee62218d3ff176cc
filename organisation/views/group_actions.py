"""One action that a group agreed on: who does it, what became of it, and what can be made of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation import clock
from organisation.access import Scope
from organisation.action_ties import became_of, offers_for
from organisation.errors import DomainError, NotAllowed
from organisation.forms.groups import DoneForm
from organisation.groups import actions_seen, may_finish
from organisation.models import GroupAction
from organisation.pages.meeting import doer_name
from organisation.permissions import VIEW_GROUP
from organisation.requests import PersonRequest
from organisation.services import group_actions as services

PAGE_METHODS = ["GET", "HEAD", "POST"]


def _seen(request: PersonRequest, public_id: uuid.UUID) -> GroupAction:
    rows = actions_seen(request.user).select_related("meeting__body", "person", "seat__seat_type", "seat__body")
    return get_object_or_404(rows, public_id=public_id)


def _to_finish(request: PersonRequest, public_id: uuid.UUID) -> GroupAction:
    found = _seen(request, public_id)
    if not may_finish(request.user, found):
        raise NotAllowed
    return found


@login_required
@require_safe
def action(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One action: who sees to it and by when, where it was agreed, and what became of it."""
    found = _seen(request, public_id)
    context = {
        "action": found,
        "group": found.meeting.body,
        "doer": doer_name(found.person, found.seat),
        "is_late": found.is_late(clock.today()),
        "may_finish": may_finish(request.user, found),
        "sees_group": Scope.of(request.user).allows(VIEW_GROUP, found.meeting.body),
        "became": became_of(found, request.user),
        "offers": offers_for(found, request.user),
    }
    return render(request, "organisation/groups/action.html", context)


@login_required
@require_http_methods(PAGE_METHODS)
def action_done(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that an action is done."""
    found = _to_finish(request, public_id)
    form = DoneForm(request.POST or None, initial={"done_on": found.done_on or clock.today(), "note": found.note})
    if request.method == "POST" and form.is_valid():
        try:
            services.finish_action(action=found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The action is noted as done."))
            return redirect("organisation:group_action", found.public_id)
    context = {"form": form, "action": found, "group": found.meeting.body}
    return render(request, "organisation/groups/action_done.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def reopen_action(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take an action up again."""
    found = _to_finish(request, public_id)
    services.reopen_action(action=found, by=request.user)
    messages.success(request, _("The action is open again."))
    return redirect("organisation:group_action", found.public_id)
