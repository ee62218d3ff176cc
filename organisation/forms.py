"""Forms of the organisation."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from organisation import clock
from safety_portal.forms import DateField, PortalForm


class DayForm(PortalForm):
    """The day that a map is drawn for; today when nothing is asked."""

    on = DateField(label=_("Date"), required=False)

    def day(self) -> date:
        """Return the day asked for, else today."""
        asked = self.cleaned_data.get("on") if self.is_valid() else None
        return asked or clock.today()
