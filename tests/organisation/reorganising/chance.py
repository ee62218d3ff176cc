"""Reorganisations at random: any verb, any bodies, any day around today; some can be carried out, some are refused."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from organisation import clock
from organisation.models import Body, BodyKind, parents_on
from organisation.parenthood import heirs_of, may_move, parents_of
from organisation.services.reorganising import (
    NewBody,
    Order,
    close_body,
    create_body,
    merge_bodies,
    move_body,
    rename_body,
    split_body,
)
from tests.factories.organisation import Town, make_order

DAYS = 40
NEW_KINDS = (BodyKind.DEPARTMENT, BodyKind.UNIT, BodyKind.UNIT, BodyKind.COMMITTEE, BodyKind.COMPANY)


def any_change(town: Town, chance: random.Random) -> Any:
    """Carry out one random change; raises ``TreeError`` where it can't be."""
    verbs: list[Callable[[Town, random.Random], Any]] = [create, rename, move, move, merge, split, close]
    return chance.choice(verbs)(town, chance)


def order(town: Town, chance: random.Random) -> Order:
    return make_order(town, any_day(chance), reference="§ 7, KF 2026-7")


def any_day(chance: random.Random) -> date:
    return clock.today() + timedelta(days=chance.choice((0, 0, 0, chance.randint(-DAYS, DAYS))))


def any_bodies(town: Town, chance: random.Random, number: int) -> list[Body]:
    return chance.sample(list(Body.objects.of(town.municipality).order_by("pk")), number)


def any_pair(town: Town, chance: random.Random, fits: Callable[[Body, Body], bool]) -> list[Body]:
    """Two bodies whose kinds fit, else any two."""
    pairs = [any_bodies(town, chance, 2) for _try in range(20)]
    return next((pair for pair in pairs if fits(*pair)), pairs[0])


def new_body(town: Town, chance: random.Random) -> NewBody:
    (parent,) = any_bodies(town, chance, 1)
    return NewBody(name=f"Ny {chance.randint(1, 10_000)}", kind=chance.choice(NEW_KINDS), parent=parent)


def create(town: Town, chance: random.Random) -> Any:
    return create_body(new=new_body(town, chance), order=order(town, chance))


def rename(town: Town, chance: random.Random) -> Any:
    (body,) = any_bodies(town, chance, 1)
    return rename_body(body=body, name=f"Namn {chance.randint(1, 10_000)}", order=order(town, chance))


def move(town: Town, chance: random.Random) -> Any:
    body, parent = any_pair(town, chance, lambda one, other: may_move(one.kind) and other.kind in parents_of(one.kind))
    return move_body(body=body, parent=parent, order=order(town, chance))


def merge(town: Town, chance: random.Random) -> Any:
    bodies = any_pair(town, chance, lambda one, other: other.kind in heirs_of(one.kind))
    into = chance.choice((bodies[1], replace(new_body(town, chance), kind=bodies[0].kind)))
    return merge_bodies(bodies=bodies, into=into, order=order(town, chance))


def split(town: Town, chance: random.Random) -> Any:
    (body,) = any_bodies(town, chance, 1)
    given = order(town, chance)
    below = [pk for pk, parent in parents_on(town.municipality, given.on).items() if parent == body.pk]
    return split_body(
        body=body,
        parts=[f"Del {chance.randint(1, 10_000)}" for _part in range(2)],
        heir=chance.randint(0, 1),
        children={child: chance.randint(0, 1) for child in Body.objects.filter(pk__in=below)},
        order=given,
    )


def close(town: Town, chance: random.Random) -> Any:
    body, successor = any_pair(town, chance, lambda one, other: other.kind in heirs_of(one.kind))
    return close_body(body=body, successor=successor, order=order(town, chance))
