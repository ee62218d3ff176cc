"""Times two things in turn, A B A B …, so that a noisy machine slows both: only their ratio counts."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


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


def cpu_seconds(action: Callable[[], object]) -> float:
    """Return the processor seconds of this process and its finished children that ``action`` takes."""
    before = time.process_time()
    action()
    return time.process_time() - before


def wall_seconds(action: Callable[[], object]) -> float:
    """Return the seconds that ``action`` takes, waiting for the database included."""
    before = time.perf_counter()
    action()
    return time.perf_counter() - before


def ratios(
    measured: Callable[[], object],
    yardstick: Callable[[], object],
    *,
    runs: int,
    clock: Callable[[Callable[[], object]], float] = wall_seconds,
) -> list[float]:
    """Return measured ÷ yardstick pair by pair, after one run of each that is not counted."""
    measured()
    yardstick()
    return [clock(measured) / clock(yardstick) for _run in range(runs)]


def median_and_p95(values: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def get(client: Client, url: str) -> Callable[[], object]:
    """Return an action that asks for ``url`` and insists on being shown it."""

    def ask() -> None:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")

    return ask


def sql_of(action: Callable[[], object]) -> tuple[int, int]:
    """Return (queries, bytes of SQL with parameters) of one run."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured), sum(len(query["sql"]) for query in captured)
