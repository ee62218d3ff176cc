"""The inbox's filter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import IncidentKind, IncidentQuerySet, IncidentState
from incidents.permissions import VIEW_INCIDENT
from organisation import clock
from organisation.access import Scope
from organisation.choices import bodies_to_choose
from organisation.models import Body, User
from safety_portal.forms import LongSelect, PortalForm

YEARS_OFFERED = 6
MINE, NOBODYS = "mine", "nobody"
LATE, SERIOUS, UNOPENED = "late", "serious", "unopened"


class InboxFilter(PortalForm):
    """Which cases the inbox shows; what can't be understood is left out of account."""

    ALL = "all"

    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        widget=LongSelect,
        choices=[("", _("All open")), *IncidentState.choices, (ALL, _("All"))],
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, widget=LongSelect, choices=[("", _("All kinds")), *IncidentKind.choices]
    )
    body = forms.ModelChoiceField(
        label=_("Committee or unit"), queryset=Body.objects.none(), required=False, widget=LongSelect
    )
    year = forms.TypedChoiceField(
        label=_("Happened in"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )
    who = forms.ChoiceField(
        label=_("Who has it"),
        required=False,
        widget=LongSelect,
        choices=[("", _("Anybody")), (MINE, _("I have the case")), (NOBODYS, _("Nobody has it"))],
    )
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        widget=LongSelect,
        choices=[
            ("", _("All")),
            (LATE, _("Answer overdue")),
            (SERIOUS, _("Serious")),
            (UNOPENED, _("Not opened yet by the one who has it")),
        ],
    )

    def __init__(self, data: Any, *, scope: Scope, person: User) -> None:
        super().__init__(data)
        self._person = person
        this_year = clock.today().year
        years = [(str(year), str(year)) for year in range(this_year, this_year - YEARS_OFFERED, -1)]
        year: Any = self.fields["year"]
        year.choices = [("", _("All years")), *years]
        self._offer_bodies(scope)

    def _offer_bodies(self, scope: Scope) -> None:
        field: Any = self.fields["body"]
        field.to_field_name = "public_id"
        field.queryset = scope.bodies(VIEW_INCIDENT)
        standing = field.queryset.in_force(clock.today())
        shown = bodies_to_choose(standing, chosen=self._chosen(field))
        field.widget.choices = [("", _("All")), *shown]

    def _chosen(self, field: Any) -> Body | None:
        try:
            return field.clean(self.data.get("body"))
        except forms.ValidationError:
            return None

    def narrow(self, cases: IncidentQuerySet) -> IncidentQuerySet:
        """Return the cases that the filter leaves."""
        self.is_valid()
        chosen = self.cleaned_data
        state = chosen.get("state")
        if not state:
            cases = cases.open()
        elif state != self.ALL:
            cases = cases.filter(state=state)
        if chosen.get("kind"):
            cases = cases.filter(kind=chosen["kind"])
        if chosen.get("body"):
            cases = cases.at_or_below(chosen["body"])
        if chosen.get("year"):
            cases = cases.occurred_in(chosen["year"])
        return self._of_handler(self._marked(cases))

    def _of_handler(self, cases: IncidentQuerySet) -> IncidentQuerySet:
        who = self.cleaned_data.get("who")
        if who == MINE:
            return cases.had_by(self._person)
        return cases.had_by(None) if who == NOBODYS else cases

    def _marked(self, cases: IncidentQuerySet) -> IncidentQuerySet:
        only = self.cleaned_data.get("only")
        if only == LATE:
            return cases.answer_overdue()
        if only == UNOPENED:
            return cases.unopened()
        return cases.marked_serious() if only == SERIOUS else cases

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)
