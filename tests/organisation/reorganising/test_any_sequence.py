"""Whatever is done in whatever order, the tree is sound on every day and nothing is orphaned."""

import os
import random
from collections import Counter
from datetime import timedelta

import pytest

from organisation import clock
from organisation.errors import TreeError
from organisation.models import Body, BodyKind
from organisation.tree import rebuild_closure
from organisation.vacancies import take_in_the_day
from tests.factories.organisation import appoint, make_seat
from tests.organisation.reorganising import chance as at_random
from tests.organisation.reorganising.reading import assert_derived, refuse_broken

pytestmark = pytest.mark.django_db

STEPS = 30
SEQUENCES = int(os.environ.get("SEQUENCES", "3"))


@pytest.fixture
def staffed(town):
    """Seats that must be held, and employees in every unit."""
    for seat in town.seats.values():
        seat.seat_type.min_holders = 1
        seat.seat_type.save()
    for key in ("care-south", "school-unit"):
        appoint(town.employee, make_seat(town.bodies[key], "employee"))
    return town


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_the_tree_stays_sound(staffed, seed, move_clock):
    chance, done, start = random.Random(seed), Counter(), clock.today()
    for step in range(STEPS):
        try:
            done[at_random.any_change(staffed, chance).kind] += 1
        except TreeError:
            done["refused"] += 1
        refuse_broken(staffed.municipality)
        if step % 10 == 9:
            move_clock(start + timedelta(days=step))
            rebuild_closure(staffed.municipality)
            take_in_the_day(staffed.municipality)
            assert_derived(staffed.municipality)
    assert sum(done.values()) - done["refused"] >= STEPS // 4, done


def test_control_a_child_that_is_left_behind_is_seen(town, monkeypatch):
    """Without handing over what stands below a closing body, the reading above fails."""
    monkeypatch.setattr(
        "organisation.services.reorganising.succession.hand_over_children", lambda *_arguments, **_named: None
    )
    at_random.close_body(
        body=town.bodies["care-dept"],
        successor=town.bodies["school-dept"],
        order=at_random.make_order(town, reference="§ 7"),
    )
    with pytest.raises(AssertionError, match="stands under nothing"):
        refuse_broken(town.municipality)


def test_control_a_vacancy_that_is_not_refreshed_is_seen(staffed, monkeypatch):
    monkeypatch.setattr(
        "organisation.services.reorganising.change.refresh_vacancies", lambda *_arguments, **_named: None
    )
    new = at_random.NewBody("Granen", BodyKind.UNIT, Body.objects.get(key="care-dept"))
    at_random.create_body(new=new, order=at_random.make_order(staffed))
    with pytest.raises(AssertionError):
        assert_derived(staffed.municipality)
