"""The filter of the figures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.figures.asked import Asked
from incidents.models import IncidentKind
from incidents.permissions import VIEW_INCIDENT, VIEW_STATISTICS
from organisation import clock
from organisation.access import Scope
from organisation.choices import bodies_to_choose
from organisation.models import Body, Municipality
from safety_portal.forms import PortalForm

YEARS_OFFERED = 6


class FiguresFilter(PortalForm):
    """Which year, and for those who see the cases which body and kind; what can't be understood is left out."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    body = forms.ModelChoiceField(label=_("Committee or unit"), queryset=Body.objects.none(), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        self.scope = scope
        this_year = clock.today().year
        years: Any = self.fields["year"]
        years.choices = [(str(year), str(year)) for year in range(this_year, this_year - YEARS_OFFERED, -1)]
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("All kinds")), *IncidentKind.choices]
        if scope.holds(VIEW_INCIDENT):
            self._offer_bodies()
        else:
            del self.fields["body"]

    def _offer_bodies(self) -> None:
        field: Any = self.fields["body"]
        field.to_field_name = "public_id"
        # Cases that the person has the figures of and may see one by one: nothing is hidden from them there.
        seen = Body.objects.filter(self.scope.condition(VIEW_INCIDENT, body="pk"))
        field.queryset = seen.filter(self.scope.condition(VIEW_STATISTICS, body="pk"))
        shown = bodies_to_choose(field.queryset.in_force(clock.today()), chosen=self._chosen(field))
        field.widget.choices = [("", _("All")), *shown]

    def _chosen(self, field: Any) -> Body | None:
        try:
            return field.clean(self.data.get("body"))
        except forms.ValidationError:
            return None

    def asked(self, municipality: Municipality) -> Asked:
        """Return the question that the filter asks; this year without a choice."""
        self.is_valid()
        chosen, today = self.cleaned_data, clock.today()
        year, body = chosen.get("year") or today.year, chosen.get("body")
        asked = Asked.of_year(self.scope, municipality, year, today, body=body)
        if not asked.sees_all:
            # A kind crossed with months or bodies would give small cells away.
            del self.fields["kind"]
            return asked
        return Asked.of_year(self.scope, municipality, year, today, body=body, kind=chosen.get("kind") or "")

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)
