"""The start page: what waits for the person, and what they may begin."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import Scope
from organisation.models import SeatKind
from organisation.own_seats import seats_of
from organisation.pages.group import listed_groups
from organisation.permissions import VIEW_BODY
from organisation.requests import PersonRequest
from organisation.starts import starts_for
from organisation.work import in_groups, work_for


@login_required
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """What waits for the person, and what they may begin; why there is nothing, for one who holds no seat."""
    scope = Scope.of(request.user)
    items = work_for(request.user)
    if scope.is_empty and request.user.municipality is not None:
        return render(request, "organisation/no_seat.html", {"items": items})
    seats = [held for held in seats_of(request.user) if held.seat.seat_type.kind != SeatKind.EMPLOYEE]
    context = {"groups": in_groups(items), "items": items, "starts": starts_for(scope), "seats": seats}
    context["sees_seats"] = scope.holds(VIEW_BODY)
    # People from outside have no other way in.
    context["own_groups"] = [] if context["sees_seats"] else listed_groups(request.user, clock.today())
    return render(request, "organisation/home.html", context | {"today": clock.today()})
