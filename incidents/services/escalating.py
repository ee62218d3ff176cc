"""A case that may get worse is put to the duty officer and on up the chain, until somebody answers (R166)."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents import escalation_notices as notices
from incidents.errors import NotCalled, OwnReport
from incidents.escalation import Step, chain_of, may_answer, waiting_for, was_called, who_is_called
from incidents.line import passed_over, those_who_coordinate
from incidents.models import Escalation, EscalationCall, Incident, IncidentGrant, IncidentState, IncidentStatus
from incidents.permissions import ANSWER_ESCALATION, READ_NARRATIVE, VIEW_INCIDENT
from incidents.services.locking import locked, locked_for_handler, note, said
from organisation import clock
from organisation.access import Scope
from organisation.errors import WrongState
from organisation.models import Appointment, User
from organisation.sharing import crosses_authorities, write_grants

log = logging.getLogger(__name__)

# How long those who are asked may read the case.
CALLEDS_TIME = timedelta(days=30)

Change = IncidentStatus.Change
By = EscalationCall.By


@transaction.atomic
def escalate(*, incident: Incident, reason: str, by: User) -> Escalation:
    """Ask the first in the chain to look at the case at once; without an answer in time the next is asked (R166).

    An escalation that somebody is still asked about is the same one. Raises ``NotAllowed``, ``OwnReport``,
    ``ReasonMissing``, ``WrongState`` for a closed case.
    """
    incident = locked_for_handler(incident, by)
    running = incident.escalations.filter(acknowledged_at__isnull=True, exhausted_at__isnull=True).first()
    if running is not None:
        return running
    if incident.is_closed:
        raise WrongState
    escalation = incident.escalations.create(asked_by=by, asked_at=clock.now(), reason=said(reason))
    note(incident, Change.ESCALATED, by=by, reason=escalation.reason)
    _call_from(escalation, incident, 0)
    return escalation


@transaction.atomic
def judge_no_escalation(*, incident: Incident, reason: str, by: User) -> IncidentStatus:
    """Note that ``by`` has judged that the case need not be escalated, and why; raises as ``escalate``."""
    incident = locked_for_handler(incident, by)
    if incident.is_closed:
        raise WrongState
    return note(incident, Change.NOT_ESCALATED, by=by, reason=said(reason))


def require_called(incident: Incident, by: User) -> None:
    """Raise ``NotCalled``, or ``OwnReport``, unless ``by`` was asked by an escalation, or is on duty and sees it."""
    scope = Scope.of(by)
    if not scope.allows(VIEW_INCIDENT, incident):
        raise NotCalled
    if incident.is_reported_by(by):
        raise OwnReport
    if not was_called(by, incident) and not scope.allows(ANSWER_ESCALATION, incident):
        raise NotCalled


@transaction.atomic
def answer_escalation(*, incident: Incident, answer: str, by: User) -> Escalation:
    """Say that ``by``, who was asked, has the case; ``answer`` tells what happens next. Nobody else is asked then.

    The same person's answer again is the same. Raises ``NotCalled`` for others than those asked and those on duty,
    ``ReasonMissing``, ``WrongState`` when somebody else has answered.
    """
    incident = locked(incident)
    require_called(incident, by)
    latest = incident.escalations.order_by("-asked_at", "-pk").first()
    if latest is None or not may_answer(by, incident):
        if latest and latest.acknowledged_by_id == by.pk and latest.answer == answer.strip():
            return latest
        raise WrongState
    escalation = waiting_for(by, incident) or latest
    escalation.answer = said(answer)
    escalation.acknowledged_by, escalation.acknowledged_at = by, clock.now()
    escalation.save(update_fields=["answer", "acknowledged_by", "acknowledged_at"])
    note(incident, Change.ESCALATION_ANSWERED, by=by, reason=escalation.answer)
    notices.say_answered(escalation)
    return escalation


def call_next() -> int:
    """Ask the next in line wherever the time to answer has passed; return in how many cases.

    Each escalation in a transaction of its own, each step once: safe to run twice and to be killed anywhere. One that
    fails stops no other.
    """
    waiting = Escalation.objects.filter(acknowledged_at__isnull=True, exhausted_at__isnull=True)
    # A case that has been closed meanwhile wakes nobody; taken up again, it goes on.
    waiting = waiting.exclude(incident__state=IncidentState.CLOSED)
    moved = 0
    for escalation in waiting.order_by("asked_at", "pk"):
        try:
            moved += _call_next(escalation.pk, escalation.incident_id)
        except Exception:
            log.exception("escalation not moved on", extra={"escalation_id": escalation.pk})
    return moved


@transaction.atomic
def _call_next(escalation_id: int, incident_id: int) -> bool:
    incident = locked(Incident(pk=incident_id))
    escalation = incident.escalations.get(pk=escalation_id)
    last = escalation.calls.order_by("-step").first()
    if incident.is_closed or escalation.acknowledged_at or escalation.exhausted_at:
        return False
    if last and last.answer_by > clock.now():
        return False
    _call_from(escalation, incident, last.step + 1 if last else 0)
    return True


def _call_from(escalation: Escalation, incident: Incident, number: int) -> None:
    """Ask at step ``number``, or at the first one after it at which somebody can be reached; else say nobody can.

    The reporter, those the case is kept from, and whoever escalated are passed over as if their seat stood empty.
    """
    escalation.incident = incident
    left_out = passed_over([incident])[incident.pk] | {escalation.asked_by_id}
    but_not = list(User.objects.filter(pk__in=left_out))
    for step_number, step in list(enumerate(chain_of(incident.municipality)))[number:]:
        if _call(escalation, step_number, step, but_not):
            return
    _exhaust(escalation, incident)


def _call(escalation: Escalation, number: int, step: Step, but_not: list[User]) -> bool:
    """Write the call, let the person read and send it; tell whether it reaches anybody."""
    now, called = clock.now(), who_is_called(escalation.incident, step.seat, but_not)
    with override(settings.LANGUAGE_CODE):
        title = called.title if called else str(step.seat.label)
    # Without an alarm service that can be called, people are mailed all the same.
    channel = step.channel if step.channel != By.WEBHOOK or notices.alarm_service_is_set_up() else By.MAIL
    reaches = called is not None or channel == By.WEBHOOK
    call, created = escalation.calls.get_or_create(
        step=number,
        defaults={
            "channel": channel,
            "person": called.person if called else None,
            "title": title,
            "called_at": now,
            "answer_by": now + step.wait if reaches else now,
        },
    )
    if created and reaches:
        for person in _readers(call, step, but_not):
            _let_read(escalation, person)
        notices.reach(call)
    return reaches


def _readers(call: EscalationCall, step: Step, but_not: list[User]) -> list[User]:
    """Return who may read the case: the one asked; all of them where the alarm service alone knows who is on duty."""
    if call.channel != By.WEBHOOK:
        return [call.person] if call.person else []
    held = Appointment.objects.in_force(clock.today()).filter(
        municipality_id=call.escalation.incident.municipality_id,
        seat__seat_type__kind=step.seat,
        seat__not_needed_reason="",
        person__is_active=True,
    )
    people = {one.person_id: one.person for one in held.exclude(person__in=but_not).select_related("person")}
    return list(people.values())


def _let_read(escalation: Escalation, person: User) -> None:
    """Share the case for a while with the one who is asked, as a recorded disclosure where authorities differ."""
    incident = escalation.incident
    if Scope.of(person).allows(READ_NARRATIVE, incident):
        return
    with override(settings.LANGUAGE_CODE):
        reason = _("The case was escalated to this person.")
        crosses = crosses_authorities(person, incident.body)
        assessment = _("Somebody must judge at once whether it may get worse.") if crosses else ""
    today = clock.today()
    write_grants(
        IncidentGrant,
        incident,
        person,
        (VIEW_INCIDENT, READ_NARRATIVE),
        reason=reason,
        assessment=assessment,
        given_by=escalation.asked_by,
        valid_from=today,
        valid_to=today + CALLEDS_TIME,
    )


def _exhaust(escalation: Escalation, incident: Incident) -> None:
    """Note that nobody is left to ask, and tell those who coordinate and whoever escalated."""
    escalation.exhausted_at = clock.now()
    escalation.save(update_fields=["exhausted_at"])
    people = {person.pk: person for person in those_who_coordinate(incident)}
    if not incident.is_withheld_from(escalation.asked_by_id):
        people[escalation.asked_by_id] = escalation.asked_by
    notices.say_nobody_answers(escalation, people.values())
