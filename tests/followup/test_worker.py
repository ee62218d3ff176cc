"""A report by a real worker process: killed anywhere it is made all the same, once, with no file left over."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from followup.models import Edition, Report, ReportState
from followup.services import start_report
from notifications import services as notifications
from notifications.models import Heartbeat, Job, JobState
from organisation import clock
from scripts.processes import Child
from tests.factories.followup import YEAR, make_followed_up_town
from tests.factories.organisation import Town
from tests.services.worker import start_worker, wait_until

pytestmark = pytest.mark.worker

QUICK = {"JOB_LEASE_SECONDS": "2", "SWEEP_SECONDS": "0.5"}
MINUTE = 90


@pytest.fixture
def town(transactional_db: None) -> Town:
    if not settings.REDIS_URL:
        pytest.skip("the worker tests need Redis")
    if clock.today() < date(YEAR + 1, 1, 1):
        pytest.skip("the year that is followed up has not ended on this machine")
    return make_followed_up_town()


@pytest.fixture
def own_worker(town: Town, tmp_path: Path) -> Iterator[Callable[[], Child]]:
    """Start a worker of the test's own, with short leases and a beat; all are ended afterwards."""
    started: list[Child] = []

    def begin() -> Child:
        started.append(start_worker(tmp_path / f"worker-{len(started)}.log", beat=True, **QUICK))
        return started[-1]

    yield begin
    for child in started:
        child.stop()


def start(town: Town) -> Report:
    return start_report(municipality=town.municipality, year=YEAR, edition=Edition.SECRET, by=None)


def made(report: Report) -> bool:
    return Report.objects.get(pk=report.pk).state != ReportState.MAKING


def assert_one_file(report: Report) -> None:
    """Exactly one PDF, the one that the row names; nothing partial and nothing left over."""
    report.refresh_from_db()
    assert report.state == ReportState.READY
    folder = f"reports/{report.public_id}"
    wait_until(lambda: len(default_storage.listdir(folder)[1]) == 1, seconds=20, what="left-over files to be swept")
    assert [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]] == [report.file.name]
    with report.file.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
    import hashlib

    assert hashlib.sha256(content).hexdigest() == report.file_digest
    assert Job.objects.exclude(state=JobState.DONE).count() == 0


def test_a_running_worker_makes_the_report(town: Town, worker: Child) -> None:
    report = start(town)
    wait_until(lambda: made(report), seconds=MINUTE, what="the report")
    assert_one_file(report)


def test_without_a_worker_the_report_waits_and_is_made_when_one_comes(
    town: Town, own_worker: Callable[[], Child]
) -> None:
    Heartbeat.objects.all().delete()
    report = start(town)
    assert not notifications.worker_is_running()
    # Nobody took it, and the message may be lost: the row is the promise.
    import redis

    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    Job.objects.update(created_at=clock.now().replace(year=YEAR))
    assert not made(report)
    own_worker()
    wait_until(lambda: made(report), seconds=MINUTE, what="the report")
    assert_one_file(report)
    assert notifications.worker_is_running()


def test_redis_down_when_starting_still_stores_the_report(
    town: Town, own_worker: Callable[[], Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_name: str, **_options: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("notifications.services.current_app.send_task", refuse)
    report = start(town)
    assert Job.objects.filter(state=JobState.QUEUED).count() == 8
    Job.objects.update(created_at=clock.now().replace(year=YEAR))
    own_worker()
    wait_until(lambda: made(report), seconds=MINUTE, what="the report")
    assert_one_file(report)


def at_work(report: Report) -> bool:
    return Job.objects.filter(municipality=report.municipality, state=JobState.RUNNING).exists()


def rendering(report: Report) -> bool:
    return Report.objects.filter(pk=report.pk, render_job__state=JobState.RUNNING).exists()


@pytest.mark.faults
@pytest.mark.parametrize("trial", range(6))
def test_a_killed_worker_leaves_exactly_one_report(town: Town, own_worker: Callable[[], Child], trial: int) -> None:
    """kill -9 at a random moment, in odd trials of the PDF's making, in even ones of any part's."""
    chance = random.Random(trial)
    first = own_worker()
    report = start(town)
    wait_until(lambda: (rendering if trial % 2 else at_work)(report) or made(report), seconds=MINUTE)
    time.sleep(chance.uniform(0, 1.5))
    os.killpg(first.pid, signal.SIGKILL)
    own_worker()
    wait_until(lambda: made(report), seconds=MINUTE, what="the report after the kill")
    assert_one_file(report)


@pytest.mark.faults
def test_control_without_the_sweep_a_killed_report_is_never_made(
    town: Town, tmp_path: Path, own_worker: Callable[[], Child]
) -> None:
    first = own_worker()
    report = start(town)
    wait_until(lambda: rendering(report), seconds=MINUTE, what="the PDF to be begun")
    os.killpg(first.pid, signal.SIGKILL)
    # A commit that was on its way when the worker died still lands.
    time.sleep(1)
    if made(report):
        pytest.skip("the worker was quicker than the kill")
    # Neither a beat nor a look at what waits: the job stays where the dead worker left it.
    Job.objects.filter(pk=Report.objects.get(pk=report.pk).render_job_id or 0).update(
        lease_until=clock.now().replace(year=YEAR + 50)
    )
    own_worker()
    with pytest.raises(pytest.fail.Exception):
        wait_until(lambda: made(report), seconds=10)


@pytest.mark.faults
def test_a_worker_that_hangs_through_its_lease_publishes_nothing(town: Town, own_worker: Callable[[], Child]) -> None:
    """SIGSTOP is a hang: the lease runs out, another makes the report, and the first one wakes too late."""
    first = own_worker()
    report = start(town)
    wait_until(lambda: rendering(report) or made(report), seconds=MINUTE)
    os.killpg(first.pid, signal.SIGSTOP)
    try:
        own_worker()
        wait_until(lambda: made(report), seconds=MINUTE, what="the report by the second worker")
        report.refresh_from_db()
        published = report.file.name
    finally:
        os.killpg(first.pid, signal.SIGCONT)
    time.sleep(5)
    report.refresh_from_db()
    assert report.file.name == published
    assert_one_file(report)
