"""It has happened again: the little that must be said anew."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.errors import NotYetHappened
from organisation import clock
from organisation.models import ALWAYS
from safety_portal.forms import DateField, PortalForm, SubmissionKeyField


class AgainForm(PortalForm):
    """When it happened this time, and what is to come along of the earlier text."""

    occurred_on = DateField(label=_("Which day did it happen this time?"))
    with_text = forms.BooleanField(
        label=_("Take the earlier text along"),
        help_text=_("It then begins the new report, in the same words."),
        required=False,
    )
    text = forms.CharField(
        label=_("Do you want to tell more?"),
        help_text=_("Optional. Write no names of clients or relatives."),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("The text is too long. Shorten it to 5,000 characters.")},
    )
    submission_key = SubmissionKeyField()

    def clean_occurred_on(self) -> date:
        day: date = self.cleaned_data["occurred_on"]
        if day > clock.today():
            raise forms.ValidationError(NotYetHappened.message)
        if day < ALWAYS:
            raise forms.ValidationError(_("Check the year."))
        return day
