"""A report that came by phone or on the paper form, entered by someone who handles cases at the workplace."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from incidents.errors import NotAWorkplace, NotYetHappened, SentBySomeoneElse
from incidents.models import (
    INJURIES,
    PROPERTY_KINDS,
    Channel,
    Identity,
    Incident,
    IncidentKind,
    IncidentState,
    Narrative,
    OccurredWhen,
    OtherParty,
    Withheld,
)
from incidents.permissions import ENTER_REPORT
from incidents.reader import managers_of
from incidents.services.asking import Answers, fill_columns, keep_answers, version_used
from incidents.services.codes import write_code
from incidents.services.notifying import start_clocks
from incidents.services.numbering import give_back_number, take_number
from incidents.services.reporting import save_unsigned
from incidents.services.telling import give_and_tell
from incidents.working_days import add_working_days
from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed
from organisation.models import Body, User

ENTERED = (Channel.PHONE, Channel.PAPER)


@dataclass(frozen=True)
class ToldBy:
    """Who told it: somebody with an account, or a name and how to reach them; nothing of it need be known."""

    person: User | None = None
    name: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Told:
    """What was told: ``kind`` is an ``IncidentKind``, ``became_aware_at`` when the workplace heard of it."""

    channel: str
    kind: str
    occurred_on: date
    became_aware_at: datetime
    text: str = ""
    keep_from_manager: bool = False


@transaction.atomic
def enter_report(
    *, body: Body, told: Told, told_by: ToldBy, answers: Answers, by: User, submission_key: uuid.UUID
) -> Incident:
    """Take a report that ``by`` writes for somebody else; it is read, and its clocks run, as any other's.

    The clocks begin when the workplace became aware, not when it was written down. The first line of the story names
    ``by``; who told it stands apart. The same ``submission_key`` again is the same case. Raises ``NotAllowed``,
    ``NotAWorkplace``, ``NotYetHappened``, ``SentBySomeoneElse``.
    """
    require(by, ENTER_REPORT, body)
    now, today = clock.now(), clock.today()
    _check(body, told, told_by, now, today)
    number = take_number(body.municipality, today.year)
    if already := entered_before(submission_key, by):
        give_back_number(body.municipality, today.year)
        return already
    rules = body.municipality.rules(today)
    incident = Incident(
        municipality=body.municipality,
        body=body,
        year=today.year,
        number=number,
        kind=IncidentKind(told.kind),
        channel=Channel(told.channel),
        occurred_when=OccurredWhen.TODAY if told.occurred_on == today else OccurredWhen.ANOTHER_DAY,
        occurred_on=told.occurred_on,
        reported_at=now,
        became_aware_at=told.became_aware_at,
        answer_by=add_working_days(timezone.localtime(told.became_aware_at).date(), rules.answer_within_days),
        submission_key=submission_key,
    )
    fill_columns(incident, answers)
    incident.question_set = version_used(incident.municipality, incident.kind)
    incident.affects_persons = incident.kind not in PROPERTY_KINDS or incident.injury in INJURIES
    save_unsigned(incident)
    kept_from = _keep_from(incident, told, told_by, now)
    _keep_apart(incident, told, told_by, by, now)
    keep_answers(incident, answers)
    start_clocks(incident, open_answers=answers)
    give_and_tell(incident, by=told_by.person, kept_from=kept_from, rules=rules, today=today)
    return incident


def entered_before(submission_key: uuid.UUID, by: User) -> Incident | None:
    """Return the case that ``by`` entered with this form. Raises ``SentBySomeoneElse``."""
    incident = Incident.objects.filter(submission_key=submission_key).select_related("body", "municipality").first()
    if incident is not None and not was_entered_by(incident, by):
        raise SentBySomeoneElse
    return incident


def was_entered_by(incident: Incident, person: User) -> bool:
    """Tell whether the person wrote the case down for somebody else."""
    first = incident.statuses.filter(from_state="", to_state=IncidentState.NEW, by=person)
    return incident.channel in ENTERED and first.exists()


def _check(body: Body, told: Told, told_by: ToldBy, now: datetime, today: date) -> None:
    if not body.is_workplace(today):
        raise NotAWorkplace
    if told.occurred_on > today or told.became_aware_at > now:
        raise NotYetHappened
    if told.channel not in ENTERED:
        raise NotAllowed
    if told_by.person is not None and told_by.person.municipality_id != body.municipality_id:
        raise NotAllowed


def _keep_from(incident: Incident, told: Told, told_by: ToldBy, now: datetime) -> list[User]:
    """Keep the case from the workplace's manager where the reporter asks, or it is about them: also who enters it."""
    if not told.keep_from_manager and incident.other_party != OtherParty.MANAGER:
        return []
    managers = managers_of(incident.body, told_by.person, incident.reported_on)
    Withheld.objects.bulk_create(Withheld(incident=incident, person=person, at=now) for person in managers)
    return managers


def _keep_apart(incident: Incident, told: Told, told_by: ToldBy, by: User, now: datetime) -> None:
    if told.text.strip():
        Narrative.objects.create(incident=incident, text=told.text.strip())
    if told_by.person is not None:
        Identity.objects.create(incident=incident, role=Identity.Role.REPORTER, person=told_by.person)
    elif told_by.name.strip() or told_by.contact.strip():
        name, contact = told_by.name.strip(), told_by.contact.strip()
        Identity.objects.create(incident=incident, role=Identity.Role.REPORTER, name=name, contact=contact)
    incident.statuses.create(from_state="", to_state=IncidentState.NEW, by=by, at=now)
    write_code(incident)
