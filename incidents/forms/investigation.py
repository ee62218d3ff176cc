"""The investigation of the cause, in own words: people, technology, organisation, and what is changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.investigation import PARTS, texts_of, token_of
from incidents.models import Incident
from safety_portal.forms import PortalForm

TOO_LONG = {"max_length": _("Shorten it to 5,000 characters.")}


def _words(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages=TOO_LONG,
    )


class InvestigationForm(PortalForm):
    """Each part is asked so that it is about what, and never about who."""

    cause_people = _words(
        _("Human factors"), _("Knowledge, number of staff, tiredness, how people knew what to do. Not who did what.")
    )
    cause_technology = _words(
        _("Technology"), _("Rooms, locks, alarms, telephones, tools: what was there, what failed.")
    )
    cause_organisation = _words(
        _("Organisation"),
        _("Routines, schedules, training, how the work was planned, what was known and not passed on."),
    )
    cause_change = _words(_("What we change"), _("What is done differently from now on, and from when."))
    # A mark of the texts as they stood when the form was opened.
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def texts(self) -> dict[str, str]:
        """Return each part's text."""
        return {part: self.cleaned_data[part] for part in PARTS}


def investigation_form(incident: Incident, data: Any = None) -> InvestigationForm:
    """Return the form, filled with the texts as they stand."""
    texts = texts_of(incident)
    return InvestigationForm(data, initial={**texts, "token": token_of(texts)})
