"""A filter offers all bodies while they are few, and of many those that hold others."""

import pytest

from organisation import choices
from organisation.models import AUTHORITIES, Body, BodyKind
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db


def bodies():
    return Body.objects.of(make_municipality().municipality).order_by("name", "pk")


def pairs(rows):
    return [(str(body.public_id), body.name) for body in rows]


def test_few_bodies_are_all_offered():
    assert sorted(choices.bodies_to_choose(bodies())) == sorted(pairs(Body.objects.all()))


def test_of_many_bodies_those_that_hold_others_and_the_one_chosen(monkeypatch):
    found = bodies()
    monkeypatch.setattr(choices, "MOST_BODIES", found.count() - 1)
    unit = found.filter(kind=BodyKind.UNIT).first()
    hold_others = pairs(found.filter(kind__in=[*AUTHORITIES, BodyKind.DEPARTMENT]))
    assert sorted(choices.bodies_to_choose(found)) == sorted(hold_others)
    assert choices.bodies_to_choose(found, chosen=unit)[-1:] == pairs([unit])


def test_the_one_chosen_is_offered_once():
    found = bodies()
    assert choices.bodies_to_choose(found, chosen=found[0]).count(*pairs([found[0]])) == 1
