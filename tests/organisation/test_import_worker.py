"""An import by a real worker: killed anywhere it is written once and whole, and people go on reporting meanwhile."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from incidents.models import Incident
from notifications.models import Job, JobState
from organisation import tree
from organisation.models import Appointment, ImportRun, ImportState, Municipality, User
from organisation.people_import import FileKind
from organisation.services.importing import confirm_import, start_import, sweep_imports
from organisation.tree import lock_municipality
from scripts.processes import Child
from tests.factories import incidents
from tests.factories.importing import csv_of
from tests.factories.organisation import Town, make_municipality
from tests.services.worker import start_worker, wait_until

PEOPLE = 4_000
QUICK = {"JOB_LEASE_SECONDS": "2", "SWEEP_SECONDS": "0.5"}
MINUTE = 90


@pytest.fixture
def town(transactional_db: None) -> Town:
    if not settings.REDIS_URL:
        pytest.skip("the worker tests need Redis")
    return make_municipality()


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


def ready(town: Town) -> ImportRun:
    rows = [f"{n};P {n};p{n}@exempelby.example.se;care-north" for n in range(PEOPLE)]
    run = start_import(
        municipality=town.municipality,
        files={FileKind.PEOPLE: ContentFile(csv_of("people", *rows))},
        is_full=True,
        by=town.administrator,
        submission_key=uuid4(),
    )
    wait_until(lambda: state(run) == ImportState.READY, seconds=MINUTE, what="the dry run")
    return ImportRun.objects.get(pk=run.pk)


def state(run: ImportRun) -> str:
    return ImportRun.objects.get(pk=run.pk).state


def under_way(run: ImportRun) -> bool:
    return ImportRun.objects.filter(pk=run.pk, job__state=JobState.RUNNING).exists()


def assert_written_once(run: ImportRun) -> None:
    people = User.objects.exclude(external_id="")
    assert people.count() == PEOPLE
    assert User.history.filter(id__in=people.values("pk")).count() == PEOPLE
    assert Appointment.objects.filter(person__in=people).count() == PEOPLE
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    # A kill between the commit and the deletion leaves files, until the next sweep.
    sweep_imports()
    assert not default_storage.exists(f"imports/{run.public_id}")


@pytest.mark.worker
@pytest.mark.faults
@pytest.mark.parametrize("trial", range(4))
def test_a_killed_worker_leaves_the_import_written_once_and_whole(
    town: Town, own_worker: Callable[[], Child], trial: int
) -> None:
    """kill -9 at a random moment of the writing: what was not committed is as if it had never begun."""
    chance = random.Random(trial)
    first = own_worker()
    run = ready(town)
    run = confirm_import(run=run, digest=run.digest, by=town.administrator)
    wait_until(lambda: under_way(run) or state(run) == ImportState.WRITTEN, seconds=MINUTE)
    time.sleep(chance.uniform(0, 2.5))
    os.killpg(first.pid, signal.SIGKILL)
    own_worker()
    wait_until(lambda: state(run) == ImportState.WRITTEN, seconds=MINUTE, what="the import after the kill")
    assert_written_once(run)


@pytest.mark.worker
@pytest.mark.faults
def test_control_without_one_transaction_a_kill_leaves_half_an_import(
    town: Town, own_worker: Callable[[], Child], tmp_path: Path
) -> None:
    """People committed before their appointments: after the kill there are people who work nowhere."""
    (tmp_path / "sitecustomize.py").write_text(HALF_COMMITTED)
    first = start_worker(tmp_path / "half.log", beat=True, PYTHONPATH=str(tmp_path), **QUICK)
    run = ready(town)
    run = confirm_import(run=run, digest=run.digest, by=town.administrator)
    wait_until(lambda: User.objects.exclude(external_id="").exists(), seconds=MINUTE, what="the first half")
    os.killpg(first.pid, signal.SIGKILL)
    time.sleep(1)
    assert User.objects.exclude(external_id="").count() == PEOPLE
    assert not Appointment.objects.filter(person__external_id="1").exists()


# Put into the worker's process: commits after the people, then waits to be killed.
HALF_COMMITTED = """
import sys, threading, time

def spoil():
    while "organisation.people_import.writing" not in sys.modules:
        time.sleep(0.01)
    time.sleep(0.5)
    from django.db import connection
    from organisation.people_import.writing import Writer
    def commit_and_wait(self):
        connection.connection.commit()
        time.sleep(60)
    Writer._change_appointments = commit_and_wait

threading.Thread(target=spoil, daemon=True).start()
"""


def report_meanwhile(town: Town) -> threading.Thread:
    """Report an incident from a connection of its own."""

    def work() -> None:
        try:
            incidents.report(town, by="employee", at="care-north", text="Någon slog i dörren.")
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_people_go_on_reporting_while_an_import_is_written() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    town = make_municipality()
    with transaction.atomic():
        lock_municipality(town.municipality)
        thread = report_meanwhile(town)
        thread.join(timeout=10)
        assert not thread.is_alive()
    assert Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_with_the_stronger_lock_whoever_reports_waits_for_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    town = make_municipality()
    strong = Municipality.objects.select_for_update()
    monkeypatch.setattr(tree, "lock_municipality", lambda municipality: strong.get(pk=municipality.pk))
    with transaction.atomic():
        tree.lock_municipality(town.municipality)
        thread = report_meanwhile(town)
        thread.join(timeout=2)
        assert thread.is_alive()
    thread.join(timeout=20)
    assert Incident.objects.count() == 1
