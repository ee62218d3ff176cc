"""What people are told about a report: its number, its workplace and where to read it, never its text.

Written in the municipality's language, since a mail is made without the reader's browser.
"""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Identity, Incident, IncidentState, IncidentStatus
from notifications.mail import deliver_mail, send_mail_to
from notifications.services import enqueue, handles
from organisation.models import User

REPORTER_TOLD = "incidents.reporter_told"


def _facts(incident: Incident) -> Mapping[str, str]:
    return {
        "number": incident.label,
        "body": incident.body.name,
        "path": reverse("incidents:case", args=[incident.public_id]),
        "day": date_format(incident.answer_by, "j F Y") if incident.answer_by else "",
    }


def ask_to_read(incident: Incident, reader: User) -> None:
    """Ask the one who reads the report to do so."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(incident)
        send_mail_to(
            person=reader,
            subject=_("New report %(number)s, %(body)s") % facts,
            body=_(
                "A report has come in from %(body)s and you are the one who reads it. "
                "The reporter has been told to expect your answer by %(day)s.\n\n"
                "Log in to the safety portal and open %(path)s"
            )
            % facts,
            once_key=f"incident-new:{incident.public_id}",
        )


def say_nobody_reads(incident: Incident, person: User) -> None:
    """Tell someone who sees the case that nobody holds a seat from which it is read."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(incident)
        send_mail_to(
            person=person,
            subject=_("Nobody reads report %(number)s, %(body)s") % facts,
            body=_(
                "A report has come in from %(body)s, but no manager is appointed who can read it. "
                "See to it that somebody is appointed. The reporter expects an answer by %(day)s.\n\n"
                "Log in to the safety portal and open %(path)s"
            )
            % facts,
            once_key=f"incident-unread:{incident.public_id}",
        )


def tell_safety_representative(incident: Incident, person: User) -> None:
    """Tell the safety representative that something has happened, not what or to whom (AML 6:4)."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(incident)
        send_mail_to(
            person=person,
            subject=_("Something has happened at %(body)s") % facts,
            body=_(
                "A report, %(number)s, has come in from %(body)s. You are told as safety representative "
                "that something has happened, not who reported it.\n\n"
                "Log in to the safety portal and open %(path)s"
            )
            % facts,
            once_key=f"incident-told:{incident.public_id}",
        )


def tell_of_many(incident: Incident, person: User) -> None:
    """Tell that reports come in thick and fast from one address: one mail an hour, whatever they are about."""
    with override(settings.LANGUAGE_CODE):
        send_mail_to(
            person=person,
            subject=_("Many reports have come in"),
            body=_(
                "Many reports have come in without log-in during a short time, the latest from %(body)s. "
                "You get one mail an hour about them; each has its number and its day as any other.\n\n"
                "Log in to the safety portal and open %(path)s"
            )
            % {"body": incident.body.name, "path": reverse("incidents:inbox")},
            once_key=f"incidents-many:{localtime(incident.reported_at):%Y-%m-%dT%H}",
        )


def tell_reporter(status: IncidentStatus) -> None:
    """Tell the reporter that the case has been answered or taken up again.

    The message carries the case and not the person: the outbox must not say who reported.
    """
    enqueue(
        REPORTER_TOLD,
        municipality=status.incident.municipality,
        once_key=f"{REPORTER_TOLD}:{status.pk}",
        status_id=status.pk,
    )


@handles(REPORTER_TOLD)
def deliver_to_reporter(*, status_id: int) -> None:
    """Mail the reporter now: that there is an answer, and where; never the answer itself."""
    status = IncidentStatus.objects.select_related("incident__body").filter(pk=status_id).first()
    if status is None:
        return
    incident = status.incident
    with override(settings.LANGUAGE_CODE):
        facts = _facts(incident)
        subject = _what_is_new(status)
        body = _("Log in to the safety portal and open %(path)s") % facts
    # Whoever reported without log-in returns by the code.
    reporters = incident.identities.filter(role=Identity.Role.REPORTER, person__isnull=False)
    for person_id in reporters.values_list("person_id", flat=True):
        deliver_mail(
            person_id=person_id,
            subject=subject % facts,
            body=body,
            message_id=f"<incident-answered.{incident.public_id}.{status.pk}@trygghetsportalen>",
        )


def _what_is_new(status: IncidentStatus) -> str:
    if status.change == IncidentStatus.Change.MESSAGE:
        return _("There is a message about your report %(number)s")
    if status.change == IncidentStatus.Change.MERGED:
        return _("Your report %(number)s is handled together with another")
    if status.change == IncidentStatus.Change.CLOSED_UNANSWERED:
        return _("Your report %(number)s has been closed")
    if status.to_state == IncidentState.CLOSED:
        return _("Your report %(number)s has been answered")
    return _("Your report %(number)s has been taken up again")
