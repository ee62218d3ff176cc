"""Choosing the case that a duplicate is merged into."""

import re
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident, IncidentQuerySet
from safety_portal.forms import ChoiceRows, PortalForm

NUMBER = re.compile(r"\s*[Hh]?-?(\d{4})-(\d{1,7})\s*")


class MergeForm(PortalForm):
    """Which case goes on, and why the two are one."""

    into = forms.ChoiceField(
        label=_("Which case goes on?"),
        widget=ChoiceRows,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the rows.")},
    )
    number = forms.CharField(
        label=_("Or write its number"),
        help_text=_("For example H-2026-0417."),
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": _("Write the number as it stands at the case, for example H-2026-0417.")},
    )
    reason = forms.CharField(
        label=_("How do you know that they are the same event?"),
        help_text=_("The reporter of the case that is closed reads this."),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 2,000 characters.")},
    )

    def __init__(self, *args: Any, among: IncidentQuerySet, nearest: list[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._among = among
        field: Any = self.fields["into"]
        field.choices = [(str(case.public_id), _line(case)) for case in nearest]

    def clean(self) -> dict[str, Any]:
        """Find the case by the row chosen, else by the number written."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, number = answers.get("into"), answers.get("number")
        if chosen:
            answers["case"] = self._among.filter(public_id=chosen).first()
        elif number and "number" not in self.errors:
            answers["case"] = self._by_number(number)
            if answers["case"] is None:
                self.add_error("number", _("You handle no open case with that number at the same authority."))
        elif "into" not in self.errors and "number" not in self.errors:
            self.add_error(
                "into" if self.fields["into"].choices else "number",  # type: ignore[attr-defined]
                _("Choose a case, or write its number."),
            )
        return answers

    def _by_number(self, words: str) -> Incident | None:
        found = NUMBER.fullmatch(words)
        return self._among.filter(year=found[1], number=found[2]).first() if found else None


def _line(case: Incident) -> str:
    day = date_format(case.occurred_on, "j F Y")
    return f"{case.label}: {case.get_kind_display()}, {day}, {case.body.name}"
