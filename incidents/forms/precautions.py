"""While a threat remains: whether it does, and what is done before the next visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safety_portal.forms import ChoiceRows, PortalForm


class ThreatForm(PortalForm):
    """Whether the threat remains."""

    label_size = "s"
    prefix = "threat"
    YES, NO = "yes", "no"

    remains = forms.ChoiceField(
        label=_("Does a threat remain?"),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        widget=ChoiceRows,
        error_messages={
            "required": _("Answer whether a threat remains."),
            "invalid_choice": _("Choose one of the rows."),
        },
    )
    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("Needed when the answer is no: what has made it end."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": _("Shorten it to 500 characters.")},
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("remains") == self.NO and not answers.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Write why no threat remains."))
        return answers

    @property
    def is_yes(self) -> bool:
        """Tell whether the threat remains."""
        return self.cleaned_data["remains"] == self.YES


class PrecautionForm(PortalForm):
    """Who was warned before the next visit, and what changed."""

    label_size = "s"
    prefix = "precaution"
    warned = forms.CharField(
        label=_("Who has been warned before the next visit?"),
        help_text=_("A group or a function, for example the evening staff or the night patrol. No names."),
        max_length=300,
        error_messages={
            "required": _("Write who has been warned."),
            "max_length": _("Shorten it to 300 characters."),
        },
    )
    two_staff = forms.BooleanField(label=_("Two of the staff go together"), required=False)
    alarm = forms.BooleanField(label=_("They carry an alarm"), required=False)
    changed = forms.CharField(
        label=_("What else has changed?"),
        help_text=_("Optional. Don't write who the client is: that stays in the care system."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": _("Shorten it to 2,000 characters.")},
    )
