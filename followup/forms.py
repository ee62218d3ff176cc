"""The one form of the follow-up: for which year, and for whom."""

from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from followup.models import Edition
from organisation import clock
from safety_portal.forms import ChoiceRows, PortalForm

# As far back as the trend of a report reaches.
YEARS_BACK = 5


class StartForm(PortalForm):
    """Which report is to be made."""

    label_size = "s"
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    edition = forms.ChoiceField(
        label=_("Edition"),
        choices=[(key, capfirst(words)) for key, words in Edition.choices],
        initial=Edition.PUBLIC,
        widget=ChoiceRows(
            hints={
                Edition.PUBLIC: _("Counts from one to four are not given, and single risks are not named."),
                Edition.SECRET: _("Everything is given. The report is under secrecy and is not published."),
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = clock.today().year
        years = range(this_year, this_year - YEARS_BACK - 1, -1)
        year = cast(forms.TypedChoiceField, self.fields["year"])
        year.choices = [(str(each), str(each)) for each in years]
