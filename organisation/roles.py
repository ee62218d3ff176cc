"""What each kind of seat may do, and where. Read it as policy; nothing else grants a right.

``OWN``           the body in which the seat stands
``BELOW``         that body and all below it, never across into another authority
``AUTHORITY``     the committee, board or company that the body belongs to: those who work below prepare its paper
``MUNICIPALITY``  every body of the municipality: for oversight, which is a relation and not parenthood

A right that a rule of the documents gives cites it. Elected people read the plans and reports of
their body; the board oversees all committees but reads no case (KL 6:1); case text stays with
those who handle the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from organisation.models import BodyKind, SeatKind


class Reach(Enum):
    """How far from its own body a seat's right reaches."""

    OWN = "own"
    BELOW = "below"
    AUTHORITY = "authority"
    MUNICIPALITY = "municipality"


OWN, BELOW, AUTHORITY, MUNICIPALITY = Reach


@dataclass(frozen=True)
class May:
    """One right: the permission, its reach, and the kinds of body at which the seat must stand (none: any)."""

    permission: str
    reach: Reach
    at: frozenset[str] = frozenset()


def may(reach: Reach, *permissions: str, at: tuple[str, ...] = ()) -> tuple[May, ...]:
    """Return one right per permission, all with the same reach."""
    return tuple(May(permission, reach, frozenset(at)) for permission in permissions)


# Every employee works for increased safety, and everyone can report (R132, R141).
EVERYONE = may(
    MUNICIPALITY,
    "organisation.view_body",
    "policies.view_document",
    "incidents.report_incident",
)

READ_PLANS = ("risks.view_risk", "actionplans.view_plan")
HANDLE_CASES = ("incidents.view_incident", "incidents.read_narrative", "incidents.handle_incident")
LOG_RISKS = ("risks.view_risk", "risks.add_risk", "risks.change_risk")
PREPARE_PLANS = ("actionplans.view_plan", "actionplans.change_plan", "actionplans.submit_plan")
FOLLOW_UP = ("followup.view_report", "followup.start_report")

# The board follows up, oversees and coordinates all committees (R23, R25, R175, KL 6:1).
BOARD_OVERSIGHT = may(MUNICIPALITY, *READ_PLANS, "followup.view_report", at=(BodyKind.BOARD, BodyKind.COUNCIL))

ROLES: Mapping[str, tuple[May, ...]] = {
    SeatKind.CHAIR: (*may(BELOW, *READ_PLANS), *BOARD_OVERSIGHT),
    SeatKind.MEMBER: (*may(BELOW, *READ_PLANS), *BOARD_OVERSIGHT),
    # The secretary records what the meeting decided; the click is never the decision.
    SeatKind.SECRETARY: (
        *may(BELOW, *READ_PLANS),
        *may(OWN, "organisation.keep_minutes", "actionplans.record_decision"),
        *BOARD_OVERSIGHT,
    ),
    # The chief executive carries out and coordinates (R181).
    SeatKind.CHIEF_EXECUTIVE: (*may(MUNICIPALITY, *READ_PLANS, *FOLLOW_UP), *may(BELOW, "incidents.view_incident")),
    SeatKind.HEAD_OF_SECURITY: may(MUNICIPALITY, *LOG_RISKS, *PREPARE_PLANS, *FOLLOW_UP, "incidents.view_incident"),
    # The safety unit coordinates between committees (R22, R127); it sees that a case exists, not its text.
    SeatKind.SAFETY_COORDINATOR: may(MUNICIPALITY, *LOG_RISKS, *PREPARE_PLANS, *FOLLOW_UP, "incidents.view_incident"),
    SeatKind.CRIME_PREVENTION_STRATEGIST: may(MUNICIPALITY, *LOG_RISKS, "actionplans.view_plan"),
    SeatKind.PREPAREDNESS_COORDINATOR: may(MUNICIPALITY, *LOG_RISKS, "actionplans.view_plan"),
    SeatKind.PROTECTIVE_SECURITY_MANAGER: (),
    SeatKind.INFORMATION_SECURITY_COORDINATOR: may(MUNICIPALITY, *LOG_RISKS, "actionplans.view_plan"),
    # Responsibility follows the line on every level (R21, R42, R75, R128).
    # The plan is the committee's, prepared by its department (R82, R178).
    SeatKind.HEAD: (*may(BELOW, *LOG_RISKS, *HANDLE_CASES), *may(AUTHORITY, *PREPARE_PLANS)),
    SeatKind.DEPARTMENT_COORDINATOR: (*may(BELOW, *LOG_RISKS, *HANDLE_CASES), *may(AUTHORITY, *PREPARE_PLANS)),
    SeatKind.UNIT_MANAGER: (*may(BELOW, *LOG_RISKS, *HANDLE_CASES), *may(AUTHORITY, "actionplans.view_plan")),
    SeatKind.UNIT_OMBUD: may(BELOW, *LOG_RISKS, "incidents.view_incident"),
    # The safety representative is told what happened in the area, not who reported it (AML 6:4).
    SeatKind.SAFETY_REPRESENTATIVE: may(BELOW, "risks.view_risk", "incidents.view_incident"),
    SeatKind.EMPLOYEE: (),
    SeatKind.DUTY_OFFICER: (),
    SeatKind.ARCHIVIST: (),
    SeatKind.DATA_PROTECTION_OFFICER: (),
    # Runs bodies, seats and people; reads no case by that role.
    SeatKind.ADMINISTRATOR: may(MUNICIPALITY, "organisation.administer"),
    SeatKind.OUTSIDE_MEMBER: (),
    SeatKind.OTHER: (),
}

# People from outside see only what is shared with their group.
WITHOUT_EVERYONE = frozenset({SeatKind.OUTSIDE_MEMBER})


def rights_of(seat_kind: str, body_kind: str) -> tuple[May, ...]:
    """Return the rights that a seat of ``seat_kind`` gives when it stands at a body of ``body_kind``."""
    own = tuple(right for right in ROLES[seat_kind] if not right.at or body_kind in right.at)
    return own if seat_kind in WITHOUT_EVERYONE else (*EVERYONE, *own)
