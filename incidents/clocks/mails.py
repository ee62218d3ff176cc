"""What people are told when time runs out: the case's number, its workplace and when; never which duty, nor why.

Written in the municipality's language, since a mail is made without anybody's browser.
"""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.clocks.words import moment
from incidents.models import StatutoryNotice
from notifications.mail import send_mail_to
from organisation.models import User

Telling = Callable[[StatutoryNotice, User], None]


def remind(notice: StatutoryNotice, person: User) -> None:
    """Tell a handler, in good time, that an authority may have to be notified."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Case %(number)s: an authority may have to be notified by %(time)s")
        body = _(
            "Case %(number)s at %(body)s calls for a decision or a notification to an authority, "
            "at the latest %(time)s.\n\nLog in to the safety portal and open %(path)s"
        )
        _send("reminder", notice, person, subject, body)


def say_overdue(notice: StatutoryNotice, person: User) -> None:
    """Tell a handler that the time is out."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Case %(number)s: the time to notify an authority is out")
        body = _(
            "Case %(number)s at %(body)s should have been decided on or notified to an authority by %(time)s. "
            "Do it now: a late notification is better than none.\n\n"
            "Log in to the safety portal and open %(path)s"
        )
        _send("overdue", notice, person, subject, body)


def ask_superior(notice: StatutoryNotice, person: User) -> None:
    """Tell the next in line that those who handle the case have let the time run out."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Case %(number)s: nobody has notified the authority")
        body = _(
            "Case %(number)s at %(body)s should have been decided on or notified to an authority by %(time)s. "
            "Those who handle it have been told and have not done so. You are next in line: see to it that it is done."
            "\n\nLog in to the safety portal and open %(path)s"
        )
        _send("escalated", notice, person, subject, body)


def _send(what: str, notice: StatutoryNotice, person: User, subject: str, body: str) -> None:
    facts = {
        "number": notice.incident.label,
        "body": notice.incident.body.name,
        "time": moment(notice.due_at) if notice.due_at else "",
        "path": reverse("incidents:notices", args=[notice.incident.public_id]),
    }
    # A duty that is called for anew, or gets another time, is told anew.
    round_of = notice.due_at.strftime("%Y%m%d%H%M") if notice.due_at else ""
    changes = notice.changes.filter(from_state="withdrawn").count()
    once_key = f"clock-{what}:{notice.public_id}:{round_of}:{changes}"
    send_mail_to(person=person, subject=subject % facts, body=body % facts, once_key=once_key)
