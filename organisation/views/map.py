"""The responsibility map."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organisation import permissions
from organisation.access import Scope, require
from organisation.forms.days import MapForm
from organisation.map.branches import ResponsibilityMap
from organisation.models import Seat
from organisation.pages.vacancies import Asked, counted
from organisation.requests import PersonRequest, municipality_of


@login_required
@require_safe
def responsibility_map(request: PersonRequest) -> HttpResponse:
    """The tree of a day with every seat: who holds it, or since when it is vacant and who answers.

    With ``?root=`` what stands below one body: a page, or for htmx the piece that is folded out in place.
    """
    require(request.user, permissions.VIEW_BODY)
    form = MapForm(request.GET)
    drawn = ResponsibilityMap(municipality_of(request), form.day())
    if "root" in request.GET:
        return _branch(request, form, drawn)
    municipality, on = drawn.municipality, drawn.on
    number, oldest = counted(Asked(municipality, on).rows())
    context = {
        "form": form,
        "on": on,
        "is_today": drawn.is_today,
        "number": number,
        "days": (on - oldest).days if oldest else None,
        "seats": municipality.seats_to_hold if drawn.is_today else _seats_on(request, form),
        "branch": drawn.first_screen(start=form.cleaned_data.get("start") or 0),
    }
    return render(request, "organisation/map.html", context, status=422 if form.errors else 200)


def _seats_on(request: PersonRequest, form: MapForm) -> int:
    return Seat.objects.to_be_held(form.day()).filter(municipality=request.user.municipality).count()


def _branch(request: PersonRequest, form: MapForm, drawn: ResponsibilityMap) -> HttpResponse:
    """What stands below one body."""
    visible = Scope.of(request.user).bodies(permissions.VIEW_BODY)
    asked = form.cleaned_data
    root = get_object_or_404(visible, public_id=asked.get("root"))
    branch = drawn.branch(root, start=asked.get("start") or 0)
    context: dict[str, Any] = {"root": root, "on": drawn.on, "is_today": drawn.is_today, "branch": branch}
    context["level"] = asked.get("level") or 2
    template = "organisation/_map_branch.html" if getattr(request, "htmx", False) else "organisation/map_branch.html"
    return render(request, template, context)
