"""What a reporter writes after the report: the code, a message, a withdrawal, a file to go along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attachments.services import FileRefused, check_upload
from incidents.forms.attachments import unclassified_field, upload_field
from safety_portal.forms import PortalForm, SubmissionKeyField

TOO_LONG = _("The text is too long. Shorten it to %(limit_value)d characters.")


class CodeForm(PortalForm):
    """The code on the receipt."""

    code = forms.CharField(
        label=_("The code on your receipt"),
        help_text=_("16 digits. With or without spaces."),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the code."), "max_length": _("The code has 16 digits.")},
    )


class ReporterForm(PortalForm):
    """What the reporter adds, or answers."""

    prefix = "message"
    label_size = "s"
    text = forms.CharField(
        label=_("Add to the report"),
        help_text=_("Write no names of clients or relatives."),
        max_length=10_000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write something."), "max_length": TOO_LONG},
    )
    submission_key = SubmissionKeyField()


class WithdrawalForm(PortalForm):
    """Why the report is withdrawn, if the reporter wants to say so."""

    label_size = "s"
    reason = forms.CharField(
        label=_("Do you want to say why?"),
        help_text=_("Optional."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )
    submission_key = SubmissionKeyField()


class GoAlongForm(PortalForm):
    """A file that goes along with the report; judged before the report is sent, so that nothing is half sent."""

    label_size = "s"
    upload = upload_field(required=False)
    unclassified = unclassified_field(required=False)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        upload = answers.get("upload")
        if upload is None:
            return answers
        if not answers.get("unclassified"):
            self.add_error("unclassified", str(self.fields["unclassified"].error_messages["required"]))
        try:
            check_upload(upload)
        except FileRefused as refusal:
            self.add_error("upload", str(refusal.message))
        return answers
