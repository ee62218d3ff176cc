"""Cases that lie still: whoever has one is reminded once, and then the next in line gets it.

Run each hour. Every case is changed in a transaction of its own, which looks again under the lock, so that two runs at
once, or one that is killed anywhere, do everything once.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from incidents import handler_mail
from incidents.line import next_handlers, those_who_coordinate, those_who_had
from incidents.models import (
    Assignment,
    Channel,
    Incident,
    IncidentGrant,
    IncidentState,
    IncidentStatus,
    Withheld,
)
from incidents.permissions import HANDLE_INCIDENT
from incidents.services.assigning import acknowledge_within, end, hold_on, pass_on
from incidents.services.locking import locked, note
from incidents.working_days import add_working_time, subtract_working_time
from organisation import clock
from organisation.access import Scope
from organisation.employer import Acting
from organisation.models import Appointment, BodyClosure, Municipality
from organisation.roles import kinds_with

BATCH = 200
# The reminder comes when a quarter of the time is left; who was reminded late has an eighth of it left.
LEFT_WHEN_REMINDED, LEFT_AFTER_LATE_REMINDER = 4, 8


def look_after_cases(municipality: Municipality) -> int:
    """Remind, pass on and give out the open cases that lie still; return how many were touched."""
    return (
        _give_out(municipality) + _remind_idle(municipality) + _pass_on_idle(municipality) + _pass_on_left(municipality)
    )


def _remind_idle(municipality: Municipality) -> int:
    """Remind whoever has not opened a case, once, before it passes on."""
    now, within = clock.now(), acknowledge_within(municipality.rules(clock.today()))
    soon = add_working_time(now, within / LEFT_WHEN_REMINDED)
    idle = _unopened(municipality).filter(reminded_at__isnull=True, acknowledge_by__lte=soon)
    return _each(idle.select_related("person", "incident__body", "incident__municipality"), _remind)


@transaction.atomic
def _remind(given: Assignment) -> bool:
    still = Assignment.objects.filter(
        pk=given.pk, reminded_at__isnull=True, acknowledged_at__isnull=True, ended_at__isnull=True
    )
    now = clock.now()
    if not still.update(reminded_at=now):
        return False
    note(given.incident, IncidentStatus.Change.REMINDED, by=None)
    handler_mail.remind(given)
    return True


def _pass_on_idle(municipality: Municipality) -> int:
    """Give what was not opened in time, after a reminder, to the next in line."""
    now, within = clock.now(), acknowledge_within(municipality.rules(clock.today()))
    fairly = subtract_working_time(now, within / LEFT_AFTER_LATE_REMINDER)
    idle = _unopened(municipality).filter(reminded_at__lte=fairly, acknowledge_by__lte=now)

    def change(given: Assignment, to: Acting | None) -> bool:
        return _passed(given, to, Assignment.Reason.IDLE, now)

    return _each_with_next(idle, change)


def _pass_on_left(municipality: Municipality) -> int:
    """Give what somebody has who no longer handles it, by seat, by share or by account, to the next in line."""
    now = clock.now()

    def change(given: Assignment, to: Acting | None) -> bool:
        if _handles(given):
            return False
        return _passed(given, to, Assignment.Reason.LEFT, now)

    return _each_with_next(_perhaps_left(municipality), change)


def _give_out(municipality: Municipality) -> int:
    """Give open cases that nobody has to whoever answers for the workplace by now."""
    given = Assignment.objects.filter(incident=OuterRef("pk"))
    open_cases = Incident.objects.of(municipality).kept().open().exclude(channel=Channel.IMPORT)
    nobodys = open_cases.filter(~Exists(given.filter(ended_at__isnull=True)))
    # Cases that were read before cases were given to anybody stay as they are.
    nobodys = nobodys.filter(Q(state=IncidentState.NEW) | Exists(given))
    touched = 0
    for batch in _batches(nobodys.select_related("body", "municipality")):
        answers = next_handlers(batch, clock.today())
        touched += sum(_given_out(case, to) for case in batch if (to := answers[case.pk]) is not None)
    return touched


@transaction.atomic
def _given_out(case: Incident, to: Acting) -> bool:
    case = locked(case)
    if case.is_closed or case.assignments.filter(ended_at__isnull=True).exists():
        return False
    reason = Assignment.Reason.LEFT if case.assignments.exists() else Assignment.Reason.ANSWERS
    pass_on(case, None, to, reason, clock.now())
    return True


@transaction.atomic
def _passed(given: Assignment, to: Acting | None, reason: str, now: datetime) -> bool:
    """Pass one case on, if it is still with the same person and, when idle, still unopened."""
    case = locked(given.incident)
    rows = case.assignments.select_related("person", "incident__body", "incident__municipality")
    still = rows.filter(pk=given.pk, ended_at__isnull=True)
    if reason == Assignment.Reason.IDLE:
        still = still.filter(acknowledged_at__isnull=True, acknowledge_by__lte=now)
    before = still.first()
    if before is None or case.is_closed:
        return False
    if to is not None:
        pass_on(case, before, to, reason, now)
        return True
    if reason == Assignment.Reason.LEFT:
        end(before, now)
    else:
        hold_on(before, add_working_time(now, acknowledge_within(case.municipality.rules(clock.today()))))
    for person in those_who_coordinate(case):
        handler_mail.say_nobody_takes_it(case, person)
    return True


def _unopened(municipality: Municipality) -> models.QuerySet[Assignment]:
    return _running(municipality).filter(acknowledged_at__isnull=True)


def _running(municipality: Municipality) -> models.QuerySet[Assignment]:
    """Who has which open case now."""
    return Assignment.objects.filter(
        ended_at__isnull=True, incident__municipality=municipality, incident__disposed_at__isnull=True
    ).exclude(incident__state=IncidentState.CLOSED)


def _perhaps_left(municipality: Municipality) -> models.QuerySet[Assignment]:
    """Who has a case and holds, as far as one statement tells, neither seat nor share for it any more."""
    on = clock.today()
    above = BodyClosure.objects.filter(descendant=OuterRef(OuterRef("incident__body")), ancestor=OuterRef("seat__body"))
    seats = Appointment.objects.in_force(on).filter(
        person=OuterRef("person"), seat__seat_type__kind__in=kinds_with(HANDLE_INCIDENT)
    )
    shares = IncidentGrant.objects.in_force(on).filter(
        user=OuterRef("person"),
        content_object=OuterRef("incident"),
        permission__codename=HANDLE_INCIDENT.split(".", 1)[1],
    )
    kept_from = Withheld.objects.filter(incident=OuterRef("incident"), person=OuterRef("person"))
    no_right = ~Exists(seats.filter(Exists(above))) & ~Exists(shares)
    return _running(municipality).filter(Q(person__is_active=False) | no_right | Exists(kept_from))


def _handles(given: Assignment) -> bool:
    return given.person.is_active and Scope.of(given.person).allows(HANDLE_INCIDENT, given.incident)


def _each_with_next(rows: models.QuerySet[Assignment], change: Callable[[Assignment, Acting | None], bool]) -> int:
    """Change each row together with who is next in line for its case."""
    touched = 0
    for batch in _batches(rows.select_related("person", "incident__body", "incident__municipality")):
        cases = [given.incident for given in batch]
        answers = next_handlers(cases, clock.today(), had_it=those_who_had(cases))
        touched += sum(change(given, answers[given.incident_id]) for given in batch)
    return touched


def _each(rows: models.QuerySet[Assignment], change: Callable[[Assignment], bool]) -> int:
    return sum(change(given) for batch in _batches(rows) for given in batch)


def _batches(rows: models.QuerySet) -> Iterator[list]:
    """Yield the rows a few at a time, by their keys: what one batch changes moves none into or out of the next."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk
