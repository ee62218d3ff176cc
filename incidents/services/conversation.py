"""What is said between the reporter and those who handle the case: questions, answers, additions, a withdrawal."""

import uuid

from django.db import transaction

from incidents import handler_mail, notices
from incidents.errors import NothingWritten, WithdrawnAlready
from incidents.line import those_who_coordinate
from incidents.models import Incident, IncidentStatus, Message
from incidents.services.case_tasks import answered
from incidents.services.locking import locked, locked_for_handler, note, require_handler
from incidents.services.reporting import save_unsigned
from organisation import clock
from organisation.models import User

LONGEST = 10_000


@transaction.atomic
def ask_reporter(*, incident: Incident, text: str, by: User, submission_key: uuid.UUID) -> Message:
    """Ask or tell the reporter something; they are told that it is there, and answer by code or logged in.

    The first one keeps the promise of an answer by a day: somebody has taken the report on, and says so. The same
    ``submission_key`` is the same message. Raises ``NotAllowed``, ``OwnReport``, ``NothingWritten``.
    """
    incident = locked_for_handler(incident, by)
    if already := _sent(incident, submission_key):
        return already
    message = _write(incident, Message.Kind.QUESTION, text, by=by, submission_key=submission_key)
    is_first = incident.first_answered_at is None
    answered(incident, by=by, now=message.at)
    if is_first:
        incident.save(update_fields=["first_answered_at"])
    notices.tell_reporter(note(incident, IncidentStatus.Change.MESSAGE, by=by))
    return message


@transaction.atomic
def add_from_reporter(*, incident: Incident, text: str, submission_key: uuid.UUID) -> Message:
    """Add what the reporter writes: the answer to a question that waits for one, else an addition to the report.

    Whoever calls has made sure that it is the reporter, by code or by account; the row names nobody. The same
    ``submission_key`` is the same message. Raises ``NothingWritten``.
    """
    incident = locked(incident)
    if already := _sent(incident, submission_key):
        return already
    kind = Message.Kind.ANSWER if open_question(incident) else Message.Kind.ADDITION
    message = _write(incident, kind, text, by=None, submission_key=submission_key)
    note(incident, IncidentStatus.Change.FROM_REPORTER, by=None)
    _tell_handler(message)
    return message


@transaction.atomic
def withdraw_report(*, incident: Incident, reason: str, submission_key: uuid.UUID) -> Message:
    """Note that the reporter withdraws the report, with ``reason`` (may be empty).

    Nothing is erased: the report is an official document (TF 2 kap.), and what must be notified is to be notified all
    the same. The same ``submission_key`` is the same withdrawal. Raises ``WithdrawnAlready``.
    """
    incident = locked(incident)
    if already := _sent(incident, submission_key):
        return already
    if incident.withdrawn_at is not None:
        raise WithdrawnAlready
    message = Message.objects.create(
        incident=incident,
        kind=Message.Kind.WITHDRAWAL,
        from_reporter=True,
        text=reason.strip(),
        at=clock.now(),
        submission_key=submission_key,
    )
    incident.withdrawn_at = message.at
    save_unsigned(incident, ["withdrawn_at"])
    note(incident, IncidentStatus.Change.WITHDRAWN, by=None)
    _tell_handler(message)
    return message


@transaction.atomic
def mark_messages_read(*, incident: Incident, by: User | None) -> int:
    """Note that the other side's messages are read: by a handler, or by the reporter (``by`` none); return how many.

    Raises ``NotAllowed``, ``OwnReport``.
    """
    if by is not None:
        require_handler(incident, by)
    unread = incident.messages.filter(from_reporter=by is not None, read_at__isnull=True)
    return unread.update(read_at=clock.now())


def open_question(incident: Incident) -> Message | None:
    """Return the handlers' latest question, unless the reporter has written since."""
    last = incident.messages.exclude(kind=Message.Kind.WITHDRAWAL).order_by("-at", "-pk").first()
    return last if last is not None and last.kind == Message.Kind.QUESTION else None


def _sent(incident: Incident, submission_key: uuid.UUID) -> Message | None:
    return incident.messages.filter(submission_key=submission_key).first()


def _write(incident: Incident, kind: str, text: str, *, by: User | None, submission_key: uuid.UUID) -> Message:
    if not text.strip():
        raise NothingWritten
    return Message.objects.create(
        incident=incident,
        kind=kind,
        from_reporter=by is None,
        text=text.strip()[:LONGEST],
        by=by,
        at=clock.now(),
        submission_key=submission_key,
    )


def _tell_handler(message: Message) -> None:
    """Tell the one who has the case, else those who see to it that somebody does; never whom it is kept from."""
    given = message.incident.assignments.select_related("person").filter(ended_at__isnull=True).first()
    people = [given.person] if given else those_who_coordinate(message.incident)
    for person in people:
        handler_mail.tell_message(message, person)
