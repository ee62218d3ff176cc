"""Forms about a seat: appointing, ending, absence, whether it is needed. People say the last day, not the day after."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.forms.choosing import ChoosingForm, PersonChoice
from organisation.forms.days import DayField
from organisation.models import Municipality, Seat
from safety_portal.forms import ChoiceRows, PortalForm, ScaleSelect


def day_after(last_day: date | None) -> date | None:
    """Return the day on which a period ends that has ``last_day`` as its last; none for none."""
    return last_day + timedelta(days=1) if last_day else None


class AppointForm(ChoosingForm):
    """Who is to hold the seat, as what, from when and until when, by which decision."""

    person = PersonChoice(label=_("Who is appointed?"))
    is_deputy = forms.TypedChoiceField(
        label=_("As what?"),
        choices=(("no", _("Holder")), ("yes", _("Deputy"))),
        coerce=lambda answer: answer == "yes",
        initial="no",
        widget=ScaleSelect,
        help_text=_("A deputy answers when the holder is away."),
    )
    valid_from = DayField(label=_("First day"))
    last_day = DayField(
        label=_("Last day (optional)"), help_text=_("Leave it empty until further notice."), required=False
    )
    reference = forms.CharField(
        label=_("Decision (optional)"),
        help_text=_("As it is written in the minutes, for example § 12, KS 2026-14."),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_among("person", municipality.people.all())
        self.fields["valid_from"].initial = clock.today

    def answers(self) -> dict[str, Any]:
        """Return the answers as the service takes them."""
        asked = dict(self.cleaned_data)
        return asked | {"valid_to": day_after(asked.pop("last_day"))} if "last_day" in asked else asked


class EndForm(PortalForm):
    """When an appointment ends: at once, or after a last day."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("When does it end?"),
        choices=((NOW, _("Now")), (LATER, _("After a last day"))),
        initial=NOW,
        widget=ChoiceRows(
            hints={NOW: _("Every right that the seat gives ends at once."), LATER: _("Write the day below.")}
        ),
    )
    last_day = DayField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, begins: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begins = begins

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wants_day = cleaned.get("when") == self.LATER and not self.has_error("last_day")
        if wants_day and cleaned.get("last_day") is None:
            self.add_error("last_day", _("Write the last day."))
        return cleaned

    def ends_on(self) -> date:
        """Return the first day without the appointment; one that has not begun is taken back."""
        last_day = self.cleaned_data["last_day"] if self.cleaned_data["when"] == self.LATER else None
        return day_after(last_day) or max(clock.today(), self.begins)


class AbsenceForm(PortalForm):
    """From which day to which the holder is away; nothing is said of why."""

    first_day = DayField(label=_("First day away"))
    last_day = DayField(label=_("Last day away"))


class NotNeededForm(PortalForm):
    """Why a seat is not needed at its body."""

    reason = forms.CharField(
        label=_("Why is it not needed?"),
        help_text=_("One sentence. Everyone in the municipality can read it."),
        max_length=Seat._meta.get_field("not_needed_reason").max_length,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write why it is not needed.")},
    )
