"""What the workplace is told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safety_portal.forms import PortalForm


class OutcomeForm(PortalForm):
    """How the case went, in plain words to those who work there."""

    prefix = "outcome"
    text = forms.CharField(
        label=_("How did it go?"),
        help_text=_(
            "Those who work at the unit read this. Say what has been done and what will be different. "
            "Name nobody, and don't repeat what was reported."
        ),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write how it went."), "max_length": _("Shorten it to 1,000 characters.")},
    )
    nobody_recognised = forms.BooleanField(
        label=_("Fewer than five people work here. I have made sure that nobody can be recognised."),
        required=False,
    )

    def __init__(self, *args: Any, small: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not small:
            del self.fields["nobody_recognised"]
