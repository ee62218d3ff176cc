"""What is to be done in a case: suggested when it is first read, added, done with an outcome, or not needed."""

from datetime import date, datetime

from django.db import transaction

from incidents.errors import CannotHandle
from incidents.line import those_who_may_have
from incidents.models import CaseTask, Incident, IncidentStatus, PoliceReport
from incidents.services.locking import locked_for_handler, note, said
from incidents.suggested_tasks import suggested_tasks
from organisation import clock
from organisation.errors import WrongState
from organisation.models import User

# The key of the question that asks the reporter the same (incidents/catalogue).
POLICE_NUMBER = "police_number"


def suggest_tasks(incident: Incident, *, to: User, now: datetime) -> None:
    """Write the tasks that the case begins with, on a locked case that has none; they are the reader's own."""
    if incident.tasks.exists():
        return
    CaseTask.objects.bulk_create(
        CaseTask(incident=incident, kind=kind, due_on=due_on, assigned_to=to, created_at=now)
        for kind, due_on in suggested_tasks(incident, clock.today())
    )


@transaction.atomic
def add_task(
    *, incident: Incident, kind: str, text: str, due_on: date | None, assigned_to: User | None, by: User
) -> CaseTask:
    """Add something to be done; the same task that is not done yet is not added twice.

    Without ``assigned_to`` it is everybody's who handles the case. Raises ``NotAllowed``, ``OwnReport``,
    ``ReasonMissing`` when a task of no named kind says nothing, ``CannotHandle`` when ``assigned_to`` may not handle
    the case, ``WrongState`` when it is closed.
    """
    incident = locked_for_handler(incident, by)
    if incident.is_closed:
        raise WrongState
    words = said(text) if kind == CaseTask.Kind.OTHER else text.strip()
    if assigned_to is not None and all(one.person != assigned_to for one in those_who_may_have(incident)):
        raise CannotHandle
    task = {"kind": CaseTask.Kind(kind), "text": words, "due_on": due_on, "assigned_to": assigned_to}
    already = incident.tasks.filter(done_at__isnull=True, **task).first()
    return already or incident.tasks.create(created_at=clock.now(), **task)


@transaction.atomic
def finish_task(*, task: CaseTask, outcome: str, by: User, police_number: str = "") -> CaseTask:
    """Note that the task is done and what came of it, with the police's number of a report to them.

    A report to the police is also the case's own answer to whether they have been told. Raises ``NotAllowed``,
    ``OwnReport``, ``WrongState`` when it is done already.
    """
    incident = locked_for_handler(task.incident, by)
    task = _end(incident, task, outcome.strip(), by, not_needed=False)
    if task.kind == CaseTask.Kind.POLICE:
        _told_police(incident, police_number.strip())
    note(incident, IncidentStatus.Change.TASK, by=by)
    return task


@transaction.atomic
def drop_task(*, task: CaseTask, reason: str, by: User) -> CaseTask:
    """Note that the task is not needed, and why; raises as ``finish_task``, and ``ReasonMissing``."""
    incident = locked_for_handler(task.incident, by)
    return _end(incident, task, said(reason), by, not_needed=True)


def answered(incident: Incident, *, by: User, now: datetime) -> None:
    """Note on a locked case that a handler has answered the reporter: the task to do so is done.

    The first time sets ``first_answered_at``, which the caller saves.
    """
    waiting = incident.tasks.filter(kind=CaseTask.Kind.FEEDBACK, done_at__isnull=True)
    waiting.update(done_at=now, done_by=by)
    incident.first_answered_at = incident.first_answered_at or now


def _end(incident: Incident, task: CaseTask, outcome: str, by: User, *, not_needed: bool) -> CaseTask:
    task = incident.tasks.get(pk=task.pk)
    if task.done_at is not None or incident.is_closed:
        raise WrongState
    task.done_at, task.done_by = clock.now(), by
    task.outcome, task.not_needed = outcome, not_needed
    task.save()
    return task


def _told_police(incident: Incident, number: str) -> None:
    if number:
        incident.narratives.update_or_create(key=POLICE_NUMBER, defaults={"text": number})
    if incident.police_report != PoliceReport.YES:
        incident.police_report = PoliceReport.YES
        incident.save(update_fields=["police_report"])
