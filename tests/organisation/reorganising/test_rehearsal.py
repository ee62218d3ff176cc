"""The preview is the change itself, taken back: it leaves nothing, and what it told is what happens."""

import random

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from organisation import clock
from organisation.errors import TreeError
from organisation.models import Body, Placement, Reorganisation, ReorganisationKind
from organisation.rehearsal import rehearse
from organisation.services.reorganising import CountsChanged, Order, close_body, move_body
from organisation.tree_on import TreeOn
from tests.factories import incidents
from tests.factories.organisation import make_order
from tests.organisation.reorganising import chance as at_random

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    """How many rows each table has, history included."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_nothing_is_left_of_it(town):
    before = rows()
    rehearse(close_body, body=town.bodies["care-north"], successor=town.bodies["care-south"], order=make_order(town))
    assert rows() == before
    assert Body.objects.get(key="care-north").valid_to is None


def test_a_refusal_is_the_verbs_own(town):
    with pytest.raises(TreeError):
        rehearse(close_body, body=town.bodies["board"], successor=town.bodies["care"], order=make_order(town))


@pytest.mark.parametrize("seed", range(4))
def test_what_it_told_is_what_happens(town, seed, monkeypatch):
    """Any change at random, first rehearsed: the bodies it named are those that changed."""
    chance, done = random.Random(seed), 0
    for verb in ("create_body", "rename_body", "move_body", "merge_bodies", "split_body", "close_body"):
        kept = getattr(at_random, verb)

        def check(*, order: Order, kept=kept, **arguments):
            preview = rehearse(kept, order=order, **arguments)
            before = TreeOn(town.municipality, order.on)
            made = kept(order=order, **arguments)
            after = TreeOn(town.municipality, order.on)
            changed = [
                pk
                for pk in after.bodies
                if (before.bodies.get(pk), before.above.get(pk)) != (after.bodies[pk], after.above.get(pk))
            ]
            assert len(preview.bodies) == len(changed)
            assert preview.crosses_authorities == made.crosses_authorities
            return made

        monkeypatch.setattr(at_random, verb, check)
    for _step in range(12):
        try:
            at_random.any_change(town, chance)
            done += 1
        except TreeError:
            continue
    assert done


def test_what_was_confirmed_is_made_and_what_has_changed_is_not(town):
    arguments = {"body": town.bodies["care-north"], "successor": town.bodies["care-south"]}
    seen = rehearse(close_body, order=make_order(town), **arguments).fingerprint
    incidents.report(town)
    with pytest.raises(CountsChanged):
        close_body(order=make_order(town, confirmed=seen), **arguments)
    assert not Reorganisation.objects.exists()
    seen = rehearse(close_body, order=make_order(town), **arguments).fingerprint
    assert close_body(order=make_order(town, confirmed=seen), **arguments).pk


def test_a_crossing_without_a_decision_is_refused_by_the_database_too(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reorganisation.objects.create(
            municipality=town.municipality,
            kind=ReorganisationKind.MOVE,
            takes_effect_on=clock.today(),
            crosses_authorities=True,
            submission_key=make_order(town).submission_key,
            by=town.administrator,
            at=clock.now(),
        )


def test_a_closed_body_without_a_successor_is_refused_by_the_database_too(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(key="care-north").update(valid_to=clock.today())


def test_every_row_that_a_change_writes_has_its_history(town):
    move_body(
        body=town.bodies["care-north"], parent=town.bodies["school-dept"], order=make_order(town, reference="§ 12")
    )
    for placement in Placement.objects.filter(body__key="care-north"):
        last = placement.history.latest()
        assert (last.valid_from, last.valid_to, last.parent_id) == (
            placement.valid_from,
            placement.valid_to,
            placement.parent_id,
        )
        assert last.history_user == town.administrator
