"""Times two things in turn, A B A B …, so that a noisy machine slows both: only their ratio counts."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Action = Callable[[], object]
# Of a slow pair fewer runs are taken, so that the whole takes minutes.
RUNS, FEWEST_RUNS, LONGEST_SECONDS = 40, 7, 8


@dataclass(frozen=True)
class Result:
    """One workload against its yardstick."""

    workload: str
    scale: float
    ratio_median: float
    ratio_p95: float
    queries: int | None
    sql_bytes: int | None
    target: str
    met: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def wall_seconds(action: Action) -> float:
    """Return the seconds that ``action`` takes, waiting for the database included."""
    before = time.perf_counter()
    action()
    return time.perf_counter() - before


def cpu_seconds(action: Action) -> float:
    """Return the processor seconds that ``action`` takes in this process and in the database's for us.

    The database may not spread the work over processes that aren't counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    before = time.process_time() + _spent(backend)
    action()
    return time.process_time() + _spent(backend) - before


def _spent(pid: int) -> float:
    """Return the processor seconds of another process, as the kernel counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    in_user, in_system = int(fields[11]), int(fields[12])
    return (in_user + in_system) / os.sysconf("SC_CLK_TCK")


def ratios(
    measured: Action, yardstick: Action, *, runs: int = RUNS, clock: Callable[[Action], float] = wall_seconds
) -> list[float]:
    """Return measured ÷ yardstick pair by pair, after one run of each that is not counted."""
    measured()
    yardstick()
    until = time.monotonic() + LONGEST_SECONDS
    found: list[float] = []
    while len(found) < runs and (len(found) < min(runs, FEWEST_RUNS) or time.monotonic() < until):
        found.append(clock(measured) / clock(yardstick))
    return found


def median_and_p95(values: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def result(
    workload: str,
    scale: float,
    found: list[float],
    *,
    at_most: float | None = None,
    unit: str = "×",
    queries: int | None = None,
    asked: Action | None = None,
) -> Result:
    """Put a result together: the ratios ``found``, and the SQL of ``asked``; without limits it is always met."""
    median, p95 = median_and_p95(found)
    count, size = sql_of(asked) if asked else (None, None)
    limits = [f"≤ {at_most:g} {unit}"] if at_most is not None else []
    limits += [f"≤ {queries} queries"] if queries is not None else []
    return Result(
        workload=workload,
        scale=scale,
        ratio_median=round(median, 2),
        ratio_p95=round(p95, 2),
        queries=count,
        sql_bytes=size,
        target=", ".join(limits) or "–",
        met=(at_most is None or median <= at_most) and (queries is None or count is None or count <= queries),
    )


def get(client: Client, url: str) -> Action:
    """Return an action that asks for ``url`` and insists on being shown it."""

    def ask() -> None:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")
        response.close()

    return ask


def sql_of(action: Action) -> tuple[int, int]:
    """Return (queries, bytes of SQL with parameters) of one run."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured), sum(len(query["sql"].encode()) for query in captured)
