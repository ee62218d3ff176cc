"""Which tests run, and which must share one parallel process."""

import os

import pytest

# These use a whole processor or kill processes: side by side they would only disturb each other.
TOGETHER = ("worker", "browser", "faults")
FIXTURE_MARKS = {"worker": "worker", "browser": "browser", "page": "browser"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults",
        default="all",
        metavar="all|none|K/N",
        help="fault trials (marker `faults`): all, none, or every N-th one from number K",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, mark in FIXTURE_MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
        if any(item.get_closest_marker(mark) for mark in TOGETHER) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("processes"))
    faults = [item for item in items if item.get_closest_marker("faults")]
    left_out = set(faults) - set(slice_of(faults, config.getoption("--faults")))
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


def slice_of(faults: list[pytest.Item], chosen: str) -> list[pytest.Item]:
    """The fault trials of ``all``, ``none`` or ``K/N``: every N-th by name, beginning at number K modulo N."""
    if chosen in ("all", "none"):
        return faults if chosen == "all" else []
    number, parts = (int(part) for part in chosen.split("/"))
    return sorted(faults, key=lambda item: item.nodeid)[number % parts :: parts]


def pytest_report_header(config: pytest.Config) -> str:
    database = os.environ.get("DATABASE_URL", "").split(":")[0]
    broker = "redis" if os.environ.get("REDIS_URL") else "files"
    return f"database: {database}, broker: {broker}, fault trials: {config.getoption('--faults')}"
