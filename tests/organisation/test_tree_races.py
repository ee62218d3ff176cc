"""Many people reorganise at once: the municipality's lock puts them in a row, and the tree stays sound.

The control takes the lock away: then two movers together make a loop that neither made alone.
"""

import os
import random
import threading
from datetime import timedelta

import pytest
from django.db import connection

from organisation import clock
from organisation.errors import TreeError
from organisation.models import Municipality, parents_on
from organisation.services.reorganising import move_body
from organisation.tree import loop_in
from tests.factories.organisation import make_municipality, make_order
from tests.organisation.reorganising import chance as at_random
from tests.organisation.reorganising.reading import refuse_broken
from tests.services.at_once import at_once, done

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in str(connection.vendor), reason="SQLite has no row locks: one writer at a time"),
]

WRITERS = 20
EACH = int(os.environ.get("CHANGES", "3"))


@pytest.fixture
def town():
    return make_municipality()


def changes(town, seed: int, number: int):
    """A writer who makes so many random changes, one after the other; the refused ones are left."""

    def write() -> int:
        chance, made = random.Random(seed), 0
        for _change in range(number):
            try:
                at_random.any_change(town, chance)
                made += 1
            except TreeError:
                continue
        return made

    return write


def test_twenty_writers_at_once_leave_a_sound_tree(town):
    made = at_once(*(changes(town, seed, EACH) for seed in range(WRITERS)))
    assert sum(made) >= WRITERS
    refuse_broken(town.municipality)


def crossing_moves(town, on):
    """Two moves that together make a loop: north below south, and south below north."""
    north, south = town.bodies["care-north"], town.bodies["care-south"]
    return (
        lambda: move_body(body=north, parent=south, order=make_order(town, on)),
        lambda: move_body(body=south, parent=north, order=make_order(town, on)),
    )


@pytest.mark.parametrize("later", [0, 10])
def test_of_two_movers_that_would_make_a_loop_one_is_refused(town, later):
    on = clock.today() + timedelta(days=later)
    assert len(done(at_once(*crossing_moves(town, on)))) == 1
    refuse_broken(town.municipality)


def test_control_without_the_lock_they_make_a_loop(town, monkeypatch):
    checked = threading.Barrier(2)
    kept = "organisation.services.reorganising.change"

    def check_then_wait(municipality, *, since):
        if loop_in(parents_on(municipality, since)) is not None:
            raise TreeError
        # Both have looked, neither has written for good.
        checked.wait(20)

    monkeypatch.setattr(f"{kept}.lock_municipality", lambda given: Municipality.objects.get(pk=given.pk))
    monkeypatch.setattr(f"{kept}.refuse_loops", check_then_wait)
    monkeypatch.setattr(f"{kept}.rebuild_closure", lambda _municipality: None)
    monkeypatch.setattr(f"{kept}.refresh_vacancies", lambda *_arguments: None)
    assert len(done(at_once(*crossing_moves(town, clock.today())))) == 2
    with pytest.raises(AssertionError, match="a loop on"):
        refuse_broken(town.municipality)
