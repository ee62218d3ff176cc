"""Redis, a real one, is killed: reports are taken and answered, and done when it comes back."""

import json
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from followup.models import Report, ReportState
from incidents.models import Incident
from notifications.models import Job, OutboxMessage
from organisation import clock
from organisation.models import User
from scripts.servers import PrivateRedis
from scripts.steps import ROOT
from tests.factories.organisation import make_municipality
from tests.services.worker import process_environment, start_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

# What a web process does when an employee reports and a coordinator starts the yearly report.
WEB = """
import json, time, uuid, sys
from followup.models import Edition
from followup.services import start_report
from incidents.services import report_incident
from organisation import clock
from organisation.models import Body, User
people = {person.pk: person for person in User.objects.all()}
employee, coordinator = (people[int(pk)] for pk in sys.argv[1:3])
began = time.monotonic()
incident = report_incident(
    body=Body.objects.get(pk=int(sys.argv[3])), kind="threat", occurred_when="just_now", occurred_on=clock.today(),
    text="Hot", by=employee, submission_key=uuid.uuid4(),
)
report = start_report(municipality=coordinator.municipality, year=2025, edition=Edition.PUBLIC, by=coordinator)
print(json.dumps({"incident": incident.pk, "report": report.pk, "seconds": time.monotonic() - began}))
"""


@pytest.fixture
def redis():
    with PrivateRedis(durable=True) as server:
        yield server


def as_web(town, environment: dict[str, str]) -> dict:
    """Run ``WEB`` in a process of its own, as gunicorn would, and return what it printed."""
    arguments = [town.employee.pk, town.safety_coordinator.pk, town.bodies["care-north"].pk]
    setup = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + WEB, *map(str, arguments)],
        cwd=ROOT,
        env=process_environment() | environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def finished(told: dict) -> None:
    """Wait until the report is made and the outbox empty."""
    report = Report.objects.filter(pk=told["report"], state=ReportState.READY)
    wait_until(report.exists, seconds=150, what="the report")
    left = OutboxMessage.objects.filter(done_at__isnull=True)
    wait_until(lambda: not left.exists(), seconds=120, what="the outbox")


def test_what_is_sent_while_redis_is_down_is_answered_and_done_later(transactional_db, redis, tmp_path):
    town = make_municipality()
    User.objects.filter(pk=town.unit_manager.pk).update(email="maja@kommun.local")
    environment = {"REDIS_URL": redis.url(0), "EMAIL_URL": "dummy://"}
    redis.kill()
    told = as_web(town, environment)
    assert Incident.objects.filter(pk=told["incident"]).exists()
    assert Report.objects.get(pk=told["report"]).state == ReportState.MAKING
    # Answered at once: a broker that is gone holds nobody.
    assert told["seconds"] < 20
    assert OutboxMessage.objects.filter(done_at__isnull=True).exists()
    redis.start()
    worker = start_worker(tmp_path / "worker.log", beat=True, SWEEP_SECONDS="1", **environment)
    try:
        finished(told)
    finally:
        worker.stop()


def test_a_worker_outlives_its_redis(transactional_db, redis, tmp_path):
    """The worker that ran when Redis went away takes up work again when it is back."""
    town = make_municipality()
    environment = {"REDIS_URL": redis.url(0), "EMAIL_URL": "dummy://"}
    worker = start_worker(tmp_path / "worker.log", beat=True, SWEEP_SECONDS="1", **environment)
    try:
        redis.kill()
        told = as_web(town, environment)
        time.sleep(3)
        redis.start()
        finished(told)
    finally:
        worker.stop()


def test_a_redis_that_forgets_everything_loses_no_work(transactional_db, redis, tmp_path):
    """FLUSHALL with messages waiting: the sweep sends them again from the rows."""
    town = make_municipality()
    environment = {"REDIS_URL": redis.url(0), "EMAIL_URL": "dummy://"}
    told = as_web(town, environment)
    redis.kill()
    for left in redis.folder.glob("appendonlydir/*"):
        left.unlink()
    redis.start()
    worker = start_worker(tmp_path / "worker.log", beat=True, SWEEP_SECONDS="1", **environment)
    try:
        finished(told)
    finally:
        worker.stop()


def test_control_without_the_sweep_forgotten_work_stays_undone(transactional_db, redis, tmp_path):
    town = make_municipality()
    environment = {"REDIS_URL": redis.url(0), "EMAIL_URL": "dummy://"}
    told = as_web(town, environment)
    redis.kill()
    for left in redis.folder.glob("appendonlydir/*"):
        left.unlink()
    redis.start()
    # A worker without the clock that sweeps, and whose look at the start finds nothing old enough.
    Job.objects.update(created_at=clock.now() + timedelta(days=1))
    worker = start_worker(tmp_path / "worker.log", beat=False, **environment)
    try:
        time.sleep(6)
        assert Report.objects.get(pk=told["report"]).state == ReportState.MAKING
        assert OutboxMessage.objects.filter(done_at__isnull=True).exists()
    finally:
        worker.stop()
