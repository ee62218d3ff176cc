"""Pages of the action plans."""

from actionplans.views.deciding import correct_decision, minutes, record_decision
from actionplans.views.drafting import add_measure, edit_measure, edit_plan, new_plan, remove_measure
from actionplans.views.from_groups import from_action
from actionplans.views.measure import measure
from actionplans.views.progress import note_progress
from actionplans.views.reading import plan, plans, version
from actionplans.views.sharing import share, unshare
from actionplans.views.submitting import submit, withdraw

__all__ = [
    "add_measure",
    "correct_decision",
    "edit_measure",
    "edit_plan",
    "from_action",
    "measure",
    "minutes",
    "new_plan",
    "note_progress",
    "plan",
    "plans",
    "record_decision",
    "remove_measure",
    "share",
    "submit",
    "unshare",
    "version",
    "withdraw",
]
