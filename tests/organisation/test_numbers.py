"""Numbers of a series: twenty taken at once are twenty, without gaps; the control takes the lock away."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from organisation import numbers
from organisation.models import NumberSeries
from organisation.numbers import lock_series, next_number
from tests.factories.organisation import make_municipality

AT_ONCE = 20


@pytest.fixture
def town(db):
    return make_municipality(people=False)


def take(municipality: Any, *, fails: bool = False) -> int:
    with transaction.atomic():
        number = next_number(lock_series(municipality, "B", 2026))
        if fails:
            transaction.set_rollback(True)
        return number


def together(verb: Callable[[], int]) -> list[int]:
    """Run ``verb`` in twenty threads, each with a connection of its own, at the same moment."""
    start, results = threading.Barrier(AT_ONCE), list[Any]()

    def run() -> None:
        try:
            start.wait()
            results.append(verb())
        except IntegrityError as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_each_series_counts_for_itself(town):
    other = make_municipality("Grannby kommun", people=False)
    assert [take(town.municipality), take(town.municipality), take(other.municipality)] == [1, 2, 1]
    with transaction.atomic():
        assert next_number(lock_series(town.municipality, "S", 2026)) == 1
        assert next_number(lock_series(town.municipality, "B", 2027)) == 1


def test_what_is_rolled_back_gives_its_number_back(town):
    assert take(town.municipality, fails=True) == 1
    assert take(town.municipality) == 1


needs_row_locks = pytest.mark.skipif(
    "sqlite" in str(connection.vendor), reason="SQLite has no row locks: one writer at a time"
)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_twenty_numbers_without_gaps(town):
    assert sorted(together(lambda: take(town.municipality))) == list(range(1, AT_ONCE + 1))
    assert NumberSeries.objects.get().last == AT_ONCE


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_numbers_are_given_twice(town, monkeypatch):
    def unlocked(municipality: Any, series: str, year: int) -> NumberSeries:
        found, _created = NumberSeries.objects.get_or_create(municipality=municipality, series=series, year=year)
        # As long as another needs to read the same row.
        time.sleep(0.05)
        return found

    monkeypatch.setattr(numbers, "lock_series", unlocked)
    monkeypatch.setitem(globals(), "lock_series", unlocked)
    taken = together(lambda: take(town.municipality))
    assert len(set(taken)) < AT_ONCE
