"""A municipality in which every role has a body of its own, below it, beside it and above it, and reads ``scope.csv``.

A cell of the file names the places to which the seat's right reaches:

``own``        the body where the seat stands
``below``      each body below it, as far as its own authority goes
``across``     what stands below it in the tree, within another authority: nobody's "below"
``beside``     its siblings of the same kind
``above``      the body under which it stands
``authority``  the committee, board or company that it belongs to, itself where it is one
``all``        every body of the municipality, never another's
``-``          none
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from organisation.models import AUTHORITIES, Body, BodyKind, Municipality, SeatKind, User
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user
from tests.factories.union import give_area

EXPECTED = Path(__file__).with_name("scope.csv")
PLACES = ("own", "below", "across", "beside", "above", "authority", "elsewhere", "other municipality")

# Key, kind, key of the parent: wherever a seat stands there is somebody beside, above and two floors below.
TREE = (
    ("council", BodyKind.COUNCIL, None),
    ("board", BodyKind.BOARD, "council"),
    ("office", BodyKind.DEPARTMENT, "board"),
    ("safety", BodyKind.SAFETY_UNIT, "office"),
    ("safety-desk", BodyKind.UNIT, "safety"),
    ("safety-beside", BodyKind.SAFETY_UNIT, "office"),
    ("group", BodyKind.RISK_GROUP, "office"),
    ("group-below", BodyKind.OTHER_GROUP, "group"),
    ("group-beside", BodyKind.RISK_GROUP, "office"),
    ("care", BodyKind.COMMITTEE, "council"),
    ("care-area", BodyKind.DEPARTMENT, "care"),
    ("care-dept", BodyKind.DEPARTMENT, "care-area"),
    ("care-dept-beside", BodyKind.DEPARTMENT, "care-area"),
    ("care-unit", BodyKind.UNIT, "care-dept"),
    ("care-unit-beside", BodyKind.UNIT, "care-dept"),
    ("care-team", BodyKind.UNIT, "care-unit"),
    ("care-shift", BodyKind.UNIT, "care-team"),
    ("school", BodyKind.COMMITTEE, "council"),
    ("school-dept", BodyKind.DEPARTMENT, "school"),
    ("school-unit", BodyKind.UNIT, "school-dept"),
    ("company", BodyKind.COMPANY, "council"),
    ("company-unit", BodyKind.UNIT, "company"),
    ("company-daughter", BodyKind.COMPANY, "company"),
    ("company-beside", BodyKind.COMPANY, "council"),
)

# Role → kind of seat, and the body at which it stands.
SEATS = {
    "committee_chair": (SeatKind.CHAIR, "care"),
    "committee_member": (SeatKind.MEMBER, "care"),
    "committee_secretary": (SeatKind.SECRETARY, "care"),
    "company_chair": (SeatKind.CHAIR, "company"),
    "company_member": (SeatKind.MEMBER, "company"),
    "company_secretary": (SeatKind.SECRETARY, "company"),
    "company_head": (SeatKind.HEAD, "company"),
    "board_chair": (SeatKind.CHAIR, "board"),
    "board_member": (SeatKind.MEMBER, "board"),
    "board_secretary": (SeatKind.SECRETARY, "board"),
    "council_chair": (SeatKind.CHAIR, "council"),
    "council_member": (SeatKind.MEMBER, "council"),
    "council_secretary": (SeatKind.SECRETARY, "council"),
    "chief_executive": (SeatKind.CHIEF_EXECUTIVE, "board"),
    "head_of_security": (SeatKind.HEAD_OF_SECURITY, "safety"),
    "safety_coordinator": (SeatKind.SAFETY_COORDINATOR, "safety"),
    "crime_prevention_strategist": (SeatKind.CRIME_PREVENTION_STRATEGIST, "safety"),
    "preparedness_coordinator": (SeatKind.PREPAREDNESS_COORDINATOR, "safety"),
    "protective_security_manager": (SeatKind.PROTECTIVE_SECURITY_MANAGER, "safety"),
    "information_security_coordinator": (SeatKind.INFORMATION_SECURITY_COORDINATOR, "safety"),
    "head": (SeatKind.HEAD, "care-dept"),
    "department_coordinator": (SeatKind.DEPARTMENT_COORDINATOR, "care-dept"),
    "unit_manager": (SeatKind.UNIT_MANAGER, "care-unit"),
    "unit_ombud": (SeatKind.UNIT_OMBUD, "care-unit"),
    "safety_representative": (SeatKind.SAFETY_REPRESENTATIVE, "care-unit"),
    "chief_safety_representative": (SeatKind.CHIEF_SAFETY_REPRESENTATIVE, "care-dept"),
    "employee": (SeatKind.EMPLOYEE, "care-unit"),
    "duty_officer": (SeatKind.DUTY_OFFICER, "safety"),
    "archivist": (SeatKind.ARCHIVIST, "office"),
    "data_protection_officer": (SeatKind.DATA_PROTECTION_OFFICER, "office"),
    "administrator": (SeatKind.ADMINISTRATOR, "office"),
    "group_leader": (SeatKind.GROUP_LEADER, "group"),
    "group_member": (SeatKind.GROUP_MEMBER, "group"),
    "outside_member": (SeatKind.OUTSIDE_MEMBER, "group"),
    "other": (SeatKind.OTHER, "care-unit"),
}
# Their seat stands at the committee; what counts is the area that the union gave.
BY_AREA = frozenset({"chief_safety_representative"})
# Has an account, but no seat; is asked about the nursing unit.
WITHOUT_SEAT = "without_seat"
AT = {role: at for role, (_kind, at) in SEATS.items()} | {WITHOUT_SEAT: "care-unit"}
PARENT = {key: parent for key, _kind, parent in TREE}
KIND = {key: kind for key, kind, _parent in TREE}


@dataclass
class Standing:
    """The municipality, its bodies by key, one person per role, and a neighbour that looks the same."""

    municipality: Municipality
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    foreign: list[Body] = field(default_factory=list)
    seen_from: dict[str, dict[str, list[Body]]] = field(default_factory=dict)

    def places(self, role: str) -> dict[str, list[Body]]:
        """Return place → the bodies that are there for ``role``; a place that the tree lacks for it is left out."""
        if role not in self.seen_from:
            named = {place: [self.bodies[key] for key in keys] for place, keys in places_of(AT[role]).items()}
            every = named | {"other municipality": self.foreign}
            self.seen_from[role] = {place: found for place, found in every.items() if found}
        return self.seen_from[role]


def places_of(at: str) -> dict[str, list[str]]:
    """Return place → keys of the bodies of the tree that are there, seen from the body ``at``."""
    line = list(upwards(at))
    under = {key: _within(key, at) for key in PARENT if at in upwards(key)}
    beside = [key for key in PARENT if key != at and PARENT[key] == PARENT[at] and KIND[key] == KIND[at]]
    named = {
        "own": [at],
        "below": [key for key, within in under.items() if within],
        "across": [key for key, within in under.items() if not within],
        "beside": beside,
        "above": line[:1],
        "authority": [key for key in (at, *line) if KIND[key] in AUTHORITIES][:1],
    }
    known = {key for keys in named.values() for key in keys}
    return named | {"elsewhere": [key for key in PARENT if key not in known]}


def _within(key: str, at: str) -> bool:
    """Tell whether the way from ``key`` up to ``at`` leaves no authority."""
    line = [key, *upwards(key)]
    return not any(KIND[step] in AUTHORITIES for step in line[: line.index(at)])


def upwards(key: str) -> Iterator[str]:
    """Yield the bodies above ``key``, the nearest first."""
    at = PARENT[key]
    while at is not None:
        yield at
        at = PARENT[at]


def build_standing() -> Standing:
    """Make the municipality with everybody in their seats, and its neighbour."""
    municipality = Municipality.objects.create(name="Relationsby kommun", key="relationsby", code="0000", is_demo=True)
    made = Standing(municipality, foreign=list(make_municipality("Grannby kommun").bodies.values()))
    for key, kind, parent in TREE:
        above = made.bodies[parent] if parent else None
        made.bodies[key] = make_body(municipality, kind, key.replace("-", " ").capitalize(), above, key=key)
    rebuild_closure(municipality)
    for role, (seat_kind, at) in SEATS.items():
        made.people[role] = make_user(municipality, role.replace("_", " ").capitalize())
        by_area = role in BY_AREA
        appointment = appoint(made.people[role], make_seat(made.bodies["care" if by_area else at], seat_kind, key=role))
        if by_area:
            give_area(appointment, made.bodies[at])
    made.people[WITHOUT_SEAT] = make_user(municipality, "Utan Uppdrag")
    rebuild_vacancies(municipality)
    return made


def read_expected() -> dict[tuple[str, str], frozenset[str]]:
    """Return (permission, role) → the places named in the cell."""
    with EXPECTED.open(newline="") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    cells: dict[tuple[str, str], frozenset[str]] = {}
    for record in csv.DictReader(lines):
        permission = record.pop("permission")
        for role, cell in record.items():
            named = frozenset() if cell == "-" else frozenset(cell.split())
            cells[permission, role] = frozenset(PLACES[:-1]) if named == {"all"} else named
    return cells
