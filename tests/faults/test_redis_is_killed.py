"""Redis is killed three times while 200 reports are sent: all are answered, and everyone is told once."""

import pytest

from incidents.models import Incident
from notifications.models import OutboxMessage
from organisation.models import User
from scripts.servers import PrivateRedis
from tests.factories.organisation import make_municipality
from tests.faults.web import Reporter, Web
from tests.services.worker import start_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

REPORTS = 200
KILLED_AT = (30, 90, 150)
BACK_AFTER = 20
EMPTY_WITHIN = 120


@pytest.fixture
def redis():
    with PrivateRedis(durable=True) as server:
        yield server


@pytest.fixture
def town(transactional_db):
    made = make_municipality()
    for role in ("unit_manager", "safety_representative"):
        User.objects.filter(pk=made.people[role].pk).update(email=f"{role}@kommun.local")
    return made


def send_all(reporter, redis, keys) -> None:
    """Send one report per key; kill Redis at three of them, and start it again a while later."""
    for number, key in enumerate(keys):
        if number in KILLED_AT:
            redis.kill()
        if number - BACK_AFTER in KILLED_AT:
            redis.start()
        assert reporter.send(key).status == 302


def test_all_are_answered_and_each_is_told_once(town, redis, mailbox, tmp_path, make_keys):
    environment = {"REDIS_URL": redis.url(0), "EMAIL_URL": mailbox.url}
    web = Web(tmp_path / "web.log", **environment)
    worker = start_worker(tmp_path / "worker.log", beat=True, SWEEP_SECONDS="1", **environment)
    try:
        send_all(Reporter(web, town.employee, town.bodies["care-north"]), redis, make_keys(REPORTS))
        left = OutboxMessage.objects.filter(done_at__isnull=True)
        wait_until(lambda: not left.exists(), seconds=EMPTY_WITHIN, what="the outbox")
    finally:
        worker.stop()
        web.child.stop()
    assert Incident.objects.count() == REPORTS
    mails = mailbox.told()
    assert set(mails.values()) == {1}
    new = [one for one in mails if one.startswith("<incident-new")]
    assert len(new) == REPORTS


def test_control_without_rows_what_redis_forgot_is_never_told(town, redis, mailbox, tmp_path, make_keys):
    """With the outbox's sweep taken away, mails of the time without Redis never come."""
    environment = {"REDIS_URL": redis.url(0), "EMAIL_URL": mailbox.url}
    web = Web(tmp_path / "web.log", **environment)
    # No clock: nobody sweeps.
    worker = start_worker(tmp_path / "worker.log", beat=False, **environment)
    try:
        reporter = Reporter(web, town.employee, town.bodies["care-north"])
        redis.kill()
        assert reporter.send(make_keys(1)[0]).status == 302
        redis.start()
        assert reporter.send(make_keys(1)[0]).status == 302
        wait_until(lambda: mailbox.mails, seconds=60, what="the second report's mail")
    finally:
        worker.stop()
        web.child.stop()
    assert len([one for one in mailbox.told() if one.startswith("<incident-new")]) == 1
    assert OutboxMessage.objects.filter(done_at__isnull=True).exists()
