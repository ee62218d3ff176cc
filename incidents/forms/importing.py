"""Forms of the import of cases: the file and how it is read, columns and words, and the confirmation."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from incidents.arriving.fields import BY_KEY, FIELDS, guessed_columns
from incidents.models import CaseImport, ColumnMapping
from organisation.models import Municipality
from organisation.people_import import LARGEST, LARGEST_MB
from safety_portal.forms import LongSelect, PortalForm, SubmissionKeyField


class CaseFileForm(PortalForm):
    """A file of cases, read by a mapping that is saved or by a new one."""

    label_size = "s"

    file = forms.FileField(
        label=_("File of cases"),
        help_text=_("CSV with a line of headings, in UTF-8 or Windows-1252."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    mapping = forms.ModelChoiceField(
        label=_("How are its columns read?"),
        queryset=ColumnMapping.objects.none(),
        to_field_name="public_id",
        empty_label=_("By a new mapping"),
        required=False,
        widget=LongSelect,
        error_messages={"invalid_choice": _("Choose one of the rows.")},
    )
    system = forms.CharField(
        label=_("Which system does it come from?"),
        help_text=_("For a new mapping. The same number of the same system is the same case."),
        max_length=60,
        required=False,
    )
    name = forms.CharField(
        label=_("What is the mapping called?"),
        help_text=_("For a new mapping. You choose it by this name next time."),
        max_length=80,
        required=False,
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mapping: Any = self.fields["mapping"]
        mapping.queryset = ColumnMapping.objects.filter(municipality=municipality)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            message = _("The file is larger than %(limit)s MB. Split it, or leave out columns that are not used.")
            raise forms.ValidationError(message % {"limit": LARGEST_MB})
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for system and name of a new mapping."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if not answers.get("mapping") and "mapping" not in self.errors:
            for name, message in (
                ("system", _("Write which system it comes from.")),
                ("name", _("Write what the mapping is called.")),
            ):
                if not answers.get(name, "").strip():
                    self.add_error(name, message)
        return answers

    def key(self) -> uuid.UUID:
        """Return the key of what is sent: of this form with this file in it."""
        digest = hashlib.sha256(str(self.cleaned_data["mapping"] or self.cleaned_data["name"]).encode())
        for chunk in self.cleaned_data["file"].chunks():
            digest.update(chunk)
        self.cleaned_data["file"].seek(0)
        return uuid.uuid5(self.cleaned_data["submission_key"], digest.hexdigest())


class MappingForm(PortalForm):
    """Which column of the file each field is read from, and what the words mean that are not understood."""

    label_size = "s"
    WORD = "word"

    def __init__(self, *args: Any, run: CaseImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = run.found.get("headings", [])
        begun = guessed_columns(headings) | run.mapping.columns
        for one in FIELDS:
            empty = _("Choose the column") if one.needed else _("Not in the file")
            self.fields[one.key] = forms.ChoiceField(
                label=str(one.label),
                choices=[("", empty), *((heading, heading) for heading in headings if heading)],
                initial=begun.get(one.key, ""),
                required=one.needed,
                widget=LongSelect,
                error_messages={"required": _("Choose the column.")},
            )
        self.asked = list(self._words(run.found.get("words", {})))

    def _words(self, words: Mapping[str, list[str]]) -> Iterator[tuple[str, str, str]]:
        """Add a question for each word that is not understood; yield (name of the question, field, word)."""
        for key, listed in words.items():
            for place, word in enumerate(listed):
                name, choices = f"{self.WORD}-{key}-{place}", BY_KEY[key].choices
                self.fields[name] = forms.ChoiceField(
                    label=_("“%(word)s” in %(field)s means") % {"word": word, "field": BY_KEY[key].label},
                    choices=[("", _("Choose")), *(choices.choices if choices else [])],
                    required=False,
                    widget=LongSelect,
                )
                yield name, key, word

    def columns(self) -> dict[str, str]:
        """Return field → heading."""
        return {one.key: self.cleaned_data.get(one.key, "") for one in FIELDS}

    def words(self) -> dict[str, dict[str, str]]:
        """Return field → word → choice, of those that were answered."""
        said: dict[str, dict[str, str]] = {}
        for name, key, word in self.asked:
            if choice := self.cleaned_data.get(name):
                said.setdefault(key, {})[word] = choice
        return said

    def word_fields(self) -> list[BoundField]:
        """The questions about words."""
        return [self[name] for name, _key, _word in self.asked]

    def column_fields(self) -> list[BoundField]:
        """The questions about columns."""
        return [self[one.key] for one in FIELDS]


class ConfirmCasesForm(PortalForm):
    """The import is written as it was shown."""

    digest = forms.CharField(widget=forms.HiddenInput)
