"""Whether a case may get worse: yes with a reason, no with a reason, and the answer of whoever is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from safety_portal.forms import ChoiceRows, PortalForm


class JudgeForm(PortalForm):
    """May it get worse? Yes escalates at once; no is noted."""

    label_size = "s"
    prefix = "judge"
    YES, NO = "yes", "no"

    escalates = forms.ChoiceField(
        label=_("May it get worse?"),
        choices=[(YES, _("Yes, ask somebody to look at it at once")), (NO, _("No, not as far as we can see"))],
        widget=ChoiceRows,
        error_messages={
            "required": _("Answer whether it may get worse."),
            "invalid_choice": _("Choose one of the rows."),
        },
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Whoever is asked reads this in the case; it is never sent by e-mail."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 500 characters.")},
    )

    @property
    def is_yes(self) -> bool:
        """Tell whether the case is escalated."""
        return self.cleaned_data["escalates"] == self.YES


class AnswerEscalationForm(PortalForm):
    """What whoever was asked does now."""

    label_size = "s"
    prefix = "escalation"
    answer = forms.CharField(
        label=_("What happens now?"),
        help_text=_("What you do, or whom you have asked. Those who handle the case read it."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": _("Write what happens now."),
            "max_length": _("Shorten it to 500 characters."),
        },
    )
