"""Who has a case: given when it is reported, taken on when it is opened, handed over with a reason."""

from datetime import datetime, timedelta

from django.db import transaction

from incidents import handler_mail
from incidents.errors import CannotHandle
from incidents.line import those_who_may_have
from incidents.models import Assignment, Incident, IncidentStatus
from incidents.services.letting import let_handle
from incidents.services.locking import locked_for_handler, note, said
from incidents.titles import title_of
from incidents.working_days import add_working_time
from organisation import clock
from organisation.employer import Acting
from organisation.errors import WrongState
from organisation.models import Ruleset, User

# Hours of working days within which whoever gets a case opens it, where the municipality states none.
ACKNOWLEDGE_WITHIN_HOURS = 24
TITLE_LENGTH = 120


def acknowledge_within(rules: Ruleset) -> timedelta:
    """Return the working time within which whoever gets a case must have opened it."""
    stated: int | None = rules.settings.get("acknowledge_within_hours")
    return timedelta(hours=stated or ACKNOWLEDGE_WITHIN_HOURS)


def assign_first(incident: Incident, reader: Acting, now: datetime, rules: Ruleset | None = None) -> Assignment:
    """Give a new case to the one who reads it, in the transaction in which they are told of it.

    The assignment itself is the note of it: the story of a new report begins with the report. ``rules`` are those in
    force today, when they have been read already.
    """
    rules = rules or incident.municipality.rules(clock.today())
    return Assignment.objects.create(
        incident=incident,
        person=reader.person,
        title=reader.title,
        assigned_at=now,
        acknowledge_by=add_working_time(now, acknowledge_within(rules)),
    )


def take_on(incident: Incident, *, by: User, now: datetime, tell: bool) -> None:
    """Note on a locked case that the one who has it has opened it; ``tell``: nothing else in the story says so."""
    mine = incident.assignments.filter(person=by, ended_at__isnull=True, acknowledged_at__isnull=True)
    if mine.update(acknowledged_at=now) and tell:
        note(incident, IncidentStatus.Change.ACKNOWLEDGED, by=by)


def close_by(incident: Incident, *, by: User, now: datetime) -> None:
    """Note on a locked case that ``by`` closes it, and so had it in the end: nobody is waited for any more."""
    take_on(incident, by=by, now=now, tell=False)
    before = incident.assignments.filter(ended_at__isnull=True).first()
    if before is None or before.acknowledged_at is None:
        end(before, now)
        title = title_of(by, incident.body, clock.today())
        _give(incident, by, title, Assignment.Reason.CHOSEN, by=by, now=now, taken=True)


def take_up(incident: Incident, *, by: User, now: datetime) -> None:
    """Give a locked case that ``by`` takes up again to them, unless the one who had it last still has it."""
    if not incident.assignments.filter(ended_at__isnull=True).exists():
        title = title_of(by, incident.body, clock.today())
        _give(incident, by, title, Assignment.Reason.CHOSEN, by=by, now=now, taken=True)


@transaction.atomic
def hand_over(*, incident: Incident, to: User, reason: str, by: User) -> Assignment:
    """Let ``to`` have the case from now on; ``reason`` is read by those who handle it.

    Whoever takes it themselves has taken it on. Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``,
    ``CannotHandle`` when ``to`` may not handle it, ``WrongState`` when it is closed or ``to`` has it already.
    """
    incident = locked_for_handler(incident, by)
    why, now = said(reason), clock.now()
    before = incident.assignments.select_related("person").filter(ended_at__isnull=True).first()
    if incident.is_closed or (before is not None and before.person_id == to.pk):
        raise WrongState
    chosen = next((one for one in those_who_may_have(incident) if one.person == to), None)
    if chosen is None:
        raise CannotHandle
    end(before, now)
    given = _give(incident, to, chosen.title, Assignment.Reason.CHOSEN, by=by, now=now, taken=to == by)
    _hand_over_tasks(incident, before, to)
    note(incident, IncidentStatus.Change.ASSIGNED, by=by, reason=why, at=now)
    if to != by:
        handler_mail.tell_new(given)
    if before is not None and before.person_id != by.pk:
        handler_mail.tell_former(before)
    return given


def pass_on(incident: Incident, before: Assignment | None, to: Acting, reason: str, now: datetime) -> Assignment:
    """Give a locked case to the next in line by the portal's own rule, and tell both."""
    end(before, now)
    let_handle(incident, to.person, clock.today())
    given = _give(incident, to.person, to.title, reason, by=None, now=now)
    _hand_over_tasks(incident, before, to.person)
    change = IncidentStatus.Change.PASSED_ON if before else IncidentStatus.Change.ASSIGNED
    note(incident, change, by=None, at=now)
    handler_mail.tell_new(given)
    if before is not None:
        handler_mail.tell_former(before)
    return given


def hold_on(given: Assignment, until: datetime) -> None:
    """Leave a case with the last in line, until somebody further up is looked for again."""
    Assignment.objects.filter(pk=given.pk).update(acknowledge_by=until)


def _hand_over_tasks(incident: Incident, before: Assignment | None, to: User) -> None:
    """What the one before was still to do in the case goes along to ``to``."""
    if before is not None:
        incident.tasks.filter(done_at__isnull=True, assigned_to=before.person_id).update(assigned_to=to)


def end(given: Assignment | None, now: datetime) -> None:
    """End what somebody had, if anybody had anything."""
    if given is not None:
        Assignment.objects.filter(pk=given.pk, ended_at__isnull=True).update(ended_at=now)


def _give(
    incident: Incident,
    person: User,
    title: str,
    reason: str,
    *,
    by: User | None,
    now: datetime,
    taken: bool = False,
) -> Assignment:
    within = acknowledge_within(incident.municipality.rules(clock.today()))
    return Assignment.objects.create(
        incident=incident,
        person=person,
        title=title[:TITLE_LENGTH],
        reason=reason,
        by=by,
        assigned_at=now,
        acknowledge_by=add_working_time(now, within),
        acknowledged_at=now if taken else None,
    )
