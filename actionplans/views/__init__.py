"""Pages of the action plans."""

from actionplans.views.deciding import correct_decision, minutes, record_decision
from actionplans.views.drafting import add_measure, edit_measure, edit_plan, new_plan, remove_measure
from actionplans.views.progress import note_progress
from actionplans.views.reading import plan, plans, version
from actionplans.views.submitting import submit, withdraw

__all__ = [
    "add_measure",
    "correct_decision",
    "edit_measure",
    "edit_plan",
    "minutes",
    "new_plan",
    "note_progress",
    "plan",
    "plans",
    "record_decision",
    "remove_measure",
    "submit",
    "version",
    "withdraw",
]
