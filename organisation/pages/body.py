"""What the page of one body tells: who answers, its seats and their rules, its members and matters of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisation.actors import Actors
from organisation.given_matters import given_matters
from organisation.models import Body, Headcount, Seat, SeatKind
from organisation.responsibility import handling_kind, who_answers
from organisation.roster import Roster
from organisation.seat_words import actors_of, holder_in_words, rule_of


@dataclass(frozen=True)
class SeatRule:
    """A seat at the body: who holds it, and what the municipality says of it."""

    seat: Seat
    holders: str
    rule: Mapping[str, str]


def body_page(body: Body, on: date) -> dict[str, Any]:
    """Return seats with their rules, members of a group, and matters that the body has been given (R46, R110, R207)."""
    roster = Roster(body.municipality, on, bodies=[body.pk])
    seats = roster.by_body.get(body.pk, [])
    members = body.details.get("members", [])
    own = {body.key, body.kind, *(seat.seat_type.key for seat in seats)}
    given = [matter for matter in given_matters(body.municipality, on) if matter.held_by in own]
    words = {*members, *(word for matter in given for word in (matter.held_by, matter.assigned_by))}
    actors = actors_of(body.municipality, [seat.seat_type for seat in seats], words)
    return {
        "answers": [
            ("handles", who_answers(body, handling_kind(body), on, roster=roster)),
            ("coordinates", who_answers(body, SeatKind.DEPARTMENT_COORDINATOR, on, roster=roster)),
            ("local", who_answers(body, SeatKind.UNIT_OMBUD, on, roster=roster)),
        ],
        "seats": [_shown(seat, roster, actors) for seat in seats],
        "members": actors.names(members),
        "headcount": Headcount.objects.filter(body=body).latest_on(on).first(),
        "matters": [
            {
                "title": matter.title,
                "held_by": actors.name(matter.held_by) if matter.held_by != body.key else "",
                "assigned_by": actors.name(matter.assigned_by) if matter.assigned_by else "",
            }
            for matter in given
        ],
    }


def _shown(seat: Seat, roster: Roster, actors: Actors) -> SeatRule:
    held = roster.holders.get(seat.pk, ())
    return SeatRule(
        seat=seat,
        holders=", ".join(map(holder_in_words, held)),
        rule=rule_of(seat.seat_type, actors),
    )
