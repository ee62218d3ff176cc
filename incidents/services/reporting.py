"""Sending a report: one number, one incident and one receipt, however often the form is sent."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents import notices
from incidents.errors import NotAWorkplace, NotYetHappened, SentBySomeoneElse
from incidents.models import (
    PROPERTY_KINDS,
    Identity,
    Incident,
    IncidentCounter,
    IncidentGrant,
    IncidentKind,
    IncidentState,
    Narrative,
    ReportDraft,
)
from incidents.permissions import HANDLE_INCIDENT, READ_NARRATIVE, REPORT_INCIDENT, VIEW_INCIDENT
from incidents.reader import reader_of
from incidents.working_days import add_working_days
from organisation import clock
from organisation.access import Scope, holders_of, require
from organisation.employer import Acting
from organisation.models import Body, Municipality, User
from organisation.sharing import crosses_authorities, write_grants
from organisation.union.representatives import those_told_of

# How long a reader whose seat does not reach the case may follow it after the promised answer.
READERS_TIME = timedelta(days=90)


@transaction.atomic
def report_incident(
    *, body: Body, kind: str, occurred_when: str, occurred_on: date, text: str, by: User, submission_key: uuid.UUID
) -> Incident:
    """Take a report of what happened at ``body`` and tell the one who reads it (R97, R132, R141).

    ``kind`` is an ``IncidentKind``, ``occurred_when`` an ``OccurredWhen``; ``text`` may be empty. The same
    ``submission_key`` by the same person returns the same incident. Raises ``NotAllowed``,
    ``NotAWorkplace``, ``NotYetHappened``, ``SentBySomeoneElse``.
    """
    require(by, REPORT_INCIDENT, body)
    now, today = clock.now(), clock.today()
    if not Body.objects.in_force(today).workplaces().filter(pk=body.pk).exists():
        raise NotAWorkplace
    if occurred_on > today:
        raise NotYetHappened
    counter = lock_counter(body.municipality, today.year)
    # Looked up under the lock: whoever sent the same form a moment ago is done by now.
    if already := sent_before(submission_key, by):
        return already
    incident = Incident(
        municipality=body.municipality,
        body=body,
        year=today.year,
        number=take_number(counter),
        kind=IncidentKind(kind),
        occurred_when=occurred_when,
        occurred_on=occurred_on,
        reported_at=now,
        became_aware_at=now,
        answer_by=add_working_days(today, body.municipality.rules(today).answer_within_days),
        affects_persons=kind not in PROPERTY_KINDS,
        submission_key=submission_key,
    )
    _save_unsigned(incident)
    _keep_apart(incident, text, by, now)
    _tell(incident, by, today)
    return incident


def sent_before(submission_key: uuid.UUID, by: User) -> Incident | None:
    """Return the incident already reported with this form. Raises ``SentBySomeoneElse``."""
    incident = Incident.objects.filter(submission_key=submission_key).select_related("body", "municipality").first()
    if incident is not None and not incident.is_reported_by(by):
        raise SentBySomeoneElse
    return incident


def lock_counter(municipality: Municipality, year: int) -> IncidentCounter:
    """Return the year's counter, locked until the transaction ends, so that numbers come without gaps."""
    IncidentCounter.objects.get_or_create(municipality=municipality, year=year)
    return IncidentCounter.objects.select_for_update().get(municipality=municipality, year=year)


def take_number(counter: IncidentCounter) -> int:
    """Return the next number of a locked counter."""
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _save_unsigned(incident: Any) -> None:
    """Save without a name in the history, which would tell who reported to everyone who sees the case."""
    incident._history_user = None
    incident.save()
    del incident._history_user


def _keep_apart(incident: Incident, text: str, by: User, now: datetime) -> None:
    """Write what only those who handle the case may see, and end the draft that it came from."""
    if text.strip():
        Narrative.objects.create(incident=incident, text=text.strip())
    Identity.objects.create(incident=incident, role=Identity.Role.REPORTER, person=by)
    incident.statuses.create(from_state="", to_state=IncidentState.NEW, by=None, at=now)
    ReportDraft.objects.filter(person=by, body=incident.body).delete()


def _tell(incident: Incident, by: User, today: date) -> None:
    """Tell the reader, or those who see to it that somebody reads, and the safety representatives."""
    reader = reader_of(incident.body, by, today)
    if reader is not None:
        _let_read(incident, reader, today)
        notices.ask_to_read(incident, reader.person)
    else:
        for person in holders_of(VIEW_INCIDENT, incident.body):
            notices.say_nobody_reads(incident, person)
    for told in those_told_of(incident.body, today):
        if told.person != by:
            notices.tell_safety_representative(incident, told.person)


def _let_read(incident: Incident, reader: Acting, today: date) -> None:
    """Share the case with a reader who answers for vacant seats and whose own seat does not reach it.

    To a reader of another authority it is a disclosure, and recorded as one.
    """
    if Scope.of(reader.person).allows(HANDLE_INCIDENT, incident):
        return
    with override(settings.LANGUAGE_CODE):
        reason = _("Reads the report because the seats nearer the workplace are vacant.")
        crosses = crosses_authorities(reader.person, incident.body)
        assessment = _("Somebody must read and answer it, and nobody of its own authority can.") if crosses else ""
    write_grants(
        IncidentGrant,
        incident,
        reader.person,
        (VIEW_INCIDENT, READ_NARRATIVE, HANDLE_INCIDENT),
        reason=reason,
        assessment=assessment,
        given_by=reader.person,
        valid_from=today,
        valid_to=(incident.answer_by or today) + READERS_TIME,
    )
