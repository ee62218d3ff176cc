"""Pages of the organisation: my work, the responsibility map, and one body."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organisation import clock, permissions
from organisation.access import Scope, require
from organisation.body_page import body_page
from organisation.forms import DayForm
from organisation.models import SeatKind
from organisation.requests import PersonRequest, municipality_of
from organisation.responsibility import who_answers, who_handles
from organisation.responsibility_map import draw_map
from organisation.starts import starts_for
from organisation.work import in_groups, work_for


@login_required
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """What waits for the person, and what they may begin."""
    items = work_for(request.user)
    context = {"groups": in_groups(items), "items": items, "starts": starts_for(Scope.of(request.user))}
    return render(request, "organisation/home.html", context | {"today": clock.today()})


@login_required
@require_safe
def responsibility_map(request: PersonRequest, *, only_vacant: bool = False) -> HttpResponse:
    """The tree of a day with every seat: who holds it, or since when it is vacant and who answers."""
    require(request.user, permissions.VIEW_BODY)
    form = DayForm(request.GET or None)
    drawn = draw_map(municipality_of(request), form.day(), only_vacant=only_vacant)
    context = {"map": drawn, "form": form, "only_vacant": only_vacant, "today": clock.today()}
    return render(request, "organisation/map.html", context)


@login_required
@require_safe
def body(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One body: who answers for what, with the trail of empty seats, and its place in the tree."""
    scope = Scope.of(request.user)
    found = get_object_or_404(scope.bodies(permissions.VIEW_BODY), public_id=public_id)
    today = clock.today()
    answers = [
        ("handles", who_handles(found, today)),
        ("coordinates", who_answers(found, SeatKind.DEPARTMENT_COORDINATOR, today)),
        ("local", who_answers(found, SeatKind.UNIT_OMBUD, today)),
    ]
    placement = found.placements.in_force(today).select_related("parent").first()
    context = {"body": found, "answers": answers, "parent": placement.parent if placement else None, "today": today}
    return render(request, "organisation/body.html", context | body_page(found, today))
