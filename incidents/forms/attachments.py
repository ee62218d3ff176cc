"""Adding a file to a case."""

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from attachments.services import ACCEPTED
from safety_portal.forms import PortalForm


def upload_field(*, required: bool = True) -> forms.FileField:
    """Return the question for a file, with what is taken; the service judges what it is."""
    return forms.FileField(
        label=_("File"),
        required=required,
        help_text=format_lazy(
            _(
                "A picture (JPEG, PNG, WebP or GIF), a PDF, plain text, or a document from Word, Excel, PowerPoint or "
                "LibreOffice, at most {limit} MB. We remove what pictures say of place and phone."
            ),
            limit=settings.LARGEST_FILE_MB,
        ),
        # An empty one is refused by the service, in its words.
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ACCEPTED}),
        error_messages={"required": _("Choose a file.")},
    )


def unclassified_field(*, required: bool = True) -> forms.BooleanField:
    """Return the check box that every upload takes: what must not be in the portal at all."""
    return forms.BooleanField(
        label=_("The file holds no protective-security classified information"),
        help_text=_("Such information must not be in the portal. Ask your head of security if you are unsure."),
        required=required,
        error_messages={
            "required": _(
                "Tick that the file holds no protective-security classified information, or choose another file."
            )
        },
    )


class AttachmentForm(PortalForm):
    """One file, and that it may be here."""

    label_size = "s"
    upload = upload_field()
    unclassified = unclassified_field()
