"""A worker whose processes are killed at the points of a trial."""

from collections.abc import Iterable
from pathlib import Path

import redis
from django.conf import settings

from scripts.processes import Child
from tests.faults.mortal_worker import COMMIT
from tests.services.worker import start_worker, wait_until

APP = "tests.faults.mortal_worker"


class MortalWorker:
    """A real worker with one process at a time; the broker is empty when it begins."""

    def __init__(self, folder: Path, points: Iterable[str], **environment: str) -> None:
        self.orders = folder / "orders"
        self.orders.mkdir()
        with redis.Redis.from_url(settings.REDIS_URL) as broker:
            broker.flushdb()
        environment |= {"KILL_AT": str(self.orders), "KILL_POINTS": ",".join(points)}
        self.child: Child = start_worker(folder / "worker.log", beat=True, app=APP, **environment)

    def kill_after(self, *points: str, commits: bool = False) -> None:
        """Order that a process dies when it next leaves each of the functions; ``commits``: and commits before."""
        for point in points:
            (self.orders / point).write_text(COMMIT if commits else "")

    def wait_for_kills(self, seconds: float = 60) -> None:
        """Return when every order has killed a process."""
        wait_until(lambda: not list(self.orders.iterdir()), seconds=seconds, what="the kills")
