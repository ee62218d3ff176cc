"""Forms of risks."""

from risks.forms.changing import EditRiskForm, LogRiskForm, ReasonForm
from risks.forms.description import bodies_to_log_at
from risks.forms.filtering import RiskFilter
from risks.forms.judgement import AssessForm, JudgementForm

__all__ = [
    "AssessForm",
    "EditRiskForm",
    "JudgementForm",
    "LogRiskForm",
    "ReasonForm",
    "RiskFilter",
    "bodies_to_log_at",
]
