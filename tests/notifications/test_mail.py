"""Mail through a real SMTP server: sent once, with a stable Message-ID, and never to an invented person."""

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings

from notifications.mail import deliver_mail, send_mail_to
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.models import User
from scripts.servers import free_port
from tests.factories.organisation import make_municipality
from tests.notifications.mailbox import Mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox():
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port
    ):
        yield kept
    server.stop()


@pytest.fixture
def person():
    town = make_municipality(people=False)
    return User.objects.create_user("maja@kommun.local", municipality=town.municipality, name="Maja Exempelsson")


def test_a_mail_arrives_with_subject_and_message_id(mailbox, person):
    send_mail_to(person=person, subject="Ny rapport", body="H-2026-0001", once_key="incident-1")
    deliver_message(OutboxMessage.objects.get().pk)
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Ny rapport"
    assert mail["To"] == "maja@kommun.local"
    assert mail["Message-ID"] == f"<incident-1.{person.pk}@trygghetsportalen>"


def test_the_same_event_is_mailed_once(mailbox, person):
    for _time in range(2):
        send_mail_to(person=person, subject="Ny rapport", body="H-2026-0001", once_key="incident-1")
    assert OutboxMessage.objects.count() == 1


def test_a_mail_server_that_is_down_loses_nothing(person):
    send_mail_to(person=person, subject="Ny rapport", body="H-2026-0001", once_key="incident-1")
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port()
    ):
        deliver_message(OutboxMessage.objects.get().pk)
    message = OutboxMessage.objects.get()
    assert message.failures == 1
    assert message.done_at is None
    assert message.parked_at is None


@pytest.mark.parametrize("address", ["elin@mjolby.example.se", "elin@example.com", "elin@x.test"])
def test_an_invented_person_never_gets_mail(mailbox, person, address):
    person.email = address
    person.save()
    deliver_mail(person_id=person.pk, subject="x", body="x", message_id="<x@y>")
    assert mailbox.mails == []


def test_a_person_who_has_left_gets_no_mail(mailbox, person):
    person.is_active = False
    person.save()
    deliver_mail(person_id=person.pk, subject="x", body="x", message_id="<x@y>")
    assert mailbox.mails == []
