"""Open cases that people who leave were alone with: told by their number, never by text, kind or names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Assignment, CaseTask, Incident, IncidentGrant, IncidentQuerySet
from incidents.permissions import HANDLE_INCIDENT
from organisation import clock
from organisation.access import GrantQuerySet
from organisation.handover import Leaver, OpenTask
from organisation.models import Municipality
from organisation.responsibility import handling_kind

# Of one seat; the rest is counted.
MOST_NUMBERS = 10


def open_cases(municipality: Municipality, leavers: Sequence[Leaver]) -> Iterator[OpenTask]:
    """Yield the open cases of the bodies whose handling seat stands empty after them, and those shared with them."""
    seats = {
        seat.body_id: (one.person.pk, seat)
        for one in leavers
        for seat in one.seats
        if seat.seat_type.kind == handling_kind(seat.body)
    }
    by_body: dict[int, list[str]] = defaultdict(list)
    for case in _open(municipality).filter(body__in=seats).order_by("reported_at", "pk"):
        by_body[case.body_id].append(case.label)
    for body_id, numbers in by_body.items():
        person_id, seat = seats[body_id]
        yield OpenTask(person_id, _told(numbers), where=seat.body.name, seat_id=seat.pk)
    yield from _shared(municipality, leavers)
    yield from _had(municipality, leavers, list(seats))
    yield from _to_do(municipality, leavers)


def _had(municipality: Municipality, leavers: Sequence[Leaver], told: Sequence[int]) -> Iterator[OpenTask]:
    """Cases that somebody has without the seat that handles them: handed over to the person by a colleague.

    ``told`` are the bodies whose open cases are told with their seats already.
    """
    given = Assignment.objects.filter(
        ended_at__isnull=True,
        person__in=[one.person.pk for one in leavers],
        incident__in=_open(municipality).exclude(body__in=told).values("pk"),
    ).exclude(incident__in=_grants(leavers).values("content_object_id"))
    rows = given.order_by("incident_id").values_list("person_id", "incident_id")
    yield from _by_person(rows, _("given to the person"))


def _to_do(municipality: Municipality, leavers: Sequence[Leaver]) -> Iterator[OpenTask]:
    """What somebody was to do in open cases; what it was stands in the case."""
    tasks = CaseTask.objects.filter(
        done_at__isnull=True,
        assigned_to__in=[one.person.pk for one in leavers],
        incident__in=_open(municipality).values("pk"),
    )
    rows = tasks.order_by("incident_id").values_list("assigned_to_id", "incident_id").distinct()
    yield from _by_person(rows, _("something to do in them"))


def _by_person(rows: Iterable[tuple[Any, int]], where: str) -> Iterator[OpenTask]:
    pairs = list(rows)
    labels = {case.pk: case.label for case in Incident.objects.filter(pk__in={case_id for _p, case_id in pairs})}
    numbers: dict[int, list[str]] = defaultdict(list)
    for person_id, case_id in pairs:
        numbers[person_id].append(labels[case_id])
    for person_id, told in numbers.items():
        yield OpenTask(person_id, _told(told), where=where)


def _shared(municipality: Municipality, leavers: Sequence[Leaver]) -> Iterator[OpenTask]:
    """Cases that somebody answers by a grant: it ends with the account, and nobody else has it."""
    grants = _grants(leavers)
    cases = {case.pk: case for case in _open(municipality).filter(pk__in=grants.values("content_object_id"))}
    shared: dict[int, list[str]] = defaultdict(list)
    for case_id, user_id in grants.order_by("content_object_id").values_list("content_object_id", "user_id"):
        if case_id in cases:
            shared[user_id].append(cases[case_id].label)
    for user_id, numbers in shared.items():
        yield OpenTask(user_id, _told(numbers), where=_("shared with the person"))


def _grants(leavers: Sequence[Leaver]) -> GrantQuerySet:
    app_label, codename = HANDLE_INCIDENT.split(".", 1)
    grants: GrantQuerySet = IncidentGrant.objects.in_force(clock.today()).filter(
        user__in={one.person.pk for one in leavers},
        permission__codename=codename,
        permission__content_type__app_label=app_label,
    )
    return grants


def _open(municipality: Municipality) -> IncidentQuerySet:
    # A case that is kept from somebody is told to nobody by its number: whoever takes over may be the one.
    return (
        Incident.objects.of(municipality)
        .open()
        .filter(withheld__isnull=True)
        .only("pk", "body_id", "year", "number", "reported_at")
    )


def _told(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:MOST_NUMBERS])
    more = len(numbers) - MOST_NUMBERS
    if more > 0:
        return _("Open cases: %(numbers)s and %(more)s more") % {"numbers": shown, "more": more}
    return _("Open cases: %(numbers)s") % {"numbers": shown}
