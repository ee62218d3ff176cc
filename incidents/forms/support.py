"""Support: an offer with an answer given at once, the answer of the one affected, and that it was given."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import SupportOffer
from organisation import clock
from safety_portal.forms import ChoiceRows, DateField, PortalForm

NOT_YET = ""


class OfferForm(PortalForm):
    """Support is offered; the one affected may have answered at once."""

    label_size = "s"
    prefix = "offer"
    answer = forms.ChoiceField(
        label=_("What did they answer?"),
        choices=[
            (NOT_YET, _("No answer yet; ask the reporter by e-mail")),
            (SupportOffer.Answer.ACCEPTED, _("Yes, they want support")),
            (SupportOffer.Answer.DECLINED, _("No, not now")),
        ],
        widget=ChoiceRows,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the rows.")},
    )


class AnswerForm(PortalForm):
    """Yes or no to support, by the one affected or by a handler on their behalf."""

    prefix = "answer"
    answer = forms.ChoiceField(
        label=_("Do you want support?"),
        choices=[
            (SupportOffer.Answer.ACCEPTED, _("Yes")),
            (SupportOffer.Answer.DECLINED, _("No, not now")),
        ],
        widget=ChoiceRows,
        error_messages={
            "required": _("Answer yes or no. You can change your mind later."),
            "invalid_choice": _("Choose one of the rows."),
        },
    )

    @property
    def accepted(self) -> bool:
        """Tell whether the answer is yes."""
        return self.cleaned_data["answer"] == str(SupportOffer.Answer.ACCEPTED)


class GivenForm(PortalForm):
    """By which function, and on which day, support was given."""

    label_size = "s"
    prefix = "given"
    given_by = forms.CharField(
        label=_("Who gave the support?"),
        help_text=_("The function, for example the crisis group, occupational health or the manager. No name."),
        max_length=120,
        error_messages={
            "required": _("Write who gave the support, as a function."),
            "max_length": _("Shorten it to 120 characters."),
        },
    )
    given_on = DateField(label=_("Which day?"))

    def clean_given_on(self) -> date | None:
        day: date | None = self.cleaned_data["given_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("The day can't be in the future."))
        return day


def given_form(data: Any = None) -> GivenForm:
    """Return the form, which opens with today."""
    return GivenForm(data, initial={"given_on": clock.today()})
