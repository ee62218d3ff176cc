"""What can be done to a risk: log, judge, edit, close and open again."""

from risks.services.editing import close_risk, edit_risk, reopen_risk
from risks.services.judging import assess_risk, latest_by_stage, rank_anew, rank_by_new_rules
from risks.services.logging import log_risk

__all__ = [
    "assess_risk",
    "close_risk",
    "edit_risk",
    "latest_by_stage",
    "log_risk",
    "rank_anew",
    "rank_by_new_rules",
    "reopen_risk",
]
