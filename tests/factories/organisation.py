"""A small municipality, Exempelby, with one of everything: bodies, seats, people by role."""

import itertools
from dataclasses import dataclass, field
from datetime import date

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
from organisation.tree import rebuild_closure

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


def make_seat(body: Body, kind: str, title: str = "", **fields: object) -> Seat:
    """Make a seat of ``kind`` at ``body``; the municipality's seat type of that kind is made when missing."""
    seat_type, _created = SeatType.objects.get_or_create(
        municipality=body.municipality,
        key=str(kind).replace("_", "-"),
        defaults={"kind": kind, "title": title or str(SeatKind(kind).label).capitalize(), "sits_at": [body.kind]},
    )
    return Seat.objects.create(municipality=body.municipality, seat_type=seat_type, body=body, **fields)


def appoint(
    person: User, seat: Seat, *, valid_from: date = ALWAYS, valid_to: date | None = None, is_deputy: bool = False
) -> Appointment:
    """Let ``person`` hold ``seat`` during a period."""
    return Appointment.objects.create(
        municipality=seat.municipality,
        seat=seat,
        person=person,
        valid_from=valid_from,
        valid_to=valid_to,
        is_deputy=is_deputy,
    )


def make_municipality(name: str = "Exempelby kommun", key: str = "", *, people: bool = True) -> Town:
    """Make a municipality with bodies, seats, people by role (see ``BODIES``, ``ROLES``) and its closure."""
    key = key or f"exempelby-{next(_numbers)}"
    municipality = Municipality.objects.create(
        name=name, key=key, code="0000", last_election=date(2026, 9, 13), is_demo=True
    )
    Ruleset.objects.create(municipality=municipality, persons_rank="highest", answer_within_days=3)
    town = Town(municipality)
    for body_key, kind, body_name, parent in BODIES:
        above = town.bodies[parent] if parent else None
        town.bodies[body_key] = make_body(municipality, kind, body_name, above, key=body_key)
    rebuild_closure(municipality)
    for role, seat_kind, title, body_key, person_name in ROLES if people else ():
        seat = make_seat(town.bodies[body_key], seat_kind, title)
        person = make_user(municipality, person_name, email=f"{role}@{key}.example.se")
        appoint(person, seat)
        town.seats[role], town.people[role] = seat, person
    for empty, fallback in FALLS_BACK.items():
        types = SeatType.objects.filter(municipality=municipality)
        types.filter(kind=empty).update(falls_back_to=types.filter(kind=fallback).first())
    return town
