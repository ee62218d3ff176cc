"""Forms about the unions' representatives: who stands for what, a notice, another area, an end."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.forms.choosing import BodyChoice, ChoosingForm, PersonChoice
from organisation.forms.days import DayField
from organisation.forms.seats import EndForm, day_after
from organisation.models import Appointment, Body, Mandate, Municipality, SeatKind
from safety_portal.forms import ChoiceRows, PortalForm

LONGEST_UNION = Mandate._meta.get_field("union").max_length


class RepresentativeSearch(PortalForm):
    """Who stands for a workplace: by a part of its name."""

    q = forms.CharField(label=_("Workplace or person"), required=False, max_length=100)


class Notice(PortalForm):
    """What the union has told the employer: which union, and on which day."""

    union = forms.CharField(label=_("Which union?"), max_length=LONGEST_UNION)
    notified_on = DayField(
        label=_("On which day did the union give notice?"),
        help_text=_("The day on which the employer got the written notice."),
    )


class MandateForm(ChoosingForm, Notice):
    """A union's notice that somebody is safety representative."""

    person = PersonChoice(label=_("Who is appointed?"))
    kind = forms.ChoiceField(
        label=_("As what?"),
        choices=[
            (kind, capfirst(kind.label))
            for kind in (SeatKind.SAFETY_REPRESENTATIVE, SeatKind.CHIEF_SAFETY_REPRESENTATIVE)
        ],
        initial=SeatKind.SAFETY_REPRESENTATIVE,
        widget=ChoiceRows(
            hints={
                SeatKind.SAFETY_REPRESENTATIVE: _("Stands for those who work in the area."),
                SeatKind.CHIEF_SAFETY_REPRESENTATIVE: _(
                    "Coordinates several, and is told what happens where there is none."
                ),
            }
        ),
    )
    at = BodyChoice(label=_("Where is the seat?"), help_text=_("Usually the workplace of the one who is appointed."))
    area = BodyChoice(
        label=_("For which area? (optional)"),
        help_text=_("Any bodies that the union has named, each with all below it. Empty: the body of the seat."),
        several=True,
        required=False,
    )
    valid_from = DayField(label=_("First day"))
    last_day = DayField(
        label=_("Last day (optional)"), help_text=_("Leave it empty until further notice."), required=False
    )

    field_order = ("person", "kind", "at", "area", "union", "notified_on", "valid_from", "last_day")

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = Body.objects.of(municipality).in_force(clock.today())
        self.choose_among("person", municipality.people.all())
        self.choose_among("at", standing)
        self.choose_among("area", standing)
        self.fields["valid_from"].initial = self.fields["notified_on"].initial = clock.today

    def answers(self) -> dict[str, Any]:
        """Return the answers as the service takes them."""
        asked = dict(self.cleaned_data)
        return asked | {"valid_to": day_after(asked.pop("last_day"))}


class AreaForm(ChoosingForm, Notice):
    """The bodies that the union gives from a day on, and no others."""

    area = BodyChoice(
        label=_("Which bodies are the area?"), help_text=_("All of them, each with all below it."), several=True
    )
    on = DayField(label=_("From which day?"))

    field_order = ("area", "on", "union", "notified_on")

    def __init__(self, *args: Any, appointment: Appointment, union: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_among("area", Body.objects.of(appointment.municipality).in_force(clock.today()))
        self.fields["on"].initial = self.fields["notified_on"].initial = clock.today
        if union:
            # Recorded with the first notice.
            del self.fields["union"]


class MandateEndForm(EndForm, Notice):
    """When the union ends a mandate, and when it said so."""

    field_order = ("when", "last_day", "union", "notified_on")

    def __init__(self, *args: Any, union: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notified_on"].initial = clock.today
        if union:
            del self.fields["union"]
