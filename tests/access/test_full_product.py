"""Every URL about something at a body × role × place, over HTTP: the whole product, for `make faults`.

What is expected follows from two tables written by hand: ``needs.csv`` says which right a URL takes, ``scope.csv``
whom that right reaches where. ``test_matrix.py`` asks each URL of each role at one body in every run.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.db.models import Q

from organisation.access import Scope
from organisation.models import Body, User
from organisation.vacancies import rebuild_vacancies
from tests.access.cells import ASKED
from tests.access.matrix import answer_of, read_rows, url_names
from tests.access.standing import AT, Standing, build_standing, read_expected
from tests.access.swapping import ask, visitor
from tests.access.world import arguments_at
from tests.followup.making import blank_pdf

pytestmark = pytest.mark.django_db

NEEDS = Path(__file__).with_name("needs.csv")
EXPECTED = read_expected()
# The other body of every matter: nobody who is asked stands there.
ELSEWHERE = "school-unit"
MATTER = "organisation:matter"
ANYWHERE = "anywhere:"


@dataclass(frozen=True)
class Need:
    """One URL by one method, with the rights it takes (any of several), or why it is not bound to a body."""

    url: str
    method: str
    see: tuple[str, ...]
    do: tuple[str, ...]
    not_bound: str


def read_needs() -> list[Need]:
    with NEEDS.open(newline="") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    return [
        Need(
            url=row["url"],
            method=row["method"],
            see=tuple(filter(None, row["see"].split("|"))),
            do=tuple(filter(None, row["do"].split("|"))),
            not_bound=row["not bound"],
        )
        for row in csv.DictReader(lines)
    ]


BOUND = [need for need in read_needs() if not need.not_bound]
UNBOUND = [need for need in read_needs() if need.not_bound]


@dataclass
class Placed:
    """The municipality with one of everything at every body: body id → URL → its arguments."""

    standing: Standing
    at: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def expected(self, role: str, need: Need, body: Body) -> str:
        """Return the answer that the two tables give for a role and what stands at ``body``."""
        about = {body.pk}
        if need.url.startswith(MATTER) and body.municipality_id == self.standing.municipality.pk:
            about.add(self.standing.bodies[ELSEWHERE].pk)
        if not self._reached(role, need.see, about):
            return "404"
        return "ok" if not need.do or self._reached(role, need.do, about) else "403"

    def _reached(self, role: str, permissions: tuple[str, ...], about: set[int]) -> bool:
        places = self.standing.places(role)
        for permission in permissions:
            named = EXPECTED[permission.removeprefix(ANYWHERE), role]
            bodies = {body.pk for place in named for body in places.get(place, ())}
            if named and permission.startswith(ANYWHERE) or bodies & about:
                return True
        return False

    def asked(self, role: str, need: Need) -> dict[str, Body]:
        """Return place → the first body there at which the URL has something to show."""
        places = self.standing.places(role).items()
        found = {place: [body for body in bodies if need.url in self.at.get(body.pk, {})] for place, bodies in places}
        return {place: bodies[0] for place, bodies in found.items() if bodies}


@pytest.fixture(scope="module")
def placed(django_db_setup, django_db_blocker):
    """One of everything at every body, and at some of the neighbour's, for all questions."""
    with django_db_blocker.unblock(), transaction.atomic(), unwritten_pages():
        yield build_placed()
        transaction.set_rollback(True)


@contextmanager
def unwritten_pages() -> Iterator[None]:
    """Leave out the writing of pages and papers, which is most of the work: the answer is chosen before it.

    The matrix, in every run, writes them all.
    """
    with (
        mock.patch("django.template.backends.django.Template.render", return_value=""),
        mock.patch("safety_portal.pdf.html_to_pdf", return_value=blank_pdf()),
    ):
        yield


def build_placed() -> Placed:
    made = Placed(build_standing())
    bodies = made.standing.bodies
    for body in bodies.values():
        made.at[body.pk] = arguments_at(body, bodies[ELSEWHERE])
    foreign = {body.key: body for body in made.standing.foreign}
    for key in ("care", "care-dept", "care-north", "group"):
        made.at[foreign[key].pk] = arguments_at(foreign[key], foreign["school-unit"])
    # Else each question would count the empty seats of the day, and forget it.
    rebuild_vacancies(made.standing.municipality)
    return made


def wrong_answers(placed: Placed, role: str, needs: list[Need]) -> tuple[list[str], int]:
    """Return the cells of one role that are answered otherwise than the tables say, and how many were asked."""
    client, wrong, asked = visitor(User.objects.get(pk=placed.standing.people[role].pk)), [], 0
    for need in needs:
        for place, body in placed.asked(role, need).items():
            asked += 1
            with transaction.atomic():
                answer = answer_of(ask(client, need.method, need.url, placed.at[body.pk][need.url]))
                transaction.set_rollback(True)
            expected = placed.expected(role, need, body)
            if answer != expected:
                wrong.append(f"{need.url} {need.method}, {place} ({body.key}): expected {expected}, got {answer}")
    return wrong, asked


def in_two_groups(roles: list[str]) -> list[Any]:
    """Let two processes share the roles; no process is killed here, as in other trials of faults."""
    return [
        pytest.param(role, marks=[pytest.mark.xdist_group(f"access-{number % 2}")]) for number, role in enumerate(roles)
    ]


@pytest.mark.faults
@pytest.mark.parametrize("role", in_two_groups(list(AT)))
def test_every_url_answers_every_role_in_every_place(placed, record_property, role):
    wrong, asked = wrong_answers(placed, role, BOUND)
    record_property(ASKED, ("of the full product over HTTP", asked))
    assert not wrong


@pytest.mark.faults
@pytest.mark.xdist_group("access-0")
def test_every_url_is_asked_in_every_place(placed):
    """No URL is left out of the places that matter most; what stands below a committee has no plan of its own."""
    for need in BOUND:
        places = {place for role in AT for place in placed.asked(role, need)}
        assert places >= {"own", "beside", "elsewhere", "other municipality"}, need.url
        assert "below" in places or need.url.startswith("actionplans:"), need.url


@pytest.mark.faults
@pytest.mark.xdist_group("access-1")
def test_control_a_view_without_its_scope_is_seen(placed, monkeypatch):
    """With the condition of one kind of row switched off, what lies beside and abroad is shown."""
    risk = [need for need in BOUND if need.url == "risks:risk"]
    assert not wrong_answers(placed, "unit_manager", risk)[0]
    monkeypatch.setattr("risks.models.RiskQuerySet.visible_to", lambda self, user: self.all())
    wrong = " ".join(wrong_answers(placed, "unit_manager", risk)[0])
    assert all(place in wrong for place in ("beside", "above", "elsewhere", "other municipality"))


@pytest.mark.faults
@pytest.mark.xdist_group("access-1")
def test_control_a_wider_scope_is_seen(placed, monkeypatch):
    monkeypatch.setattr(Scope, "condition", lambda self, permission, body="body": Q(pk__isnull=False))
    case = [need for need in BOUND if need.url == "incidents:case"]
    assert wrong_answers(placed, "committee_chair", case)[0]


# In every run


def test_every_url_says_what_it_needs():
    """A new URL without a row fails, and so does a method that the matrix has and this table lacks."""
    assert {need.url for need in read_needs()} == url_names()
    assert not {need.url for need in BOUND} & {need.url for need in UNBOUND}
    bound = {need.url for need in BOUND}
    assert {(need.url, need.method) for need in BOUND} == {
        (row.url, row.method) for row in read_rows() if row.url in bound
    }


def test_needs_are_rights():
    known = {permission for permission, _role in EXPECTED}
    named = {name.removeprefix(ANYWHERE) for need in BOUND for name in (*need.see, *need.do)}
    assert named <= known
    assert all(need.see for need in BOUND)
