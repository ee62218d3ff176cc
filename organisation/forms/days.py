"""Days that a person types: within the years that the organisation is known for."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.models import ALWAYS
from safety_portal.forms import DateField, PortalForm

LAST_YEAR = 2100


class DayField(DateField):
    """A date in the years that the organisation can be asked about."""

    default_error_messages = {"far_away": _("Write a year from %(first)s to %(last)s.")}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, date) and not ALWAYS.year <= value.year <= LAST_YEAR:
            years = {"first": ALWAYS.year, "last": LAST_YEAR}
            raise ValidationError(self.error_messages["far_away"], code="far_away", params=years)


class DayForm(PortalForm):
    """The day that a map is drawn for; today when nothing is asked."""

    on = DayField(label=_("Date"), required=False)

    def day(self) -> date:
        """Return the day asked for, else today."""
        asked = self.cleaned_data.get("on") if self.is_valid() else None
        return asked or clock.today()


class MapForm(DayForm):
    """The day of the map; of what stands below one body also from which place on, and under which heading."""

    root = forms.UUIDField(required=False, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    level = forms.IntegerField(required=False, min_value=2, max_value=6, widget=forms.HiddenInput)
