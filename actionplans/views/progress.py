"""Noting how a promised measure goes."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplans import services
from actionplans.forms import ProgressForm
from actionplans.models import Measure, MeasureStatus, VersionState
from actionplans.services import may_note_progress
from actionplans.views.drafting import PAGE_METHODS, refused
from actionplans.views.fetching import measure_seen
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(PAGE_METHODS)
def note_progress(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say how far a measure of a plan in force has come, with a note; its earlier notes stand below."""
    measure = measure_seen(request, public_id)
    if measure.version.state != VersionState.IN_FORCE:
        return redirect("actionplans:plan", measure.plan.public_id)
    if not may_note_progress(request.user, measure):
        raise NotAllowed
    form = ProgressForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_progress(measure=measure, **form.cleaned_data, by=request.user)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The progress is noted."))
            return redirect("actionplans:version", measure.version.public_id)
    context = {"form": form, "measure": measure, "plan": measure.plan, "notes": notes_of(measure)}
    return render(request, "actionplans/progress.html", context, status=422 if form.errors else 200)


def notes_of(measure: Measure) -> list[dict[str, object]]:
    """Return what has been noted of the measure in all versions of its plan, newest first."""
    statuses = MeasureStatus.objects.filter(measure__plan=measure.plan, measure__key=measure.key)
    return [
        {"when": status.at, "who": status.by.name, "title": status.get_to_state_display(), "text": status.note}
        for status in statuses.select_related("by").order_by("-at", "-pk")
    ]
