"""A handler's words: serious or not, the closing answer, taken up again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safety_portal.forms import PortalForm


class SeriousForm(PortalForm):
    """Why a case is put above the others, or no longer."""

    label_size = "s"
    prefix = "serious"
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 300 characters.")},
    )


class ClosingForm(PortalForm):
    """The answer that the reporter gets when the case is closed, or why there is none."""

    label_size = "s"
    prefix = "close"
    feedback = forms.CharField(
        label=_("Answer to the reporter"),
        help_text=_("What you have done and why the case is closed. The reporter reads this."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("Shorten it to 2,000 characters.")},
    )
    unanswered = forms.BooleanField(label=_("Close it without an answer to the reporter"), required=False)
    why = forms.CharField(
        label=_("Why is there no answer?"),
        help_text=_("For example that nobody can be reached. The reporter reads this too, by code or logged in."),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": _("Shorten it to 300 characters.")},
    )

    def clean(self) -> dict[str, Any]:
        """Take an answer, or the reason why there is none; both at once is neither."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        told, unanswered = answers.get("feedback"), answers.get("unanswered")
        if told and unanswered:
            self.add_error("unanswered", _("You have written an answer. Take the tick away, or the answer."))
        elif unanswered and not answers.get("why") and "why" not in self.errors:
            self.add_error("why", _("Write why there is no answer."))
        elif not unanswered and not told and "feedback" not in self.errors:
            self.add_error("feedback", _("Write an answer to the reporter."))
        return answers

    @property
    def opens_unanswered(self) -> bool:
        """Tell whether the part about no answer stands open: something is chosen or wrong in it."""
        return self.is_bound and bool(self["unanswered"].value() or self["why"].value())


class ReopeningForm(PortalForm):
    """Why a closed case is taken up again."""

    label_size = "s"
    prefix = "reopen"
    reason = forms.CharField(
        label=_("Why is the case taken up again?"),
        help_text=_("The reporter reads this."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 2,000 characters.")},
    )
