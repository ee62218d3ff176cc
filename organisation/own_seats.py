"""The seats that a person holds today, read once per request."""

from typing import Any

from organisation import clock
from organisation.models import Appointment


def seats_of(user: Any) -> list[Appointment]:
    """Return the appointments of ``user`` that run today, with seat, its type and body; an employee's place too."""
    kept: list[Appointment] | None = getattr(user, "_seats", None)
    if kept is None:
        held = Appointment.objects.held(clock.today()).filter(person_id=user.pk, municipality=user.municipality)
        kept = user._seats = list(held.with_seat().order_by("pk"))
    return kept
