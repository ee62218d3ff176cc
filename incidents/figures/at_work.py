"""What those who work somewhere may know of how much is reported there."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef

from incidents.models import Incident, IncidentState, Withheld
from organisation import clock
from organisation.models import Appointment, User
from organisation.suppression import Part, published

DAYS = 365


@dataclass(frozen=True)
class AtWork:
    """The last twelve months at one workplace; a count is none when it is small enough to point somebody out."""

    body: str
    reported: int | None
    answered: int | None


def counts_at_work(person: User) -> list[AtWork]:
    """Return how many events were reported, and how many cases closed, where the person holds a seat today.

    Two queries. Where nothing was reported the workplace is left out.
    """
    today = clock.today()
    held = Appointment.objects.in_force(today).filter(person=person)
    bodies = dict(held.values_list("seat__body_id", "seat__body__name"))
    counted = (
        Incident.objects.filter(body_id__in=bodies)
        .filter(occurred_on__gt=today - timedelta(days=DAYS))
        .counted()
        .exclude(Exists(Withheld.objects.filter(incident=OuterRef("pk"), person_id=person.pk)))
        .order_by()
        .values_list("body_id", "state")
        .annotate(n=Count("pk"))
    )
    totals: dict[int, dict[str, int]] = {}
    for body_id, state, n in counted:
        totals.setdefault(body_id, {})[state] = n
    return [_shown(bodies[body_id], states) for body_id, states in totals.items()]


def _shown(body: str, states: dict[str, int]) -> AtWork:
    """Hide a small total, and the part that would tell it."""
    total, closed = sum(states.values()), states.get(IncidentState.CLOSED, 0)
    told = published(Part("all", total, [Part("closed", closed), Part("open", total - closed)]), public=True)
    return AtWork(body=body, reported=told["all"], answered=told["closed"])
