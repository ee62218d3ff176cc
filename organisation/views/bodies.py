"""One body: who answers, its seats, its place in the tree, and what has become of it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organisation import clock, permissions
from organisation.access import Scope
from organisation.forms.days import DayForm
from organisation.pages.body import body_page
from organisation.pages.body_story import body_story, called_on
from organisation.pages.union import at_body
from organisation.requests import PersonRequest


@login_required
@require_safe
def body(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One body on any date: who answers for what, with the trail of empty seats, its place, and its story."""
    scope = Scope.of(request.user)
    seen = scope.bodies(permissions.VIEW_BODY).select_related("municipality", "successor")
    found = get_object_or_404(seen, public_id=public_id)
    form, today = DayForm(request.GET or None), clock.today()
    on = form.day()
    placement = found.placements.in_force(on).select_related("parent").first()
    context = {
        "body": found,
        "name": called_on(found, on),
        "parent": placement.parent if placement else None,
        "form": form,
        "on": on,
        "today": today,
        "is_there": found.is_in_force(on),
        "may_administer": scope.allows(permissions.ADMINISTER, found),
    }
    context |= body_page(found, on) | at_body(found, request.user, today) | body_story(found)
    return render(request, "organisation/body.html", context, status=422 if form.errors else 200)
