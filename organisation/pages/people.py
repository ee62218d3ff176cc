"""The list of people: the seats of those on a page, and all of them as a file."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from organisation import clock
from organisation.models import Appointment, User

PIECE = 500


def seats_of_each(people: Sequence[User]) -> dict[int, list[str]]:
    """Return person's id → the seats that they hold today, in words; one query."""
    held = Appointment.objects.in_force(clock.today()).filter(person__in=people).order_by("pk")
    seats: dict[int, list[str]] = defaultdict(list)
    for pk, title, body in held.values_list("person_id", "seat__seat_type__title", "seat__body__name"):
        seats[pk].append(f"{title}, {body}")
    return seats


def header() -> list[str]:
    """Return the names of the file's columns."""
    return [_("Name"), _("E-mail"), _("Personnel id"), _("Seats"), _("State")]


def lines(people: QuerySet[User]) -> Iterator[list[Any]]:
    """Yield one line per person by name, read piece by piece."""
    rows = people.order_by("name", "pk").iterator(chunk_size=PIECE)
    while piece := list(islice(rows, PIECE)):
        seats = seats_of_each(piece)
        for person in piece:
            state = _("Here now") if person.is_active else _("Has left")
            yield [person.name, person.email, person.external_id, "; ".join(seats[person.pk]), state]
