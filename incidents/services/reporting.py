"""Sending a report: one number, one incident, one code and one receipt, however often the form is sent."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from incidents.errors import NotAWorkplace, NotYetHappened, NoWithoutLogin, SentBySomeoneElse
from incidents.models import (
    INJURIES,
    PROPERTY_KINDS,
    Channel,
    Identity,
    Incident,
    IncidentKind,
    IncidentState,
    Narrative,
    OtherParty,
    Withheld,
)
from incidents.permissions import REPORT_INCIDENT
from incidents.reader import managers_of
from incidents.services.asking import Answers, fill_columns, keep_answers, version_used
from incidents.services.codes import write_code
from incidents.services.notifying import start_clocks
from incidents.services.numbering import give_back_number, take_number
from incidents.services.telling import give_and_tell_soon
from incidents.working_days import add_working_days
from organisation import clock
from organisation.access import require
from organisation.models import Body, Ruleset, User


@dataclass(frozen=True)
class Unnamed:
    """Somebody who reports without log-in: what they chose to say of themselves, and whether many do it just now."""

    name: str = ""
    contact: str = ""
    one_of_many: bool = False


NOTHING_SAID = Unnamed()


@transaction.atomic
def report_incident(
    *,
    body: Body,
    kind: str,
    occurred_when: str,
    occurred_on: date,
    text: str,
    by: User | None,
    submission_key: uuid.UUID,
    answers: Answers | None = None,
    keep_from_manager: bool = False,
    unnamed: Unnamed = NOTHING_SAID,
) -> Incident:
    """Take a report of what happened at ``body``; a worker gives it to the one who reads it (R97, R132, R141).

    ``kind`` is an ``IncidentKind``, ``occurred_when`` an ``OccurredWhen``; ``text`` may be empty. ``answers`` are those
    of the second screen, by key of the catalogue; without any, no questions were asked. ``keep_from_manager``, or the
    manager as the other party, hides the case from the manager and leads it to the superior. ``by`` none: without
    log-in, where the municipality takes such reports. The same ``submission_key`` by the same person returns the same
    incident. Raises ``NotAllowed``, ``NotAWorkplace``, ``NotYetHappened``, ``SentBySomeoneElse``.
    """
    now, today = clock.now(), clock.today()
    rules = body.municipality.rules(today)
    _require_sender(body, by, rules)
    if not body.is_workplace(today):
        raise NotAWorkplace
    if occurred_on > today:
        raise NotYetHappened
    number = take_number(body.municipality, today.year)
    # Looked up while the counter is held: whoever sent the same form a moment ago is done by now.
    if already := sent_before(submission_key, by):
        give_back_number(body.municipality, today.year)
        return already
    incident = Incident(
        municipality=body.municipality,
        body=body,
        year=today.year,
        number=number,
        kind=IncidentKind(kind),
        channel=Channel.PORTAL if by else Channel.POSTER,
        occurred_when=occurred_when,
        occurred_on=occurred_on,
        reported_at=now,
        became_aware_at=now,
        answer_by=add_working_days(today, rules.answer_within_days),
        held=unnamed.one_of_many,
        submission_key=submission_key,
    )
    _fill(incident, answers or {})
    save_unsigned(incident)
    if keep_from_manager or incident.other_party == OtherParty.MANAGER:
        _withhold(incident, by, now)
    _keep_apart(incident, text, by, unnamed, now)
    keep_answers(incident, answers or {})
    start_clocks(incident, open_answers=answers or {})
    give_and_tell_soon(incident)
    return incident


def takes_without_login(rules: Ruleset) -> bool:
    """Tell whether reports are taken from people who are not logged in."""
    return bool(rules.settings.get("reports_without_login"))


def _require_sender(body: Body, by: User | None, rules: Ruleset) -> None:
    if by is not None:
        require(by, REPORT_INCIDENT, body)
    elif not takes_without_login(rules):
        raise NoWithoutLogin


def sent_before(submission_key: uuid.UUID, by: User | None) -> Incident | None:
    """Return the incident already reported with this form. Raises ``SentBySomeoneElse``."""
    sent = Incident.objects.filter(submission_key=submission_key).order_by()
    # Nearly always there is none, and one row's key is asked for with less ado than a whole row.
    if not sent.exists():
        return None
    incident = sent.select_related("body", "municipality").get()
    same = incident.is_reported_by(by) if by else incident.channel == Channel.POSTER
    if not same:
        raise SentBySomeoneElse
    return incident


def _fill(incident: Incident, answers: Answers) -> None:
    """Put what is counted into the case's columns, with the version of the questions that it answers."""
    fill_columns(incident, answers)
    if answers:
        incident.question_set = version_used(incident.municipality, incident.kind)
    # What was done to things may have hurt somebody all the same.
    incident.affects_persons = incident.kind not in PROPERTY_KINDS or incident.injury in INJURIES


def save_unsigned(incident: Any, update_fields: list[str] | None = None) -> None:
    """Save without a name in the history, which would tell who reported to everyone who sees the case."""
    incident._history_user = None
    incident.save(update_fields=update_fields)
    del incident._history_user


def _withhold(incident: Incident, by: User | None, now: datetime) -> None:
    """Keep the case from whoever the reporter means by "my manager", at once: before anybody can see it."""
    managers = managers_of(incident.body, by, incident.reported_on)
    Withheld.objects.bulk_create(Withheld(incident=incident, person=person, at=now) for person in managers)


def _keep_apart(incident: Incident, text: str, by: User | None, unnamed: Unnamed, now: datetime) -> None:
    """Write what only those who handle the case may see."""
    if text.strip():
        Narrative.objects.create(incident=incident, text=text.strip())
    if by is not None:
        Identity.objects.create(incident=incident, role=Identity.Role.REPORTER, person=by)
    elif unnamed.name or unnamed.contact:
        Identity.objects.create(
            incident=incident, role=Identity.Role.REPORTER, name=unnamed.name, contact=unnamed.contact
        )
    incident.statuses.create(from_state="", to_state=IncidentState.NEW, by=None, at=now)
    write_code(incident)
