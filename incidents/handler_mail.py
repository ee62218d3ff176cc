"""What handlers are told of the cases that they have, get or lose: number and workplace, never text or who reported.

Written in the municipality's language, since a mail is made without the reader's browser.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Assignment, Incident, Message
from notifications.mail import send_mail_to
from organisation import clock
from organisation.models import User


def remind(given: Assignment) -> None:
    """Remind the one who has a case that it is not opened, and say when it passes on."""
    with override(settings.LANGUAGE_CODE):
        moment = date_format(localtime(given.acknowledge_by), "l j F, H.i")
        _send(
            given.incident,
            given.person,
            _("Report %(number)s, %(body)s, waits to be opened"),
            _("You have not opened it yet. If nobody does by %(moment)s, it passes on to the next in line."),
            once_key=f"incident-reminded:{given.pk}",
            moment=moment,
        )


def tell_new(given: Assignment) -> None:
    """Tell the one who has got a case, after somebody else or from a colleague."""
    with override(settings.LANGUAGE_CODE):
        words = {
            Assignment.Reason.IDLE: _("The one before you in line has not opened it in time, so it is yours now."),
            Assignment.Reason.LEFT: _("The one who had it no longer handles it, so it is yours now."),
            Assignment.Reason.CHOSEN: _("A colleague has handed it over to you."),
            Assignment.Reason.ANSWERS: _("You answer for the workplace, so it is yours now."),
        }
        _send(
            given.incident,
            given.person,
            _("Report %(number)s, %(body)s, is yours now"),
            words[Assignment.Reason(given.reason)],
            once_key=f"incident-given:{given.pk}",
        )


def tell_former(before: Assignment) -> None:
    """Tell the one who had a case that somebody else has it."""
    with override(settings.LANGUAGE_CODE):
        _send(
            before.incident,
            before.person,
            _("Report %(number)s, %(body)s, has passed on to somebody else"),
            _("You need not do anything more. Talk to the one who has it if you have begun."),
            once_key=f"incident-passed:{before.pk}",
        )


def say_nobody_takes_it(incident: Incident, person: User) -> None:
    """Tell somebody in the safety unit that nobody in the line has taken a case on; once for each case."""
    with override(settings.LANGUAGE_CODE):
        _send(
            incident,
            person,
            _("Nobody takes on report %(number)s, %(body)s"),
            _(
                "All who answer for the workplace have been asked, and nobody has opened it in time. "
                "See to it that somebody does."
            ),
            once_key=f"incident-untaken:{incident.public_id}",
        )


def tell_message(message: Message, person: User) -> None:
    """Tell a handler that the reporter has written, or withdrawn the report; never what."""
    with override(settings.LANGUAGE_CODE):
        withdrawn = message.kind == Message.Kind.WITHDRAWAL
        _send(
            message.incident,
            person,
            _("Report %(number)s, %(body)s, has been withdrawn")
            if withdrawn
            else _("The reporter of %(number)s, %(body)s, has written"),
            _("The reporter withdraws it. It stays where it is; read why.")
            if withdrawn
            else _("What the reporter has added, or answered, stands in the case."),
            once_key=f"incident-message:{message.pk}",
        )


def tell_file(incident: Incident, person: User) -> None:
    """Tell the one who has a case that the reporter has added a file to it; once a day, however many they are."""
    with override(settings.LANGUAGE_CODE):
        _send(
            incident,
            person,
            _("A file has been added to report %(number)s, %(body)s"),
            _("The reporter has added a file to the report. You open it in the portal."),
            once_key=f"incident-file:{incident.public_id}:{clock.today()}",
        )


def _send(incident: Incident, person: User, subject: str, body: str, *, once_key: str, **facts: str) -> None:
    path = reverse("incidents:case", args=[incident.public_id])
    told = {"number": incident.label, "body": incident.body.name, "path": path, **facts}
    text = "\n\n".join((body, _("Log in to the safety portal and open %(path)s")))
    send_mail_to(person=person, subject=subject % told, body=text % told, once_key=once_key)
