"""The city's groups with their meetings and what comes of them, and the matters that lie between units."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.city import LAST_DAY, City, pour, write
from organisation.models import (
    Appointment,
    Assignment,
    AssignmentKind,
    Body,
    BodyKind,
    CoordinationMatter,
    GroupAction,
    GroupDecision,
    GroupMeeting,
    MatterBody,
    MatterState,
    MatterStatus,
    Placement,
    Seat,
    SeatKind,
    SeatType,
)
from organisation.tree import rebuild_closure

GROUPS, MEMBERS, MEETINGS, ROWS = 40, 12, 40, 3
# In a city of scale 1; every fifth lies open.
MATTERS, FEWEST_MATTERS, OPEN_EVERY = 2_000, 80, 5


def write_groups(city: City) -> None:
    """Write groups that the safety unit coordinates, with ten years' meetings, and matters between two units each."""
    groups = write(
        Body(municipality=city.municipality, key=f"g{n}", kind=BodyKind.RISK_GROUP, name=f"Riskhanteringsgrupp {n}")
        for n in range(GROUPS)
    )
    board = Body.objects.get(municipality=city.municipality, kind=BodyKind.BOARD)
    write(Placement(municipality=city.municipality, body=group, parent=board) for group in groups)
    rebuild_closure(city.municipality)
    for kind, several in ((SeatKind.GROUP_LEADER, 1), (SeatKind.GROUP_MEMBER, MEMBERS)):
        _appoint(city, groups, kind, several)
    _assign(city, groups)
    _meet(city, groups)
    _matters(city)


def _appoint(city: City, groups: list[Body], kind: SeatKind, several: int) -> None:
    seat_type = SeatType.objects.create(
        municipality=city.municipality,
        key=kind,
        kind=kind,
        title=kind.label.capitalize(),
        sits_at=[BodyKind.RISK_GROUP],
    )
    seats = write(Seat(municipality=city.municipality, seat_type=seat_type, body=group) for group in groups)
    write(
        Appointment(municipality=city.municipality, seat=seat, person=person)
        for seat in seats
        for person in city.chance.sample(city.people, several)
    )


def _assign(city: City, groups: list[Body]) -> None:
    given = LAST_DAY - timedelta(days=200)
    pour(
        Assignment(
            municipality=city.municipality,
            body=group,
            kind=AssignmentKind.ANALYSIS,
            title=f"Uppdrag {number}",
            given_on=given,
            due_on=LAST_DAY + timedelta(days=number),
            done_on=given if number % 2 else None,
            submission_key=uuid.uuid4(),
        )
        for group in groups
        for number in range(MEETINGS)
    )


def _meet(city: City, groups: list[Body]) -> None:
    meetings = write(
        GroupMeeting(
            municipality=city.municipality,
            body=group,
            held_on=LAST_DAY - timedelta(days=90 * number),
            notes="Läget sedan sist.",
            written_by=city.manager,
            submission_key=uuid.uuid4(),
        )
        for group in groups
        for number in range(MEETINGS)
    )
    tie = {"municipality": city.municipality}
    rows = [(meeting, place) for meeting in meetings for place in range(ROWS)]
    pour(GroupDecision(**tie, meeting=meeting, text="Gruppen går vidare.", position=place) for meeting, place in rows)
    pour(
        GroupAction(
            **tie,
            meeting=meeting,
            what=f"Sak {place}",
            person=city.manager,
            position=place,
            done_on=None if place == 0 and meeting.held_on == LAST_DAY else LAST_DAY,
        )
        for meeting, place in rows
    )


def _matters(city: City) -> None:
    def rows() -> Iterator[CoordinationMatter]:
        for number in range(max(FEWEST_MATTERS, round(MATTERS * city.events))):
            day = LAST_DAY - timedelta(days=city.chance.randrange(3000))
            at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            is_open = number % OPEN_EVERY == 0
            yield CoordinationMatter(
                municipality=city.municipality,
                question=f"Vem svarar för fråga {number}?",
                state=MatterState.OPEN if is_open else MatterState.CLOSED,
                raised_by=city.manager,
                raised_at=at,
                settled_at=None if is_open else at,
                submission_key=uuid.uuid4(),
            )

    matters = write(rows())
    pour(
        MatterBody(municipality=city.municipality, matter=matter, body=unit)
        for matter in matters
        for unit in city.chance.sample(city.units, 2)
    )
    pour(
        MatterStatus(matter=matter, to_state=matter.state, by=matter.raised_by, at=matter.raised_at)
        for matter in matters
    )
