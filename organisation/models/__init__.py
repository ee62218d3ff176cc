"""Municipality, bodies, people, seats, meetings: the ground floor that every app stands on."""

from organisation.models.base import ALWAYS, DatedModel, DatedQuerySet, SourcedModel, TenantModel, new_public_id
from organisation.models.body import (
    AUTHORITIES,
    PLANNING_BODIES,
    Body,
    BodyClosure,
    BodyKind,
    BodyQuerySet,
    Placement,
    parents_on,
)
from organisation.models.meeting import Decision, Meeting, Outcome
from organisation.models.municipality import LoadedRow, Municipality, PersonsRank, Ruleset
from organisation.models.person import User
from organisation.models.seat import Appointment, Seat, SeatKind, SeatType

__all__ = [
    "ALWAYS",
    "AUTHORITIES",
    "PLANNING_BODIES",
    "Appointment",
    "Body",
    "BodyClosure",
    "BodyKind",
    "BodyQuerySet",
    "DatedModel",
    "DatedQuerySet",
    "Decision",
    "LoadedRow",
    "Meeting",
    "Municipality",
    "Outcome",
    "PersonsRank",
    "Placement",
    "Ruleset",
    "Seat",
    "SeatKind",
    "SeatType",
    "SourcedModel",
    "TenantModel",
    "User",
    "new_public_id",
    "parents_on",
]
