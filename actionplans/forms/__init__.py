"""Forms of plans, measures and decisions."""

from actionplans.forms.decisions import ChangesFormSet, CorrectionForm, DecisionForm, MinutesForm, changes_formset
from actionplans.forms.measures import MeasureForm, ProgressForm, ResourceFormSet, resource_formset
from actionplans.forms.plans import NewPlanForm, PlanForm, RemoveForm, SubmitForm, WithdrawForm

__all__ = [
    "ChangesFormSet",
    "CorrectionForm",
    "DecisionForm",
    "MeasureForm",
    "MinutesForm",
    "NewPlanForm",
    "PlanForm",
    "ProgressForm",
    "RemoveForm",
    "ResourceFormSet",
    "SubmitForm",
    "WithdrawForm",
    "changes_formset",
    "resource_formset",
]
