"""What people do with action plans, one verb each; every one a transaction that locks the plan first."""

from actionplans.services.decisions import (
    MeasureChange,
    correct_decision,
    record_decision,
    recorded,
)
from actionplans.services.errors import (
    AlreadyDecided,
    ContentChanged,
    Incomplete,
    MeasureChanged,
    OutsidePlan,
    PlanChanged,
    PlanExists,
    PlanLocked,
)
from actionplans.services.force import approve_minutes, bring_into_force
from actionplans.services.measures import add_measure, edit_measure, remove_measure
from actionplans.services.plans import create_plan, edit_plan
from actionplans.services.progress import may_note_progress, measures_to_note, note_progress
from actionplans.services.submission import missing_in, submit_plan, withdraw_plan
from actionplans.values import MeasureValues, ResourceValues

__all__ = [
    "AlreadyDecided",
    "ContentChanged",
    "Incomplete",
    "MeasureChange",
    "MeasureChanged",
    "MeasureValues",
    "OutsidePlan",
    "PlanChanged",
    "PlanExists",
    "PlanLocked",
    "ResourceValues",
    "add_measure",
    "approve_minutes",
    "bring_into_force",
    "correct_decision",
    "create_plan",
    "edit_measure",
    "edit_plan",
    "may_note_progress",
    "measures_to_note",
    "missing_in",
    "note_progress",
    "record_decision",
    "recorded",
    "remove_measure",
    "submit_plan",
    "withdraw_plan",
]
