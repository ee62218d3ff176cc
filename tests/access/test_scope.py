"""Every permission × role × place is answered by ``Scope`` as written by hand in ``scope.csv``.

What dates do to a right (ended, not begun, closed seats, moves, deputies, grants that have run out) is asked
in ``tests/organisation/test_access.py``; here the same is asked of every role at once.
"""

import importlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from organisation import access, clock
from organisation.access import Scope
from organisation.models import Appointment, Body, BodyClosure, SeatKind, User
from organisation.tree import place_body
from tests.access.cells import ASKED
from tests.access.standing import AT, PLACES, SEATS, WITHOUT_SEAT, build_standing, read_expected

pytestmark = pytest.mark.django_db

EXPECTED = read_expected()
PERMISSIONS = sorted({permission for permission, _role in EXPECTED})


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """One municipality for all questions; what a test changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_standing()
        transaction.set_rollback(True)


def declared() -> set[str]:
    """The name of every right that an app declares."""
    found = set()
    for app in apps.get_app_configs():
        if (Path(app.path) / "permissions.py").exists() and Path(app.path).parent == settings.BASE_DIR:
            module = importlib.import_module(f"{app.name}.permissions")
            found |= {value for name, value in vars(module).items() if name.isupper()}
    return found


def fresh(person: User) -> User:
    """The same person on the next request."""
    return User.objects.get(pk=person.pk)


def wrong_cells(standing, role: str, permissions=PERMISSIONS) -> tuple[list[str], int]:
    """Return the cells of one role in which an answer differs from the file, and how many were asked."""
    person = fresh(standing.people[role])
    scope, places = Scope.of(person), standing.places(role)
    wrong, asked = [], 0
    for permission in permissions:
        reached = {body for place in EXPECTED[permission, role] for body in places.get(place, ())}
        listed = set(Body.objects.filter(scope.condition(permission, "pk")))
        for place, bodies in places.items():
            asked += 1
            answers: Counter[str] = Counter()
            for body in bodies:
                expected = body in reached
                answers["allows"] += scope.allows(permission, body) is not expected
                answers["condition"] += (body in listed) is not expected
                answers["has_perm"] += person.has_perm(permission, body) is not expected
            wrong += [f"{permission}, {place}: {name} differs for {n} bodies" for name, n in answers.items() if n]
    return wrong, asked


@pytest.mark.parametrize("role", AT)
def test_every_right_reaches_the_places_that_are_written_and_no_other(standing, record_property, role):
    wrong, asked = wrong_cells(standing, role)
    record_property(ASKED, ("on Scope", asked))
    assert not wrong


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_holders_are_those_to_whom_a_right_reaches(standing, permission):
    """The question turned round: who has the right for this body."""
    expected = {body.pk: set() for body in standing.bodies.values()}
    for role in AT:
        for place, bodies in standing.places(role).items():
            if place in EXPECTED[permission, role] and place != "other municipality":
                for body in bodies:
                    expected[body.pk].add(standing.people[role])
    for body in standing.bodies.values():
        assert set(access.holders_of(permission, body)) == expected[body.pk], body.key


def test_every_right_has_a_row_and_every_kind_of_seat_a_column():
    assert set(PERMISSIONS) == declared()
    assert {role for _permission, role in EXPECTED} == set(AT)
    assert {kind for kind, _at in SEATS.values()} == set(SeatKind)


def test_cells_name_places_only():
    assert {place for places in EXPECTED.values() for place in places} <= set(PLACES[:-1])


def test_the_tree_has_every_place(standing):
    """Every place exists for somebody, and all but ``across`` and a sibling for those who work below a committee."""
    assert {place for role in AT for place in standing.places(role)} == set(PLACES)
    for role in ("head", "department_coordinator", "unit_manager", "unit_ombud", "safety_representative"):
        assert set(standing.places(role)) == set(PLACES) - {"across"}


# Days and moves, for every role


@pytest.fixture
def changed(standing):
    """The same municipality, to be changed by one test."""
    with transaction.atomic():
        yield standing
        transaction.set_rollback(True)


def reached(standing) -> dict[str, bool]:
    """Role → whether the person has any right at all on the next request."""
    return {role: not Scope.of(fresh(person)).is_empty for role, person in standing.people.items()}


def test_a_seat_counts_from_its_first_day_until_the_day_it_ends(changed):
    today = clock.today()
    everybody = dict.fromkeys(AT, True) | {WITHOUT_SEAT: False}
    nobody = dict.fromkeys(AT, False)
    held = Appointment.objects.filter(person__in=changed.people.values())
    assert reached(changed) == everybody
    for period, expected in (
        ({"valid_to": today}, nobody),
        ({"valid_to": today + timedelta(days=1)}, everybody),
        ({"valid_from": today + timedelta(days=1), "valid_to": None}, nobody),
        ({"valid_from": today}, everybody),
    ):
        held.update(**period)
        assert reached(changed) == expected, period


def test_nobody_who_has_left_has_a_right(changed):
    User.objects.filter(pk__in=[person.pk for person in changed.people.values()]).update(is_active=False)
    assert not any(reached(changed).values())
    for permission in PERMISSIONS:
        assert not access.holders_of(permission, changed.bodies["care-unit"])


def test_a_deputy_has_every_right_of_the_seat(changed):
    Appointment.objects.filter(person__in=changed.people.values()).update(is_deputy=True)
    for role in AT:
        assert not wrong_cells(changed, role)[0]


def test_a_move_takes_effect_at_once_for_everybody(changed):
    """The nursing unit moves to the schools: the old line has lost it, the whole of its own people go along."""
    unit = changed.bodies["care-unit"]
    unit.placements.update(valid_to=clock.today())
    place_body(body=unit, parent=changed.bodies["school-dept"], valid_from=clock.today())
    for permission in PERMISSIONS:
        for role in ("head", "department_coordinator", "committee_chair", "committee_secretary"):
            expected = EXPECTED[permission, role] == frozenset(PLACES[:-1])
            assert Scope.of(fresh(changed.people[role])).allows(permission, unit) is expected, (permission, role)
    manager = Scope.of(fresh(changed.people["unit_manager"]))
    assert manager.allows("incidents.handle_incident", changed.bodies["care-shift"])
    assert manager.allows("actionplans.view_plan", changed.bodies["school"])
    assert not manager.allows("actionplans.view_plan", changed.bodies["care"])


# Controls: what is asked above can fail


def test_control_a_wider_condition_is_seen(standing, monkeypatch):
    monkeypatch.setattr(Scope, "condition", lambda self, permission, body="body": Q(pk__isnull=False))
    for role in AT:
        assert wrong_cells(standing, role, ["incidents.handle_incident"])[0], role


def test_control_a_right_too_many_is_seen(standing, monkeypatch):
    """Were whoever may do anything somewhere also to handle cases there, all but those who do would differ."""
    case, kept = "incidents.handle_incident", access.rights_of
    monkeypatch.setattr(
        access, "rights_of", lambda *at: (*kept(*at), *(replace(right, permission=case) for right in kept(*at)))
    )
    for role in SEATS:
        if not EXPECTED[case, role]:
            assert wrong_cells(standing, role, [case])[0], role


def test_control_a_right_too_few_is_seen(standing, monkeypatch):
    report, kept = "incidents.report_incident", access.rights_of
    monkeypatch.setattr(
        access, "rights_of", lambda *at: tuple(right for right in kept(*at) if right.permission != report)
    )
    for role in SEATS:
        seen = bool(wrong_cells(standing, role, [report])[0])
        assert seen is bool(EXPECTED[report, role]), role


def test_control_a_closure_that_passes_into_another_authority_is_seen(standing):
    """With the daughter company below its mother, the mother's people would reach into it."""
    mother, daughter = standing.bodies["company"], standing.bodies["company-daughter"]
    with transaction.atomic():
        BodyClosure.objects.create(municipality=standing.municipality, ancestor=mother, descendant=daughter)
        assert wrong_cells(standing, "company_member")[0]
        transaction.set_rollback(True)
