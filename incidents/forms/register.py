"""The filter over the register of cases."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import IncidentKind, IncidentQuerySet
from organisation import clock
from safety_portal.forms import PortalForm

YEARS_OFFERED = 10
NUMBER = re.compile(r"(?:H-)?(\d{4})-(\d{1,9})", re.IGNORECASE)


class RegisterFilter(PortalForm):
    """Cases of a year, of a kind, or with a number; what can't be understood is left out of account."""

    label_size = "s"
    number = forms.CharField(label=_("Number or registry number"), required=False, max_length=60)
    year = forms.TypedChoiceField(label=_("Came in during"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        this_year = clock.today().year
        years: Any = self.fields["year"]
        years.choices = [
            ("", _("All years")),
            *((str(this_year - ago), str(this_year - ago)) for ago in range(YEARS_OFFERED)),
        ]
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("All kinds")), *IncidentKind.choices]

    def narrow(self, cases: IncidentQuerySet) -> IncidentQuerySet:
        """Return the cases that the filter leaves."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("year"):
            cases = cases.filter(year=chosen["year"])
        if chosen.get("kind"):
            cases = cases.filter(kind=chosen["kind"])
        if typed := str(chosen.get("number") or "").strip():
            found = NUMBER.fullmatch(typed)
            own = Q(year=int(found[1]), number=int(found[2])) if found else Q(pk__in=())
            cases = cases.filter(own | Q(registry_number__iexact=typed))
        return cases

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)
