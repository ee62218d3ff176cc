"""How people are reached by an escalation: a mail, or the municipality's alarm service; a number, never the text.

Written in the municipality's language, since a mail is made without the reader's browser.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable

import requests
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Escalation, EscalationCall, Incident
from notifications.mail import send_mail_to
from notifications.services import enqueue, handles
from organisation.login.addresses import is_confidential
from organisation.models import User

ALARM = "incidents.escalation_alarm"
TIMEOUT_SECONDS = 10


class AlarmNotTaken(Exception):
    """The alarm service did not take the alarm; the outbox tries again."""


def alarm_service_is_set_up() -> bool:
    """Tell whether an alarm service can be called: its address, its key, and nobody between who reads along."""
    address = settings.ESCALATION_WEBHOOK_URL
    if not address or not settings.ESCALATION_WEBHOOK_SECRET:
        return False
    return bool(settings.DEBUG) or is_confidential(address)


def reach(call: EscalationCall) -> None:
    """Send the call on its way by its channel."""
    if call.channel == EscalationCall.By.WEBHOOK:
        incident = call.escalation.incident
        enqueue(ALARM, municipality=incident.municipality, once_key=f"{ALARM}:{call.pk}", call_id=call.pk)
    elif call.person is not None:
        _mail(call, call.person)


def _mail(call: EscalationCall, person: User) -> None:
    with override(settings.LANGUAGE_CODE):
        facts = _facts(call.escalation.incident)
        facts["time"] = date_format(localtime(call.answer_by), "DATETIME_FORMAT")
        send_mail_to(
            person=person,
            subject=_("Look at report %(number)s, %(body)s, now") % facts,
            body=_(
                "Whoever handles report %(number)s at %(body)s asks you to look at it at once: it may get worse. "
                "Say that you have it by %(time)s; the next in line is asked after that.\n\n"
                "Log in to the safety portal and open %(path)s"
            )
            % facts,
            once_key=f"incident-escalation:{call.escalation_id}:{call.step}",
        )


@handles(ALARM)
def deliver_alarm(*, call_id: int) -> None:
    """Post the alarm now: number, place, link and step, signed. At least once: the service tells repeats by ``id``.

    An alarm that has been answered meanwhile is not sent. Raises ``AlarmNotTaken`` for another answer than 2xx.
    """
    calls = EscalationCall.objects.select_related("escalation__incident__body")
    call = calls.filter(pk=call_id, escalation__acknowledged_at__isnull=True).first()
    if call is None:
        return
    if not alarm_service_is_set_up():
        raise AlarmNotTaken("not set up")
    body = alarm_body(call)
    headers = {"Content-Type": "application/json", "X-Signature-SHA256": signature(body)}
    try:
        answer = requests.post(
            settings.ESCALATION_WEBHOOK_URL, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        # Without the address, which may carry a secret.
        raise AlarmNotTaken(type(error).__name__) from None
    if not 200 <= answer.status_code < 300:
        raise AlarmNotTaken(str(answer.status_code))


def alarm_body(call: EscalationCall) -> bytes:
    """Return what is posted, the same each time: never the case's text, nor a name."""
    facts = _facts(call.escalation.incident)
    told = {
        "id": f"{facts['number']}-{call.escalation_id}-{call.step}",
        "number": facts["number"],
        "place": facts["body"],
        "link": f"{settings.PORTAL_URL.rstrip('/')}{facts['path']}",
        "step": call.step,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def signature(body: bytes) -> str:
    """Return the HMAC-SHA256 of ``body`` under the shared key, in hexadecimal."""
    return hmac.new(settings.ESCALATION_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()


def say_answered(escalation: Escalation) -> None:
    """Tell whoever escalated that somebody has answered; who and what stands in the case."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(escalation.incident)
        send_mail_to(
            person=escalation.asked_by,
            subject=_("The escalation of report %(number)s is answered") % facts,
            body=_("Log in to the safety portal and open %(path)s") % facts,
            once_key=f"incident-escalation-answered:{escalation.pk}",
        )


def say_nobody_answers(escalation: Escalation, people: Iterable[User]) -> None:
    """Tell those who coordinate, and whoever escalated, that nobody in the chain has answered."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(escalation.incident)
        for person in people:
            send_mail_to(
                person=person,
                subject=_("Nobody answers: report %(number)s, %(body)s") % facts,
                body=_(
                    "Report %(number)s at %(body)s was escalated, and nobody in the chain has answered. "
                    "Call them, or see to it yourself that somebody looks at it.\n\n"
                    "Log in to the safety portal and open %(case)s"
                )
                % facts,
                once_key=f"incident-escalation-unanswered:{escalation.pk}",
            )


def _facts(incident: Incident) -> dict[str, str]:
    return {
        "number": incident.label,
        "body": incident.body.name,
        "path": reverse("incidents:escalation", args=[incident.public_id]),
        "case": reverse("incidents:case", args=[incident.public_id]),
    }
