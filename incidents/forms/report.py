"""The report's one screen, and the choice of workplace."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from incidents.errors import NotYetHappened
from incidents.models import QUICK_KINDS, IncidentKind, OccurredWhen
from organisation import clock
from organisation.models import ALWAYS
from safety_portal.forms import ChoiceRows, DateField, LongSelect, PortalForm, SubmissionKeyField

# On the first screen two of the kinds have words of their own.
QUICK_WORDS = {
    IncidentKind.NEAR_MISS: _("Something almost happened"),
    IncidentKind.OTHER: _("Something else, or don't know"),
}


class ReportForm(PortalForm):
    """The one screen that is enough to send a report."""

    kind = forms.ChoiceField(
        label=_("What has happened?"),
        choices=[(kind, QUICK_WORDS.get(kind, kind.label)) for kind in QUICK_KINDS],
        widget=ChoiceRows,
        error_messages={
            "required": _("Choose what has happened. The last choice is there when you don't know."),
            "invalid_choice": _("Choose one of the rows."),
        },
    )
    # Shown when the last choice is chosen: every other kind there is.
    other_kind = forms.ChoiceField(
        label=_("Do you know what to call it?"),
        choices=[
            ("", _("Choose, or leave it")),
            *((kind, kind.label) for kind in IncidentKind if kind not in QUICK_KINDS),
        ],
        widget=LongSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the rows.")},
    )
    occurred_when = forms.ChoiceField(
        label=_("When did it happen?"),
        choices=OccurredWhen.choices,
        widget=ChoiceRows,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the rows.")},
    )
    occurred_on = DateField(label=_("Which day?"), required=False, help_text=_("For example 16 11 2026."))
    text = forms.CharField(
        label=_("Do you want to tell more?"),
        help_text=_("Optional. Write no names of clients or relatives."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("The text is too long. Shorten it to 10,000 characters.")},
    )
    keep_from_manager = forms.BooleanField(
        label=_("My manager should not read this"),
        help_text=_("Then the manager's superior reads it, and the manager does not see that it exists."),
        required=False,
    )
    submission_key = SubmissionKeyField()
    # Whose form this is, signed: what is sent after the session has ended is kept for that person alone.
    person = forms.CharField(required=False, widget=forms.HiddenInput)

    # What a report is made of, and what a draft keeps, beside the form's own key.
    ANSWERS = ("kind", "occurred_when", "occurred_on", "text", "keep_from_manager")
    TYPED = (*ANSWERS, "other_kind")

    def clean_other_kind(self) -> str:
        """A kind is meant only while "something else" is chosen."""
        return self.cleaned_data["other_kind"] if self.data.get("kind") == IncidentKind.OTHER else ""

    def clean_occurred_on(self) -> date | None:
        day: date | None = self.cleaned_data["occurred_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(NotYetHappened.message)
        if day is not None and day < ALWAYS:
            raise forms.ValidationError(_("Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Settle the day: "another day" takes a date, and a date alone means another day."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        answers["kind"] = answers.get("other_kind") or answers.get("kind")
        when, day = answers.get("occurred_when"), answers.get("occurred_on")
        if not when and day:
            answers["occurred_when"] = OccurredWhen.ANOTHER_DAY
        elif when == OccurredWhen.ANOTHER_DAY:
            if not day and "occurred_on" not in self.errors:
                self.add_error("occurred_on", _("Write which day it happened."))
        elif when:
            # A date typed before the choice was changed is not shown any more, and not meant.
            self.errors.pop("occurred_on", None)
            answers["occurred_on"] = clock.today()
        elif "occurred_when" not in self.errors and "occurred_on" not in self.errors:
            self.add_error("occurred_when", _("Choose when it happened."))
        return answers

    def kind_in_words(self) -> str:
        """Return what kind of event it is, once the form is valid."""
        return str(IncidentKind(self.cleaned_data["kind"]).label)

    def in_words(self) -> Iterator[tuple[str, str]]:
        """Yield what was answered on the screen, once the form is valid."""
        answers = self.cleaned_data
        yield str(_("What")), self.kind_in_words()
        when = OccurredWhen(answers["occurred_when"])
        day = date_format(answers["occurred_on"], "j F Y")
        yield str(_("When")), day if when == OccurredWhen.ANOTHER_DAY else f"{when.label}, {day}"
        if answers["text"].strip():
            yield str(_("In your own words")), answers["text"].strip()
        if answers["keep_from_manager"]:
            yield str(_("Who should not read it")), str(_("My manager"))

    def answers(self) -> dict[str, Any]:
        """Return what was typed, as typed, so that it can be shown again."""
        kept = {name: self[name].data for name in self.TYPED}
        self.full_clean()
        key = self.cleaned_data.get("submission_key")
        return kept | ({"submission_key": str(key)} if key else {})


class WorkplaceSearch(PortalForm):
    """Finding another workplace by its name."""

    label_size = "s"
    q = forms.CharField(label=_("Name of the workplace"), required=False, max_length=100)
