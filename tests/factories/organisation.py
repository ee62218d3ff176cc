"""A small municipality, Exempelby, with one of everything: bodies, seats, people by role."""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models
from simple_history.utils import bulk_create_with_history

from organisation import clock
from organisation.models import (
    ALWAYS,
    Appointment,
    Body,
    BodyKind,
    Municipality,
    Placement,
    Ruleset,
    Seat,
    SeatKind,
    SeatType,
    User,
)
from organisation.services.reorganising import Order
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies, refresh_vacancies

Row = TypeVar("Row", bound=models.Model)

PASSWORD = "snokapp-langs-vagen-26"

_numbers = itertools.count(1)

# Key, kind, name, parent: two committees that stand beside the board, with a department each.
BODIES = (
    ("council", BodyKind.COUNCIL, "Kommunfullmäktige", None),
    ("board", BodyKind.BOARD, "Kommunstyrelsen", "council"),
    ("office", BodyKind.DEPARTMENT, "Kommunledningskontoret", "board"),
    ("safety", BodyKind.SAFETY_UNIT, "Säkerhetsenheten", "office"),
    ("care", BodyKind.COMMITTEE, "Äldrenämnden", "council"),
    ("care-dept", BodyKind.DEPARTMENT, "Äldreförvaltningen", "care"),
    ("care-north", BodyKind.UNIT, "Ängsgläntans hemtjänst", "care-dept"),
    ("care-south", BodyKind.UNIT, "Tallmons gruppboende", "care-dept"),
    ("school", BodyKind.COMMITTEE, "Utbildningsnämnden", "council"),
    ("school-dept", BodyKind.DEPARTMENT, "Utbildningsförvaltningen", "school"),
    ("school-unit", BodyKind.UNIT, "Björkhagens förskola", "school-dept"),
    ("company", BodyKind.COMPANY, "Demobostäder AB", "council"),
    ("group", BodyKind.RISK_GROUP, "Riskhanteringsgruppen", "office"),
)

# Role name, seat kind, title, body, person.
ROLES = (
    ("council_member", SeatKind.MEMBER, "Ledamot", "council", "Ingrid Exempelström"),
    ("board_chair", SeatKind.CHAIR, "Ordförande", "board", "Per Provsson"),
    ("board_member", SeatKind.MEMBER, "Ledamot", "board", "Siv Fiktivsson"),
    ("board_secretary", SeatKind.SECRETARY, "Nämndsekreterare", "board", "Rut Skrivström"),
    ("chief_executive", SeatKind.CHIEF_EXECUTIVE, "Kommundirektör", "board", "Anna Attrappén"),
    ("head_of_security", SeatKind.HEAD_OF_SECURITY, "Säkerhetschef", "safety", "Tor Testberg"),
    ("safety_coordinator", SeatKind.SAFETY_COORDINATOR, "Säkerhetssamordnare", "safety", "Elin Modellgren"),
    ("committee_chair", SeatKind.CHAIR, "Ordförande", "care", "Karin Skissmark"),
    ("committee_member", SeatKind.MEMBER, "Ledamot", "care", "Karim Testlund"),
    ("committee_secretary", SeatKind.SECRETARY, "Nämndsekreterare", "care", "Sara Fiktiv"),
    ("head", SeatKind.HEAD, "Förvaltningschef", "care-dept", "Nils Påhittsson"),
    ("coordinator", SeatKind.DEPARTMENT_COORDINATOR, "Säkerhetshandläggare", "care-dept", "Sanna Låtsas"),
    ("unit_manager", SeatKind.UNIT_MANAGER, "Enhetschef", "care-north", "Maja Exempelsson"),
    ("unit_ombud", SeatKind.UNIT_OMBUD, "Säkerhetsombud", "care-north", "Olle Ombudsson"),
    ("safety_representative", SeatKind.SAFETY_REPRESENTATIVE, "Skyddsombud", "care-north", "Omar Påhittad"),
    ("employee", SeatKind.EMPLOYEE, "Medarbetare", "care-north", "Lisa Provling"),
    ("other_manager", SeatKind.UNIT_MANAGER, "Enhetschef", "school-unit", "Lena Låtsas"),
    ("other_head", SeatKind.HEAD, "Förvaltningschef", "school-dept", "Jan Modellberg"),
    ("administrator", SeatKind.ADMINISTRATOR, "Administratör", "office", "Ada Ordnarsson"),
    ("archivist", SeatKind.ARCHIVIST, "Arkivarie", "office", "Arvid Arkivsson"),
    ("data_protection_officer", SeatKind.DATA_PROTECTION_OFFICER, "Dataskyddsombud", "office", "Dag Dataskyddberg"),
    ("duty_officer", SeatKind.DUTY_OFFICER, "Tjänsteman i beredskap", "office", "Tim Beredskapsson"),
    ("group_leader", SeatKind.GROUP_LEADER, "Gruppledare", "group", "Greta Gruppdahl"),
    ("group_member", SeatKind.GROUP_MEMBER, "Ledamot i gruppen", "group", "Moa Modellén"),
    ("outside_member", SeatKind.OUTSIDE_MEMBER, "Extern ledamot", "group", "Pia Polisson"),
)

FALLS_BACK = {SeatKind.DEPARTMENT_COORDINATOR: SeatKind.HEAD, SeatKind.UNIT_OMBUD: SeatKind.UNIT_MANAGER}


@dataclass
class Town:
    """A municipality with its bodies by key and its people by role."""

    municipality: Municipality
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)

    def __getattr__(self, role: str) -> User:
        try:
            return self.__dict__["people"][role]
        except KeyError:
            raise AttributeError(role) from None


def make_user(municipality: Municipality | None, name: str = "Test Testsson", **fields: object) -> User:
    """Make a person who can log in with ``PASSWORD``."""
    number = next(_numbers)
    email = fields.pop("email", f"person{number}@exempelby.example.se")
    return User.objects.create_user(str(email), PASSWORD, municipality=municipality, name=name, **fields)


def make_body(
    municipality: Municipality, kind: str, name: str, parent: Body | None = None, *, key: str = "", **fields: object
) -> Body:
    """Make a body and place it under ``parent`` from the beginning; the closure is rebuilt by the caller."""
    body = Body.objects.create(
        municipality=municipality, kind=kind, name=name, key=key or f"body-{next(_numbers)}", **fields
    )
    if parent is not None:
        Placement.objects.create(municipality=municipality, body=body, parent=parent, valid_from=body.valid_from)
    return body


def make_seat(body: Body, kind: str, title: str = "", *, key: str = "", **fields: object) -> Seat:
    """Make a seat of ``kind`` at ``body``; its seat type (of that kind, or ``key``) is made when missing."""
    seat_type, _created = SeatType.objects.get_or_create(
        municipality=body.municipality,
        key=key or str(kind).replace("_", "-"),
        defaults={"kind": kind, "title": title or str(SeatKind(kind).label).capitalize(), "sits_at": [body.kind]},
    )
    return Seat.objects.create(municipality=body.municipality, seat_type=seat_type, body=body, **fields)


def appoint(
    person: User, seat: Seat, *, valid_from: date = ALWAYS, valid_to: date | None = None, is_deputy: bool = False
) -> Appointment:
    """Let ``person`` hold ``seat`` during a period."""
    appointment = Appointment.objects.create(
        municipality=seat.municipality,
        seat=seat,
        person=person,
        valid_from=valid_from,
        valid_to=valid_to,
        is_deputy=is_deputy,
    )
    refresh_vacancies(seat.municipality, [seat.pk])
    return appointment


def make_municipality(name: str = "Exempelby kommun", key: str = "", *, people: bool = True) -> Town:
    """Make a municipality with bodies, seats, people by role (see ``BODIES``, ``ROLES``) and its closure."""
    key = key or f"exempelby-{next(_numbers)}"
    municipality = Municipality.objects.create(
        name=name, key=key, code="0000", last_election=date(2026, 9, 13), is_demo=True
    )
    Ruleset.objects.create(municipality=municipality, persons_rank="highest", answer_within_days=3)
    town = Town(municipality)
    _bodies(town)
    rebuild_closure(municipality)
    if people:
        _people(town)
    rebuild_vacancies(municipality)
    return town


def _bodies(town: Town) -> None:
    same = {"municipality": town.municipality}
    bodies = [Body(kind=kind, name=name, key=key, **same) for key, kind, name, _parent in BODIES]
    town.bodies = {body.key: body for body in _written(bodies)}
    under = ((town.bodies[key], town.bodies[parent]) for key, _kind, _name, parent in BODIES if parent)
    _written([Placement(body=body, parent=parent, valid_from=body.valid_from, **same) for body, parent in under])


def _people(town: Town) -> None:
    """Fill a seat for each role. In few statements: a town is made for most tests."""
    same = {"municipality": town.municipality}
    types: dict[str, SeatType] = {}
    for _role, kind, title, at, _name in ROLES:
        key = str(kind).replace("_", "-")
        types.setdefault(kind, SeatType(key=key, kind=kind, title=title, sits_at=[town.bodies[at].kind], **same))
    _written(list(types.values()))
    for empty, fallback in FALLS_BACK.items():
        SeatType.objects.filter(pk=types[empty].pk).update(falls_back_to=types[fallback])
    seats = _written(
        [Seat(seat_type=types[kind], body=town.bodies[at], **same) for _role, kind, _title, at, _name in ROLES]
    )
    domain, password = f"{town.municipality.key}.example.se", _hashed(PASSWORD)
    people = _written(
        [User(email=f"{role}@{domain}", name=name, password=password, **same) for role, *_, name in ROLES]
    )
    town.seats = {row[0]: seat for row, seat in zip(ROLES, seats, strict=True)}
    town.people = {row[0]: person for row, person in zip(ROLES, people, strict=True)}
    _written([Appointment(seat=seat, person=person, **same) for seat, person in zip(seats, people, strict=True)])


@cache
def _hashed(password: str) -> str:
    return make_password(password)


def _written(rows: list[Row]) -> list[Row]:
    """Write rows of one model, with history."""
    return bulk_create_with_history(rows, type(rows[0]))


def make_order(town: Town, on: date | None = None, **fields: Any) -> Order:
    """Make the order of a reorganisation by the town's administrator, from today unless ``on`` says otherwise."""
    defaults: dict[str, Any] = {"by": town.administrator, "submission_key": uuid.uuid4()}
    return Order(on=on or clock.today(), **(defaults | fields))
