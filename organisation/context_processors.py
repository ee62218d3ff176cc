"""What every page needs: municipality, menu, and whether this is a demo."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from organisation import clock
from organisation.access import Scope
from organisation.models import Appointment, SeatKind
from organisation.navigation import links_for


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return ``municipality``, ``nav``, ``user_title`` and ``is_demo`` for the page; lazily, nothing for JSON."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.municipality is None:
        municipality = getattr(request, "municipality", None)
        return {"municipality": municipality, "nav": [], "is_demo": bool(municipality and municipality.is_demo)}
    return {
        "municipality": user.municipality,
        "nav": links_for(Scope.of(user), request.path),
        "user_name": user.name,
        # Asked for once, however often the page names it; nothing for a page that doesn't.
        "user_title": cache(lambda: title_of(user)),
        "home_url": reverse("home"),
        "is_demo": user.municipality.is_demo,
    }


def title_of(user: Any) -> str:
    """Return the title of the seat that the person holds today (the first one, employee last)."""
    held = Appointment.objects.in_force(clock.today()).filter(person=user).order_by("pk")
    seats = held.values_list("seat__seat_type__kind", "seat__seat_type__title")
    titles = [title for kind, title in sorted(seats, key=lambda seat: seat[0] == SeatKind.EMPLOYEE)]
    return titles[0] if titles else ""
