"""A handler's words: serious or not, the closing answer, taken up again."""

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
    """The answer that the reporter gets when the case is closed."""

    label_size = "s"
    prefix = "close"
    feedback = forms.CharField(
        label=_("Answer to the reporter"),
        help_text=_("What you have done and why the case is closed. The reporter reads this."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": _("Write an answer to the reporter."),
            "max_length": _("Shorten it to 2,000 characters."),
        },
    )


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
