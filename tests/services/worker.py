"""A real Celery worker process that works on the test database.

``worker`` is for tests that commit (it brings ``transactional_db``): enqueue, then wait for the row
that the task writes. A fault trial that kills its worker starts several by ``start_worker``.
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


def start_worker(log: Path, *, beat: bool = False, app: str = "safety_portal", **environment: str) -> Child:
    """Start a worker of the ``app`` and return when it takes tasks. ``environment`` overrides single variables."""
    argv: list[str | Path] = [CELERY, "-A", app, "worker", "--concurrency=1", "--loglevel=INFO"]
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


@pytest.fixture
def worker(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    """A running worker of the test's own; its log is ``worker.output()``.

    It begins with an empty queue, and is gone before the tables are emptied: a worker that went on would
    carry out what the next tests leave in the queue, and lock their tables against it.
    """
    if not settings.REDIS_URL:
        pytest.skip("the worker tests need Redis")
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    child = start_worker(tmp_path_factory.mktemp("worker") / "worker.log")
    yield child
    child.stop()
