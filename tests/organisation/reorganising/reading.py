"""What a town's tree says, in words that tests compare."""

from datetime import date
from typing import Any

from organisation import clock
from organisation.access import Scope
from organisation.models import Body, BodyClosure, Municipality, Placement, Seat, User, Vacancy, names_on, parents_on
from organisation.tree import closure_pairs, loop_in


def fresh(row):
    """The same row as the database has it now."""
    return type(row).objects.get(pk=row.pk)


def seen(person: User, permission: str = "incidents.view_incident") -> set[str]:
    """Keys of the bodies for which the person holds the permission on the next request."""
    return set(Scope.of(fresh(person)).bodies(permission).values_list("key", flat=True))


def parent_on(body: Body, on: date) -> str | None:
    """Key of the body above ``body`` on the day."""
    above = parents_on(body.municipality, on).get(body.pk)
    return Body.objects.get(pk=above).key if above else None


def name_on(body: Body, on: date) -> str:
    return names_on(body.municipality, on).get(body.pk, fresh(body).name)


def below(body: Body) -> set[str]:
    """Keys of what lies below the body today, itself included."""
    return set(BodyClosure.objects.filter(ancestor=body).values_list("descendant__key", flat=True))


def refuse_broken(municipality: Municipality) -> None:
    """Fail unless the tree is sound on every day, nothing is orphaned, and all that is derived is as computed anew."""
    placements = [one for one in Placement.objects.filter(municipality=municipality) if one.valid_from != one.valid_to]
    bodies = {body.pk: body for body in Body.objects.of(municipality)}
    periods = [(one.valid_from, one.valid_to) for one in placements]
    periods += [(one.valid_from, one.valid_to) for one in bodies.values()]
    days = {day for period in periods for day in period if day}
    for day in sorted(days):
        standing = [one for one in placements if one.is_in_force(day)]
        assert len({one.body_id for one in standing}) == len(standing), f"two places on {day}"
        assert loop_in({one.body_id: one.parent_id for one in standing}) is None, f"a loop on {day}"
        for one in standing:
            assert bodies[one.body_id].is_in_force(day), f"{bodies[one.body_id]} stands on {day} without being there"
            assert bodies[one.parent_id].is_in_force(day), f"{bodies[one.body_id]} stands under nothing on {day}"
        placed = {one.body_id for one in standing}
        for body in bodies.values():
            assert body.kind == "council" or body.pk in placed or not body.is_in_force(day), (
                f"{body}: no place on {day}"
            )
    for body in bodies.values():
        assert_handed_over(body, bodies)
    assert_derived(municipality)


def assert_handed_over(body: Body, bodies: dict[int, Body]) -> None:
    """A closed body's chain of successors ends in one that is there, each there on the day it takes over."""
    at = body
    for _step in bodies:
        if at.valid_to is None:
            return
        assert at.successor_id is not None
        heir = bodies[at.successor_id]
        assert heir.is_in_force(at.valid_to), f"{heir} is not there when it takes over from {at}"
        at = heir
    raise AssertionError(f"the successors of {body} go in a circle")


def assert_derived(municipality: Municipality) -> None:
    """Closure and vacancies of today are what they are when computed anew."""
    on = clock.today()
    rows = BodyClosure.objects.filter(municipality=municipality)
    wanted = set(closure_pairs(Body.objects.of(municipality), parents_on(municipality, on), on))
    assert set(rows.values_list("ancestor_id", "descendant_id", "taken_over")) == wanted
    vacant: Any = Seat.objects.vacant_on(on).filter(municipality=municipality)
    kept = Vacancy.objects.filter(municipality=municipality)
    assert set(kept.values_list("seat_id", "since", "missing")) == set(vacant.values_list("pk", "since", "missing"))
