"""What bodies hold, in numbers: what goes along when one of them is moved, merged, split or closed.

Each app adds its own when it is ready. Counts only, never a row: who reorganises need not be allowed to read what is
moved (the administrator reads no case).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.models import REPRESENTATIVES, Appointment, Assignment, MatterBody, Seat, SeatKind
from organisation.union.representatives import mandates_in_force, reaching


@dataclass(frozen=True)
class Holding:
    """One kind of thing that bodies hold: the key under which its count is kept, and its name for people."""

    key: str
    label: str | Promise


# Holdings of bodies (ids) on a day, each with its count; in a number of queries that does not depend on the bodies.
Source = Callable[[Collection[int], date], Iterable[tuple[Holding, int]]]

_sources: list[tuple[int, Source]] = []
_labels: dict[str, str | Promise] = {}


@dataclass(frozen=True)
class Held:
    """How much of one kind some bodies hold themselves, and how much lies below them."""

    key: str
    label: str | Promise
    here: int
    below: int


def register(source: Source, *holdings: Holding, order: int) -> None:
    """Add a source and what it counts, in ``order`` among the others; called by an app when it is ready."""
    _sources.append((order, source))
    _sources.sort(key=lambda entry: entry[0])
    _labels.update((holding.key, holding.label) for holding in holdings)


def held_by(bodies: Collection[int], below: Collection[int], on: date) -> list[Held]:
    """Return what ``bodies`` hold on the day ``on``, and what those ``below`` them hold; empty kinds are left out."""
    found = []
    for _order, source in _sources:
        elsewhere = {holding.key: count for holding, count in source(below, on)} if below else {}
        for holding, here in source(bodies, on):
            if here or elsewhere.get(holding.key):
                found.append(Held(holding.key, holding.label, here, elsewhere.get(holding.key, 0)))
    return found


def kept(counts: Iterable[Sequence[object]]) -> list[Held]:
    """Return counts that were kept as (key, here, below), under the names that their kinds have today."""
    return [
        Held(str(key), _labels.get(str(key), str(key)), int(str(here)), int(str(below))) for key, here, below in counts
    ]


SEATS = Holding("organisation.seats", _("Seats"))
HOLDERS = Holding("organisation.holders", _("People in seats"))
EMPLOYEES = Holding("organisation.employees", _("Employees"))
MANDATES = Holding("organisation.mandates", _("Safety representatives, appointed by the union"))
ASSIGNMENTS = Holding("organisation.assignments", _("Assignments that are not done"))
MATTERS = Holding("organisation.matters", _("Open matters between bodies"))
OWN = (SEATS, HOLDERS, EMPLOYEES, MANDATES, ASSIGNMENTS, MATTERS)


def organisation_holdings(bodies: Collection[int], on: date) -> Iterable[tuple[Holding, int]]:
    """Count the seats at the bodies, those who sit in them, the unions' mandates, and what the bodies are asked for."""
    seats = Seat.objects.in_force(on).filter(body_id__in=bodies, not_needed_reason="")
    held = Appointment.objects.in_force(on).filter(seat__body_id__in=bodies, person__is_active=True)
    employed = Q(seat__seat_type__kind=SeatKind.EMPLOYEE)
    neither = ~employed & ~Q(seat__seat_type__kind__in=REPRESENTATIVES)
    people = held.aggregate(employees=Count("pk", filter=employed), holders=Count("pk", filter=neither))
    yield SEATS, seats.exclude(seat_type__kind__in=(SeatKind.EMPLOYEE, *REPRESENTATIVES)).count()
    yield HOLDERS, people["holders"]
    yield EMPLOYEES, people["employees"]
    yield MANDATES, mandates_in_force(on).filter(reaching(bodies, on)).count()
    yield ASSIGNMENTS, Assignment.objects.filter(body_id__in=bodies, done_on__isnull=True).count()
    yield MATTERS, MatterBody.objects.filter(body_id__in=bodies, matter__settled_at__isnull=True).count()
