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
HANDLE_CASES = (
    "incidents.view_incident",
    "incidents.read_narrative",
    "incidents.handle_incident",
    "incidents.enter_report",
    "incidents.print_poster",
    "incidents.view_statistics",
    "incidents.view_register",
)
# Whether a document is given out is decided by whoever has it in charge, on behalf of the authority (OSL 6:3).
DISCLOSE = ("incidents.disclose_case",)
LOG_RISKS = ("risks.view_risk", "risks.add_risk", "risks.change_risk")
PREPARE_PLANS = ("actionplans.view_plan", "actionplans.change_plan", "actionplans.submit_plan")
FOLLOW_UP = ("followup.view_report", "followup.start_report")
# Whoever answers for a body can say that a question falls between it and others, and take one over (R22).
SHARE_MATTERS = ("organisation.view_matter", "organisation.raise_matter", "organisation.take_over_matter")
COORDINATE = ("organisation.view_matter", "organisation.raise_matter", "organisation.coordinate_matter")
# What the union's representatives ask of the employer is answered in the line (AML 6:6a, 6:7).
ANSWER_UNION = ("organisation.view_request", "organisation.answer_request")
RUN_GROUPS = ("organisation.view_group", "organisation.run_group")

SAFETY_UNIT = (
    *LOG_RISKS,
    *PREPARE_PLANS,
    *FOLLOW_UP,
    *COORDINATE,
    *RUN_GROUPS,
    "organisation.oversee",
    "organisation.view_request",
    "incidents.view_incident",
    "incidents.view_statistics",
    "incidents.view_register",
    "incidents.print_poster",
    # Damage statistics, insurance and the fund for deductibles are the safety unit's to compile (R123-R125).
    "incidents.view_fund",
    "incidents.keep_fund",
    "incidents.import_cases",
)

# Bodies in which elected people, or a company's board, decide by minutes.
DECIDING = (
    BodyKind.COUNCIL,
    BodyKind.BOARD,
    BodyKind.COMMITTEE,
    BodyKind.COMPANY,
    BodyKind.CRISIS_COMMITTEE,
    BodyKind.JOINT_COMMITTEE,
    BodyKind.FEDERATION,
    BodyKind.WORKING_COMMITTEE,
)
# They read the plans and risks of their own field, and the matters that it is part of.
ELECTED = may(BELOW, *READ_PLANS, "organisation.view_matter", "incidents.view_statistics", at=DECIDING)
# The board follows up, oversees and coordinates all committees (R23, R25, R175, KL 6:1).
OVERSIGHT = (
    *READ_PLANS,
    "followup.view_report",
    "organisation.oversee",
    "organisation.view_matter",
    # Figures, never a case; the fund is the board's to follow (R124).
    "incidents.view_statistics",
    "incidents.view_fund",
)
BOARD_OVERSIGHT = may(MUNICIPALITY, *OVERSIGHT, at=(BodyKind.BOARD, BodyKind.COUNCIL))

ROLES: Mapping[str, tuple[May, ...]] = {
    SeatKind.CHAIR: (*ELECTED, *BOARD_OVERSIGHT),
    SeatKind.MEMBER: (*ELECTED, *BOARD_OVERSIGHT),
    # The secretary records what the meeting decided, elections too; the click is never the decision.
    SeatKind.SECRETARY: (
        *ELECTED,
        *may(OWN, "organisation.keep_minutes", "actionplans.record_decision", at=DECIDING),
        # Records what the committee decided about disposal of its cases, and keeps its register (OSL 5:2).
        *may(BELOW, "incidents.decide_disposal", "incidents.view_register", at=DECIDING),
        # The council elects to all committees (KL 5:1), another body to what stands below it.
        *may(BELOW, "organisation.appoint", at=DECIDING),
        *may(MUNICIPALITY, "organisation.appoint", at=(BodyKind.COUNCIL,)),
        *BOARD_OVERSIGHT,
    ),
    # The chief executive carries out and coordinates (R181), and appoints the safety group (R80).
    SeatKind.CHIEF_EXECUTIVE: (
        *may(MUNICIPALITY, *OVERSIGHT, *FOLLOW_UP, "organisation.raise_matter", "organisation.view_group"),
        *may(MUNICIPALITY, "organisation.appoint"),
        *may(BELOW, "incidents.view_incident"),
        # The municipality is one employer: answers the union where no manager in the line can (AML 3:2).
        *may(MUNICIPALITY, *ANSWER_UNION),
    ),
    # The safety unit coordinates between committees (R22, R127); it sees that a case exists, not its text.
    SeatKind.HEAD_OF_SECURITY: may(MUNICIPALITY, *SAFETY_UNIT, "organisation.appoint"),
    SeatKind.SAFETY_COORDINATOR: may(MUNICIPALITY, *SAFETY_UNIT),
    SeatKind.CRIME_PREVENTION_STRATEGIST: may(MUNICIPALITY, *LOG_RISKS, "actionplans.view_plan", *COORDINATE),
    SeatKind.PREPAREDNESS_COORDINATOR: may(MUNICIPALITY, *LOG_RISKS, "actionplans.view_plan", *COORDINATE),
    SeatKind.PROTECTIVE_SECURITY_MANAGER: (),
    SeatKind.INFORMATION_SECURITY_COORDINATOR: may(MUNICIPALITY, *LOG_RISKS, "actionplans.view_plan"),
    # Responsibility follows the line on every level (R21, R42, R75, R128).
    # The plan is the committee's, prepared by its department (R82, R178).
    SeatKind.HEAD: (
        *may(BELOW, *LOG_RISKS, *HANDLE_CASES, *DISCLOSE, *SHARE_MATTERS, *ANSWER_UNION, "organisation.appoint"),
        *may(AUTHORITY, *PREPARE_PLANS),
    ),
    SeatKind.DEPARTMENT_COORDINATOR: (
        *may(BELOW, *LOG_RISKS, *HANDLE_CASES, *SHARE_MATTERS, "organisation.view_request"),
        *may(AUTHORITY, *PREPARE_PLANS),
    ),
    SeatKind.UNIT_MANAGER: (
        *may(BELOW, *LOG_RISKS, *HANDLE_CASES, *SHARE_MATTERS, *ANSWER_UNION, "organisation.appoint"),
        *may(AUTHORITY, "actionplans.view_plan"),
    ),
    SeatKind.UNIT_OMBUD: may(BELOW, *LOG_RISKS, "incidents.view_incident", "incidents.print_poster"),
    # Told what happened in the area that the union gave, not who reported it (AML 6:4); asks and stops (6:6a, 6:7).
    SeatKind.SAFETY_REPRESENTATIVE: may(
        BELOW, "risks.view_risk", "incidents.view_incident", "organisation.view_request", "organisation.file_request"
    ),
    SeatKind.CHIEF_SAFETY_REPRESENTATIVE: (
        *may(BELOW, "risks.view_risk", "incidents.view_incident"),
        *may(BELOW, "organisation.view_request", "organisation.file_request"),
        # Records on the union's behalf whom it has appointed.
        *may(MUNICIPALITY, "organisation.record_mandate"),
    ),
    SeatKind.EMPLOYEE: (),
    # Reached when a case is escalated (R166); sees that case then, by a share that ends.
    SeatKind.DUTY_OFFICER: may(MUNICIPALITY, "incidents.answer_escalation"),
    # Proposes what has been kept long enough, and records what the archive authority decided; reads no case.
    SeatKind.ARCHIVIST: may(
        MUNICIPALITY, "incidents.propose_disposal", "incidents.decide_disposal", "incidents.view_register"
    ),
    # Sees who has read what, and answers who asks what is held about them (GDPR articles 15, 30, 39).
    SeatKind.DATA_PROTECTION_OFFICER: may(
        MUNICIPALITY, "incidents.view_read_log", "incidents.export_person", "incidents.view_register"
    ),
    # Runs bodies, seats and people, and records what the union has notified; reads no case by that role.
    SeatKind.ADMINISTRATOR: may(
        MUNICIPALITY, "organisation.administer", "organisation.appoint", "organisation.record_mandate"
    ),
    # Groups beside the line (R196, R206-R210): those who sit in one see what is shared with it.
    SeatKind.GROUP_LEADER: may(OWN, *RUN_GROUPS),
    SeatKind.GROUP_MEMBER: may(OWN, "organisation.view_group"),
    SeatKind.OUTSIDE_MEMBER: may(OWN, "organisation.view_group"),
    SeatKind.OTHER: (),
}

# People from outside see only what is shared with their group.
WITHOUT_EVERYONE = frozenset({SeatKind.OUTSIDE_MEMBER})


def rights_of(seat_kind: str, body_kind: str) -> tuple[May, ...]:
    """Return the rights that a seat of ``seat_kind`` gives when it stands at a body of ``body_kind``."""
    own = tuple(right for right in ROLES[seat_kind] if not right.at or body_kind in right.at)
    return own if seat_kind in WITHOUT_EVERYONE else (*EVERYONE, *own)


def kinds_with(permission: str) -> list[str]:
    """Return the kinds of seat that may give ``permission`` anywhere, beside what everyone has."""
    return [kind for kind, rights in ROLES.items() if any(right.permission == permission for right in rights)]
