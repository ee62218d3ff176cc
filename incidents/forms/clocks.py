"""Duties to notify: is it notifiable, when was it notified, and when did the municipality become aware."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.clocks.words import title_of
from incidents.models import StatutoryNotice
from organisation import clock
from safety_portal.forms import ChoiceRows, DateField, PortalForm, TimeField

RECEIPT = StatutoryNotice._meta.get_field("receipt").max_length


class MomentForm(PortalForm):
    """A day and a time of day, up to now."""

    on = DateField(label=_("Which day?"))
    at = TimeField(label=_("What time?"), help_text=_("For example 14.30."))

    def clean(self) -> dict[str, Any] | None:
        if {"on", "at"} <= self.cleaned_data.keys() and self.moment() > clock.now():
            self.add_error("at", _("The time can't lie ahead."))
        return self.cleaned_data

    def moment(self) -> datetime:
        """Return the moment that was written, in the municipality's time."""
        day: date = self.cleaned_data["on"]
        hour: time = self.cleaned_data["at"]
        return timezone.make_aware(datetime.combine(day, hour))


def moment_parts(moment: datetime) -> dict[str, Any]:
    """Return day and time of day as a ``MomentForm`` opens with them."""
    local = timezone.localtime(moment)
    return {"on": local.date(), "at": local.time().replace(second=0, microsecond=0)}


class DecideForm(PortalForm):
    """Whether the authority must be notified, and why."""

    notifiable = forms.TypedChoiceField(
        label=_("Must the authority be notified?"),
        choices=[("yes", _("Yes, it is notifiable")), ("no", _("No, it is not notifiable"))],
        coerce=lambda word: word == "yes",
        widget=ChoiceRows,
        error_messages={"required": _("Answer yes or no."), "invalid_choice": _("Choose one of the rows.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("What the decision rests on. It is read by those who handle the case."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 2,000 characters.")},
    )


class DoneForm(MomentForm):
    """When the authority was notified, with the number of its receipt, and what else the same report met."""

    receipt = forms.CharField(
        label=_("Number of the receipt (optional)"),
        help_text=_("As the authority wrote it. You can add it later."),
        required=False,
        max_length=RECEIPT,
        error_messages={"max_length": _("Shorten it to 120 characters.")},
    )
    also = forms.MultipleChoiceField(
        label=_("The same report also met"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the rows.")},
    )
    field_order = ["also", "on", "at", "receipt"]

    def __init__(self, *args: Any, others: Sequence[StatutoryNotice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(one.public_id): one for one in others}
        also: Any = self.fields["also"]
        also.choices = [(public_id, title_of(one.rule)) for public_id, one in self.others.items()]
        also.initial = list(self.others)
        if not others:
            del self.fields["also"]

    def met_too(self) -> list[StatutoryNotice]:
        """Return the other duties that the same report met."""
        return [self.others[public_id] for public_id in self.cleaned_data.get("also", [])]


class ReceiptForm(PortalForm):
    """The number of the authority's receipt."""

    receipt = forms.CharField(
        label=_("Number of the receipt"),
        help_text=_("As the authority wrote it."),
        max_length=RECEIPT,
        error_messages={"max_length": _("Shorten it to 120 characters.")},
    )


class AwareForm(MomentForm):
    """When the municipality became aware of the event, and why that is corrected."""

    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 1,000 characters.")},
    )
