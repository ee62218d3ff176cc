"""The mail server is down for ten minutes, and a worker dies with a mail sent but not noted: nothing is lost.

The ten minutes pass on the outbox's clock; the connections that are refused, and the server that comes back, are real.
"""

import os
import signal
from collections import Counter
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings
from django.utils import timezone

from notifications import services
from notifications.models import OutboxMessage
from organisation.models import User
from scripts.servers import free_port
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality
from tests.notifications.mailbox import Mailbox
from tests.services.worker import start_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

REPORTS = 20
SWEPT_EVERY = timedelta(seconds=30)
DOWN = timedelta(minutes=10)
KILLS = 3


@pytest.fixture
def town(transactional_db):
    made = make_municipality()
    User.objects.filter(pk=made.unit_manager.pk).update(email="maja@kommun.local")
    made.people["unit_manager"].refresh_from_db()
    return made


class Clock:
    """The outbox's clock, which the test moves."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def now(self):
        return self.at


@pytest.fixture
def moved(monkeypatch):
    kept = Clock()
    monkeypatch.setattr(services, "timezone", kept)
    return kept


def sweep(moved) -> None:
    """Do what a sweep and a worker do: deliver every message that waits."""
    for pk in OutboxMessage.objects.waiting(moved.at).values_list("pk", flat=True):
        services.deliver_message(pk)


def pass_time(moved, port: int, length: timedelta) -> None:
    """Let ``length`` pass with a sweep each half minute, mail going to ``port``."""
    end = moved.at + length
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        while moved.at < end:
            moved.at += SWEPT_EVERY
            sweep(moved)


def waiting():
    return OutboxMessage.objects.filter(done_at__isnull=True)


def test_ten_minutes_without_a_mail_server_lose_nothing(town, moved):
    for _number in range(REPORTS):
        report(town)
    port, mailbox = free_port(), Mailbox()
    pass_time(moved, port, DOWN)
    assert not OutboxMessage.objects.filter(parked_at__isnull=False).exists()
    assert waiting().count() >= REPORTS
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        # The longest pause between two tries.
        pass_time(moved, port, services.LONGEST_PAUSE + SWEPT_EVERY)
    finally:
        server.stop()
    assert not waiting().exists()
    mails = mailbox.told()
    assert len([one for one in mails if one.startswith("<incident-new")]) == REPORTS
    assert set(mails.values()) == {1}


def test_control_a_message_that_is_given_up_is_never_told(town, moved, monkeypatch):
    """With patience for two failures only, ten minutes are enough to lose every mail."""
    monkeypatch.setattr(services, "MAX_FAILURES", 2)
    report(town)
    port, mailbox = free_port(), Mailbox()
    pass_time(moved, port, DOWN)
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        pass_time(moved, port, services.LONGEST_PAUSE + SWEPT_EVERY)
    finally:
        server.stop()
    assert mailbox.mails == []


class KillingMailbox(Mailbox):
    """Takes a mail and kills the worker that sent it, before it can note that."""

    worker = None
    kills = 0

    def handle_message(self, message) -> None:
        super().handle_message(message)
        if self.worker is not None and self.kills < KILLS:
            self.kills += 1
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker = None


def test_a_worker_killed_with_a_mail_sent_repeats_it_under_the_same_id(town, tmp_path, monkeypatch):
    """At most one mail too many per kill, and it carries the same Message-ID, so that a mail program shows one."""
    mailbox = KillingMailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    made = [report(town) for _number in range(6)]
    environment = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "SWEEP_SECONDS": "1"}
    try:
        for number in range(KILLS + 1):
            # What a dead worker held is free again when its lease has run out.
            waiting().update(lease_until=None)
            mailbox.worker = start_worker(tmp_path / f"worker-{number}.log", beat=True, **environment)
            child = mailbox.worker
            wait_until(lambda child=child: not child.is_running() or not waiting().exists(), seconds=60, what="a kill")
        child.stop()
    finally:
        server.stop()
    assert mailbox.kills == KILLS
    mails = Counter({name: count for name, count in mailbox.told().items() if name.startswith("<incident-new")})
    assert len(mails) == len(made)
    assert sum(mails.values()) <= len(made) + KILLS
