"""A real Celery worker process that works on the test database.

``worker`` is for tests that commit (it brings ``transactional_db``): enqueue, then wait for the row
that the task writes. A fault trial that kills its worker starts one of its own by ``start_worker``.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection

from scripts.processes import Child, start
from scripts.steps import ROOT

T = TypeVar("T")
CELERY = ROOT / ".venv" / "bin" / "celery"


def process_environment() -> dict[str, str]:
    """Environment for a process of ours (worker, gunicorn, manage.py) that shall see the test database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL, "VAR_DIR": str(settings.VAR_DIR)}


def start_worker(log: Path, *, beat: bool = False, **environment: str) -> Child:
    """Start a worker and return when it takes tasks. ``environment`` overrides single variables."""
    argv: list[str | Path] = [CELERY, "-A", "safety_portal", "worker", "--concurrency=1", "--loglevel=INFO"]
    argv += ["--without-gossip", "--without-mingle", f"--hostname=test-{time.monotonic_ns()}@localhost"]
    if beat:
        argv += ["-B", "--schedule", str(log.with_suffix(".schedule"))]
    child = start("The Celery worker", argv, log=log, env=process_environment() | environment)
    child.wait_until(lambda: " ready" in child.output(), seconds=60)
    return child


def wait_until(look: Callable[[], T], *, seconds: float = 30, what: str = "") -> T:
    """Return the first true answer of ``look()``; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (answer := look()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s in vain{' for ' + what if what else ''}")
        time.sleep(0.05)
    return answer


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Child]]:
    """Holder of the session's worker; empty until a test asks for it."""
    holder: list[Child] = []
    yield holder
    for child in holder:
        child.stop()


@pytest.fixture
def worker(
    transactional_db: None, worker_process: list[Child], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Child]:
    """A running worker, the same for all tests of the session; its log is ``worker.output()``."""
    if not settings.REDIS_URL:
        pytest.skip("the worker tests need Redis")
    if not worker_process or not worker_process[-1].is_running():
        worker_process.append(start_worker(tmp_path_factory.mktemp("worker") / "worker.log"))
    yield worker_process[-1]
    # The tables are emptied next: no task may still be writing.
    wait_until(_is_idle, what="the worker to finish its tasks")


def _is_idle() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return not broker.llen("celery") and not broker.hlen("unacked")
