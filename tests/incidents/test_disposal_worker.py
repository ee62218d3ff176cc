"""A disposal by a real worker: killed anywhere, each case is gone whole and logged once, or not touched yet."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from incidents.models import DisposalItem, DisposalProposal, Incident, IncidentState, IncidentStatus, Narrative
from incidents.services import disposing
from notifications.models import Job, JobState
from organisation import clock
from scripts.processes import Child
from tests.factories.incidents import make_incidents
from tests.factories.organisation import Town, make_municipality
from tests.factories.retention import approved, close_on, make_rule, years_ago
from tests.services.worker import start_worker, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.faults]

CASES = 80
QUICK = {"JOB_LEASE_SECONDS": "2", "SWEEP_SECONDS": "0.5"}
MINUTE = 90


@pytest.fixture
def town(transactional_db: None) -> Town:
    if not settings.REDIS_URL:
        pytest.skip("the worker tests need Redis")
    return make_municipality()


@pytest.fixture
def own_worker(town: Town, tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Start a worker of the test's own, with short leases and a beat; all are ended afterwards."""
    started: list[Child] = []

    def begin(**environment: str) -> Child:
        started.append(start_worker(tmp_path / f"worker-{len(started)}.log", beat=True, **QUICK, **environment))
        return started[-1]

    yield begin
    for child in started:
        child.stop()


def ready(town: Town) -> DisposalProposal:
    """Many old cases with a text and a story, and their disposal approved."""
    make_rule(town)
    cases = make_incidents(town.bodies["care-north"], CASES, reporter=town.employee)
    Narrative.objects.bulk_create(Narrative(incident=case, text="En text") for case in cases)
    IncidentStatus.objects.bulk_create(
        IncidentStatus(incident=case, to_state=IncidentState.CLOSED, at=clock.now()) for case in cases
    )
    closed_at = close_on(cases[0], years_ago(9)).closed_at
    Incident.objects.update(state=IncidentState.CLOSED, closed_at=closed_at)
    return approved(town)


def gone() -> int:
    return DisposalItem.objects.filter(disposed_at__isnull=False).count()


def is_done(proposal: DisposalProposal) -> bool:
    return DisposalProposal.objects.filter(pk=proposal.pk, state="done").exists()


@pytest.mark.parametrize("trial", range(4))
def test_a_killed_worker_leaves_each_case_gone_and_logged_once(
    town: Town, own_worker: Callable[..., Child], trial: int
) -> None:
    """kill -9 at a random moment: the next attempt goes on after the last case."""
    chance = random.Random(trial)
    first = own_worker()
    proposal = disposing.carry_out_disposal(proposal=ready(town), by=town.archivist)
    wanted = chance.randrange(CASES - 20)
    wait_until(lambda: gone() > wanted, seconds=MINUTE, what=f"{wanted} cases to be gone")
    os.killpg(first.pid, signal.SIGKILL)
    half = gone()
    own_worker()
    wait_until(lambda: is_done(proposal), seconds=MINUTE, what="the disposal after the kill")
    assert half < CASES
    assert gone() == CASES
    assert not Narrative.objects.exists()
    removed = DisposalItem.objects.values_list("removed", flat=True)
    assert sum(one["incidents.narrative"] for one in removed) == CASES
    assert {one.history.count() for one in Incident.objects.all()} == {1}
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_control_without_one_transaction_a_kill_loses_a_case_that_no_log_tells_of(
    town: Town, own_worker: Callable[..., Child], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HALF_COMMITTED)
    first = own_worker(PYTHONPATH=str(tmp_path))
    disposing.carry_out_disposal(proposal=ready(town), by=town.archivist)
    wait_until(lambda: Narrative.objects.count() < CASES, seconds=MINUTE, what="the first half")
    os.killpg(first.pid, signal.SIGKILL)
    time.sleep(1)
    assert Narrative.objects.count() == CASES - 1
    assert gone() == 0


# Put into the worker's process: commits after the rows of the first case, then waits to be killed.
HALF_COMMITTED = """
import sys, threading, time

def spoil():
    while "incidents.disposal.removing" not in sys.modules:
        time.sleep(0.01)
    time.sleep(0.5)
    from django.db import connection
    from incidents.disposal import removing
    def commit_and_wait(*arguments):
        connection.connection.commit()
        time.sleep(60)
    removing._empty = commit_and_wait

threading.Thread(target=spoil, daemon=True).start()
"""
