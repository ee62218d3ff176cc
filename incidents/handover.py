"""Open cases that people who leave were alone with: told by their number, never by text, kind or names."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from incidents.models import Incident, IncidentGrant, IncidentQuerySet
from incidents.permissions import HANDLE_INCIDENT
from organisation import clock
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


def _shared(municipality: Municipality, leavers: Sequence[Leaver]) -> Iterator[OpenTask]:
    """Cases that somebody answers by a grant: it ends with the account, and nobody else has it."""
    people = {one.person.pk for one in leavers}
    app_label, codename = HANDLE_INCIDENT.split(".", 1)
    grants = IncidentGrant.objects.in_force(clock.today()).filter(
        user__in=people, permission__codename=codename, permission__content_type__app_label=app_label
    )
    cases = {case.pk: case for case in _open(municipality).filter(pk__in=grants.values("content_object_id"))}
    shared: dict[int, list[str]] = defaultdict(list)
    for case_id, user_id in grants.order_by("content_object_id").values_list("content_object_id", "user_id"):
        if case_id in cases:
            shared[user_id].append(cases[case_id].label)
    for user_id, numbers in shared.items():
        yield OpenTask(user_id, _told(numbers), where=_("shared with the person"))


def _open(municipality: Municipality) -> IncidentQuerySet:
    return Incident.objects.of(municipality).open().only("pk", "body_id", "year", "number", "reported_at")


def _told(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:MOST_NUMBERS])
    more = len(numbers) - MOST_NUMBERS
    if more > 0:
        return _("Open cases: %(numbers)s and %(more)s more") % {"numbers": shown, "more": more}
    return _("Open cases: %(numbers)s") % {"numbers": shown}
