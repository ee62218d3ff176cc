"""The meetings of a group: notes with decisions and actions, written and read."""

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
from organisation.forms.group_meetings import MeetingForms
from organisation.group_conflicts import meeting_differences, with_edit_count
from organisation.groups import groups_seen, meetings_seen
from organisation.models import GroupMeeting
from organisation.pages.meeting import meeting_page
from organisation.permissions import RUN_GROUP
from organisation.requests import PersonRequest
from organisation.services.group_meetings import MeetingChanged
from organisation.services.group_meetings import edit_meeting as save_meeting
from organisation.services.group_meetings import record_meeting as write_meeting

PAGE_METHODS = ["GET", "HEAD", "POST"]


def _seen(request: PersonRequest, public_id: uuid.UUID) -> GroupMeeting:
    rows = meetings_seen(request.user).select_related("body__municipality", "written_by")
    return get_object_or_404(rows, public_id=public_id)


@login_required
@require_safe
def meeting(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The notes of one meeting, its decisions and what came of its actions."""
    found = _seen(request, public_id)
    context = meeting_page(found) | {"on": clock.today(), "group": found.body}
    context["runs"] = Scope.of(request.user).allows(RUN_GROUP, found.body)
    return render(request, "organisation/groups/meeting.html", context)


@login_required
@require_http_methods(PAGE_METHODS)
def new_meeting(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write the notes of a meeting."""
    group = get_object_or_404(groups_seen(request.user).select_related("municipality"), public_id=public_id)
    require(request.user, RUN_GROUP, group)
    sent = request.POST if request.method == "POST" else None
    forms = MeetingForms(sent, group=group, user=request.user, begun=form_key(request))
    if sent is not None and forms.are_valid():
        key = submission_key(forms.notes.cleaned_data["submission_key"], sent)
        try:
            made = write_meeting(group=group, values=forms.values(), submission_key=key, by=request.user)
        except DomainError as error:
            forms.notes.add_error(None, str(error))
        else:
            messages.success(request, _("The notes are saved."))
            return redirect("organisation:group_meeting", made.public_id)
    return _form_page(request, forms, {"group": group})


@login_required
@require_http_methods(PAGE_METHODS)
def edit_meeting(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the notes of a meeting; whoever saves last is shown both versions."""
    found = _seen(request, public_id)
    require(request.user, RUN_GROUP, found.body)
    sent = request.POST if request.method == "POST" else None
    forms = MeetingForms(sent, group=found.body, user=request.user, meeting=found)
    context: dict[str, Any] = {"group": found.body, "meeting": found}
    if sent is not None and forms.are_valid():
        values, expected = forms.values(), forms.notes.cleaned_data["edit_count"] or 0
        try:
            save_meeting(meeting=found, values=values, expected_edit_count=expected, by=request.user)
        except MeetingChanged as error:
            forms.notes.add_error(None, str(error))
            context["differences"] = meeting_differences(error.saved, values)
            with_edit_count(forms.notes, error.saved.edit_count)
        except DomainError as error:
            forms.notes.add_error(None, str(error))
        else:
            messages.success(request, _("The notes are saved."))
            return redirect("organisation:group_meeting", found.public_id)
    return _form_page(request, forms, context)


def _form_page(request: PersonRequest, forms: MeetingForms, context: dict[str, Any]) -> HttpResponse:
    """Show the form; 422 when something that was sent is wrong, 200 while it is still filled in."""
    failed = any(form.is_bound and not form.is_valid() for form in forms.all) and not forms.notes.is_searching
    shown = {"form": forms.notes, "decisions": forms.decisions, "actions": forms.actions}
    return render(request, "organisation/groups/meeting_form.html", context | shown, status=422 if failed else 200)
