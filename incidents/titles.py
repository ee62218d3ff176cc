"""Under which title people acted on a day: what the reporter is told of who read, what a decision is signed with."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from organisation.models import Appointment, Body, BodyClosure, User


def titles_of(people: Collection[int], body: Body, on: date) -> dict[int, str]:
    """Return person's id → "title, body" of the seat they held on the day ``on``; two queries.

    A seat at ``body``, or above it, comes before one elsewhere. Who held none is left out.
    """
    line = set(BodyClosure.objects.filter(descendant=body).values_list("ancestor_id", flat=True)) | {body.pk}
    held = Appointment.objects.in_force(on).filter(person_id__in=people, municipality_id=body.municipality_id)
    found: dict[int, list[tuple[bool, int, str]]] = defaultdict(list)
    columns = ("pk", "person_id", "seat__body_id", "seat__seat_type__title", "seat__body__name")
    for pk, person_id, body_id, title, name in held.values_list(*columns):
        found[person_id].append((body_id not in line, pk, f"{title}, {name}"))
    return {person_id: min(seats)[2] for person_id, seats in found.items()}


def title_of(person: User, body: Body, on: date) -> str:
    """Return the one person's title, empty when they held no seat on that day."""
    return titles_of({person.pk}, body, on).get(person.pk, "")
