"""A town, days around today, and another day than today."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest


@pytest.fixture
def town() -> Any:
    from tests.factories.organisation import make_municipality

    return make_municipality()


@pytest.fixture
def today() -> date:
    from organisation import clock

    return clock.today()


@pytest.fixture
def next_month(today: date) -> date:
    return today + timedelta(days=30)


@pytest.fixture
def last_month(today: date) -> date:
    return today - timedelta(days=30)


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Let it be another day."""

    def move(day: date) -> None:
        monkeypatch.setattr("organisation.clock.today", lambda: day)

    return move
