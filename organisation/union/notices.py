"""What is mailed about requests and stops: number, workplace, day and where to read it, never the words themselves.

Written in the municipality's language, since a mail is made without anyone's browser.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.mail import deliver_mail, send_mail_to
from notifications.services import enqueue, handles
from organisation import clock
from organisation.access import holders_of
from organisation.employer import who_acts
from organisation.models import RequestState, User, WorkEnvironmentRequest, WorkStop
from organisation.permissions import ANSWER_REQUEST, VIEW_REQUEST

REMINDER = "organisation.request_reminder"
REMINDED_BEFORE = timedelta(days=3)
# Reminders come when the working day begins.
MORNING = time(8)


def _facts(matter: WorkEnvironmentRequest | WorkStop) -> dict[str, str]:
    page = "request" if isinstance(matter, WorkEnvironmentRequest) else "stop"
    return {
        "number": matter.label,
        "body": matter.body.name,
        "path": reverse(f"organisation:{page}", args=[matter.public_id]),
    }


def _request_facts(request: WorkEnvironmentRequest) -> dict[str, str]:
    return _facts(request) | {"day": date_format(request.answer_by, "j F Y")}


def employers_of(matter: WorkEnvironmentRequest | WorkStop) -> Iterable[User]:
    """Return who is told for the employer today: the one who acts there, else all in the line who could."""
    filer = matter.appointment.person
    acting = who_acts(matter.body, clock.today(), but_not=filer)
    if acting is not None:
        return [acting.person]
    return [person for person in holders_of(ANSWER_REQUEST, matter.body) if person != filer]


def confirm_receipt(request: WorkEnvironmentRequest) -> None:
    """Mail the representative the receipt that the law asks for (AML 6:6a): number, who answers, by when."""
    filer = request.appointment.person
    acting = who_acts(request.body, clock.today(), but_not=filer)
    with override(settings.LANGUAGE_CODE):
        facts = _request_facts(request)
        if acting is not None:
            facts["who"] = f"{acting.person.name}, {acting.title}"
            answers = _("%(who)s answers for the employer, by %(day)s at the latest.") % facts
        else:
            answers = _("No manager is appointed there just now. Those in charge have been told to see to it.")
        subject = _("Receipt: your request %(number)s, %(body)s") % facts
        received = _("The employer has received your request %(number)s.") % facts
        _mail([filer], subject, f"{received} {answers}", facts, f"request-receipt:{request.public_id}")


def ask_to_answer(request: WorkEnvironmentRequest) -> None:
    """Ask the one who acts for the employer to answer; where nobody does, say so to those who see it."""
    filer = request.appointment.person
    with override(settings.LANGUAGE_CODE):
        facts = _request_facts(request)
        acting = who_acts(request.body, clock.today(), but_not=filer)
        if acting is not None:
            _mail(
                [acting.person],
                _("Request %(number)s by a safety representative, %(body)s") % facts,
                _("A safety representative asks the employer for something, and you answer, by %(day)s at the latest.")
                % facts,
                facts,
                f"request-new:{request.public_id}",
            )
            return
        _mail(
            [person for person in holders_of(VIEW_REQUEST, request.body) if person != filer],
            _("Nobody answers request %(number)s, %(body)s") % facts,
            _("No manager is appointed who can answer. See to it that somebody is, by %(day)s.") % facts,
            facts,
            f"request-nobody:{request.public_id}",
        )


def plan_reminders(request: WorkEnvironmentRequest) -> None:
    """Put the reminders in the outbox, for their mornings: before the last day, and after it."""
    for kind, day in (("soon", request.answer_by - REMINDED_BEFORE), ("late", request.answer_by + timedelta(days=1))):
        delay = _morning_of(day) - clock.now()
        if delay > timedelta(0):
            enqueue(
                REMINDER,
                municipality=request.municipality,
                once_key=f"{REMINDER}:{kind}:{request.public_id}",
                delay=delay,
                request_id=request.pk,
                kind=kind,
            )


def _morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))


@handles(REMINDER)
def remind(*, request_id: int, kind: str) -> None:
    """Remind the one who acts for the employer now, if the request still has no answer."""
    found = WorkEnvironmentRequest.objects.filter(pk=request_id, state=RequestState.FILED)
    request = found.select_related("body__municipality", "appointment__person").first()
    if request is None:
        return
    with override(settings.LANGUAGE_CODE):
        facts = _request_facts(request)
        if kind == "late":
            subject = _("Request %(number)s should have been answered by %(day)s") % facts
            body = _("The representative may now ask the Work Environment Authority. Answer as soon as you can.")
        else:
            subject = _("Answer request %(number)s by %(day)s") % facts
            body = _("A safety representative at %(body)s waits for the employer's answer.") % facts
        for person in employers_of(request):
            deliver_mail(
                person_id=person.pk,
                subject=subject,
                body=f"{body}\n\n{_log_in(facts)}",
                message_id=f"<request-{kind}.{request.public_id}.{person.pk}@trygghetsportalen>",
            )


def tell_of_answer(request: WorkEnvironmentRequest) -> None:
    """Tell the representative that there is an answer, and where."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(request)
        subject = _("Request %(number)s has been answered") % facts
        _mail([request.appointment.person], subject, "", facts, f"request-answered:{request.public_id}")


def tell_of_referral(request: WorkEnvironmentRequest) -> None:
    """Tell the one who acts for the employer that the authority has been asked."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(request)
        subject = _("Request %(number)s is referred to the Work Environment Authority") % facts
        _mail(employers_of(request), subject, "", facts, f"request-referred:{request.public_id}")


def tell_of_withdrawal(request: WorkEnvironmentRequest) -> None:
    """Tell the one who acts for the employer that nothing is asked for any more."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(request)
        subject = _("Request %(number)s is withdrawn") % facts
        _mail(employers_of(request), subject, "", facts, f"request-withdrawn:{request.public_id}")


def tell_of_stop(stop: WorkStop) -> None:
    """Tell the one who acts for the employer at once that work is stopped (AML 6:7)."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(stop)
        _mail(
            employers_of(stop),
            _("Work is stopped at %(body)s: %(number)s") % facts,
            _(
                "A safety representative has stopped work. The stop holds until you and the representative agree, "
                "or the Work Environment Authority decides."
            ),
            facts,
            f"stop-new:{stop.public_id}",
        )


def tell_of_lifting(stop: WorkStop) -> None:
    """Tell both sides that the stop has been lifted."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(stop)
        people = {person.pk: person for person in (*employers_of(stop), stop.appointment.person)}
        subject = _("Stop %(number)s at %(body)s is lifted") % facts
        _mail(people.values(), subject, "", facts, f"stop-lifted:{stop.public_id}")


def _mail(people: Iterable[User], subject: str, body: str, facts: Mapping[str, str], once_key: str) -> None:
    text = "\n\n".join(part for part in (body, _log_in(facts)) if part)
    for person in people:
        send_mail_to(person=person, subject=subject, body=text, once_key=once_key)


def _log_in(facts: Mapping[str, str]) -> str:
    return _("Log in to the safety portal and open %(path)s") % facts
