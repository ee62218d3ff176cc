"""What handlers and the reporter write to each other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from safety_portal.forms import PortalForm, SubmissionKeyField


class MessageForm(PortalForm):
    """One message to the other side."""

    text = forms.CharField(
        label=_("Write a message"),
        max_length=5_000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("The text is too long. Shorten it to 5,000 characters."),
        },
    )
    submission_key = SubmissionKeyField()
