"""Forms of the import: the files that are given, and the confirmation of what they would change."""

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from organisation.people_import import LARGEST, LARGEST_MB, FileKind
from safety_portal.forms import PortalForm, SubmissionKeyField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _file(label: "_StrPromise", hint: "_StrPromise") -> forms.FileField:
    """Return the question for one of the files; an empty one is told by the import itself, with its line."""
    return forms.FileField(label=label, help_text=hint, required=False, allow_empty_file=True)


class ImportForm(PortalForm):
    """Files to import: any of the four, at least one."""

    bodies = _file(_("Bodies"), _("Key, name and kind of each body, and the key of the one above it."))
    people = _file(_("People"), _("Personnel id, name, e-mail and unit of each employee."))
    is_full = forms.BooleanField(
        label=_("The file of people is a full list: employees who are missing from it have left"), required=False
    )
    seats = _file(_("Seats"), _("Who holds which seat at which body, and when."))
    headcounts = _file(_("Headcounts"), _("How many employees a body had on a day."))
    submission_key = SubmissionKeyField()
    label_size = "s"

    def clean(self) -> dict[str, Any]:
        """Refuse a form without files, files that are too large, and a full list of nobody."""
        answers = super().clean() or {}
        given = self.given()
        for kind, file in given.items():
            if (file.size or 0) > LARGEST:
                message = _("The file is larger than %(limit)s MB. Split it, or leave out columns that are not used.")
                self.add_error(kind.value, message % {"limit": LARGEST_MB})
        if not given:
            self.add_error(FileKind.PEOPLE.value, _("Choose at least one file."))
        elif answers.get("is_full") and FileKind.PEOPLE not in given:
            self.add_error("is_full", _("A full list takes a file of people."))
        return answers

    def given(self) -> dict[FileKind, UploadedFile]:
        """Return the files that were given, by kind."""
        return {kind: self.cleaned_data[kind.value] for kind in FileKind if self.cleaned_data.get(kind.value)}

    def key(self) -> uuid.UUID:
        """Return the key of what is sent: of this form with these files in it."""
        digest = hashlib.sha256(str(self.cleaned_data["is_full"]).encode())
        for kind, file in self.given().items():
            digest.update(kind.encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
        return uuid.uuid5(self.cleaned_data["submission_key"], digest.hexdigest())


class ConfirmForm(PortalForm):
    """The administrator writes the run that was shown; where many would leave, they say that they have seen it."""

    digest = forms.CharField(widget=forms.HiddenInput)
    seen = forms.BooleanField()
    label_size = "s"

    def __init__(self, *args: Any, many_leave: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if many_leave:
            self.fields["seen"].label = many_leave
            self.fields["seen"].error_messages["required"] = _("Tick that you have seen how many leave.")
        else:
            del self.fields["seen"]
