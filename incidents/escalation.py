"""Whom an escalated case is put to, step by step: the municipality's own chain, else the ordinary one (R166)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Escalation, EscalationCall, Incident
from incidents.permissions import ANSWER_ESCALATION
from organisation import clock
from organisation.access import Scope
from organisation.models import Municipality, SeatKind, User
from organisation.responsibility import who_answers
from organisation.work import WorkItem

By = EscalationCall.By
# Seats that a chain can name, each of which answers to the whole municipality.
CALLABLE = frozenset({SeatKind.DUTY_OFFICER, SeatKind.HEAD_OF_SECURITY, SeatKind.CHIEF_EXECUTIVE})
LONGEST_WAIT = 24 * 60
MOST_SHOWN = 20


@dataclass(frozen=True)
class Step:
    """One step of a chain: whose seat is asked, by which channel, and how long the answer may take."""

    seat: SeatKind
    channel: str
    wait: timedelta


@dataclass(frozen=True)
class Called:
    """Whoever is asked at a step, under the title that the municipality uses."""

    person: User
    title: str


ORDINARY = (
    Step(SeatKind.DUTY_OFFICER, By.MAIL, timedelta(minutes=15)),
    Step(SeatKind.HEAD_OF_SECURITY, By.MAIL, timedelta(minutes=30)),
    Step(SeatKind.CHIEF_EXECUTIVE, By.MAIL, timedelta(minutes=60)),
)


def chain_of(municipality: Municipality) -> tuple[Step, ...]:
    """Return the steps that hold today: those of the rules' ``escalation``, else the ordinary ones.

    A step of the rules that can't be understood is left out; somebody is always asked.
    """
    stated = municipality.rules(clock.today()).settings.get("escalation")
    steps = tuple(filter(None, map(_step, stated))) if isinstance(stated, list) else ()
    return steps or ORDINARY


def _step(stated: Any) -> Step | None:
    if not isinstance(stated, dict):
        return None
    seat, channel, minutes = stated.get("seat"), stated.get("channel", By.MAIL), stated.get("minutes", 15)
    known = seat in CALLABLE and channel in By.values
    if not known or not isinstance(minutes, int) or not 0 < minutes <= LONGEST_WAIT:
        return None
    return Step(SeatKind(str(seat)), channel, timedelta(minutes=minutes))


def who_is_called(incident: Incident, seat: SeatKind, but_not: Collection[User]) -> Called | None:
    """Return who holds ``seat`` today and is there, or the deputy; none when nobody does. Others don't stand in."""
    answer = who_answers(incident.body, seat, clock.today(), but_not=but_not)
    if answer.person is None or answer.seat is None or answer.seat.seat_type.kind != seat:
        return None
    return Called(answer.person, answer.seat.seat_type.title)


def waiting_for(person: User, incident: Incident) -> Escalation | None:
    """Return the case's unanswered escalation by which ``person`` was asked, the latest first."""
    unanswered = incident.escalations.filter(acknowledged_at__isnull=True, calls__person=person)
    return unanswered.order_by("-asked_at", "-pk").first()


def was_called(person: User, incident: Incident) -> bool:
    """Tell whether ``person`` has been asked by an escalation of the case, answered or not."""
    return EscalationCall.objects.filter(escalation__incident=incident, person=person).exists()


def may_answer(person: User, incident: Incident) -> bool:
    """Tell whether an escalation waits for ``person``: who was asked, or who answers escalations by their seat."""
    if waiting_for(person, incident):
        return True
    latest = incident.escalations.order_by("-asked_at", "-pk").first()
    if latest is None or latest.acknowledged_at:
        return False
    return Scope.of(person).allows(ANSWER_ESCALATION, incident)


def escalations_waiting(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the open escalated cases that wait for ``user``'s answer; never one that is kept from them."""
    asked = Escalation.objects.filter(acknowledged_at__isnull=True, calls__person=user).values("incident")
    cases = Incident.objects.visible_to(user).open().filter(pk__in=asked).select_related("body")
    for case in cases.order_by("reported_at", "pk")[:MOST_SHOWN]:
        yield WorkItem(
            title=_("Answer the escalation of report %(number)s") % {"number": case.label},
            url=reverse("incidents:escalation", args=[case.public_id]),
            why=case.body.name,
            due_on=clock.today(),
            status=_("Escalated"),
            tone="late",
        )
