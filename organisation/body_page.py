"""What the page of one body tells: who answers, its seats and their rules, its members and matters of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from organisation.actors import Actors
from organisation.models import Body, Seat, SeatKind
from organisation.responsibility import Roster


@dataclass(frozen=True)
class SeatRule:
    """A seat at the body: who holds it, and what the municipality says of it."""

    title: str
    holders: str
    appointed_by: str
    reports_to: str
    falls_back_to: str
    from_document: bool


def body_page(body: Body, on: date) -> dict[str, Any]:
    """Return seats with their rules, members of a group, and matters that the body has been given (R46, R110, R207)."""
    roster = Roster(body.municipality, on, body=body)
    seats = [seat for seat in roster.by_body.get(body.pk, ()) if seat.seat_type.kind != SeatKind.EMPLOYEE]
    members = body.details.get("members", [])
    own = {body.key, body.kind, *(seat.seat_type.key for seat in seats)}
    given = [matter for matter in body.municipality.responsibilities if matter.get("held_by") in own]
    words = {*members, *(seat.seat_type.appointed_by for seat in seats)}
    words |= {matter.get("assigned_by", "") for matter in given} | {matter["held_by"] for matter in given}
    actors = Actors(body.municipality, words)
    return {
        "seats": [_rule(seat, roster, actors) for seat in seats],
        "members": actors.names(members),
        "matters": [
            {
                "title": matter["title"],
                "held_by": actors.name(matter["held_by"]) if matter["held_by"] != body.key else "",
                "assigned_by": actors.name(matter["assigned_by"]) if matter.get("assigned_by") else "",
            }
            for matter in given
        ],
    }


def _rule(seat: Seat, roster: Roster, actors: Actors) -> SeatRule:
    seat_type = seat.seat_type
    return SeatRule(
        title=seat_type.title,
        holders=", ".join(held.person.name for held in roster.holders.get(seat.pk, ())),
        appointed_by=actors.name(seat_type.appointed_by) if seat_type.appointed_by else "",
        reports_to=seat_type.reports_to.title if seat_type.reports_to else "",
        falls_back_to=seat_type.falls_back_to.title if seat_type.falls_back_to else "",
        from_document=seat_type.from_document,
    )
