"""Groups' assignments and meetings, and matters between chairs, made by the services that people use."""

import uuid
from datetime import date
from typing import Any

from organisation import clock
from organisation.models import Assignment, AssignmentKind, CoordinationMatter, GroupAction, GroupMeeting, User
from organisation.services.assignments import AssignmentValues, give_assignment
from organisation.services.group_meetings import ActionValues, DecisionValues, MeetingValues, record_meeting
from organisation.services.matters import raise_matter
from tests.factories.organisation import Town

QUESTION = "Vem låser sporthallen efter kvällens uthyrning?"


def assignment_values(**changed: Any) -> AssignmentValues:
    """Return what a person says of an assignment."""
    values: dict[str, Any] = {
        "kind": AssignmentKind.ANALYSIS,
        "title": "Kartlägg otrygga platser vid resecentrum",
        "given_on": date(2026, 9, 1),
        "text": "Gå platserna på kvällen.",
        "given_by": "Säkerhetschefen",
        "due_on": date(2026, 12, 1),
    }
    return AssignmentValues(**(values | changed))


def make_assignment(town: Town, *, by: User | None = None, **changed: Any) -> Assignment:
    """Let the group have been asked for something."""
    return give_assignment(
        group=town.bodies["group"],
        values=assignment_values(**changed),
        submission_key=uuid.uuid4(),
        by=by or town.group_leader,
    )


def meeting_values(town: Town, **changed: Any) -> MeetingValues:
    """Return the notes of a meeting with one decision and one action, which the unit manager's seat is to do."""
    values: dict[str, Any] = {
        "held_on": clock.today(),
        "place": "Stadshuset",
        "notes": "Polisen berättade om läget vid resecentrum.",
        "attended": (town.group_leader, town.outside_member),
        "decisions": (DecisionValues("Gruppen går en trygghetsvandring i oktober."),),
        "actions": (ActionValues("Byt lamporna i gångtunneln", seat=town.seats["unit_manager"]),),
    }
    return MeetingValues(**(values | changed))


def make_meeting(town: Town, *, by: User | None = None, **changed: Any) -> GroupMeeting:
    """Let the group have met."""
    return record_meeting(
        group=town.bodies["group"],
        values=meeting_values(town, **changed),
        submission_key=uuid.uuid4(),
        by=by or town.group_leader,
    )


def make_action(town: Town, **changed: Any) -> GroupAction:
    """Let the group have agreed on one action (``changed``: values of the action)."""
    values = ActionValues(**({"what": "Byt lamporna i gångtunneln"} | changed))
    action: GroupAction = make_meeting(town, actions=(values,)).actions.get()
    return action


def make_matter(
    town: Town, *bodies: str, by: User | None = None, question: str = QUESTION, **changed: Any
) -> CoordinationMatter:
    """Let a question lie between a unit of the care committee and one of the school committee, or ``bodies``."""
    return raise_matter(
        question=question,
        bodies=[town.bodies[key] for key in bodies or ("care-north", "school-unit")],
        submission_key=changed.pop("submission_key", uuid.uuid4()),
        by=by or town.safety_coordinator,
        **changed,
    )
