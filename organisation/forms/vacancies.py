"""The GET filter over the vacant seats."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import Scope
from organisation.choices import bodies_to_choose
from organisation.forms.days import DayField
from organisation.models import Body, BodyKind, Municipality, SeatKind, SeatType, User
from organisation.permissions import VIEW_BODY
from safety_portal.forms import LongSelect, PortalForm


class VacancyFilter(PortalForm):
    """Where, of which kind, on which day; an address with it can be saved and shared."""

    body = forms.ModelChoiceField(
        label=_("At or below"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=LongSelect,
    )
    seat_type = forms.ModelChoiceField(
        label=_("Seat"),
        queryset=SeatType.objects.none(),
        to_field_name="key",
        required=False,
        widget=LongSelect,
    )
    on = DayField(label=_("Another day (optional)"), required=False)
    label_size = "s"

    def __init__(self, *args: Any, user: User, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Scope.of(user).bodies(VIEW_BODY).exclude(kind=BodyKind.OUTSIDE_PARTY).order_by("name", "pk")
        body = cast(forms.ModelChoiceField, self.fields["body"])
        body.queryset = bodies
        offered = bodies_to_choose(bodies, chosen=self._chosen(body))
        # What was just read: the field would ask again for each time it is looked at.
        _select(body).choices = [("", _("All")), *offered]
        types = SeatType.objects.filter(municipality=municipality).exclude(kind=SeatKind.EMPLOYEE).order_by("title")
        seat_type = cast(forms.ModelChoiceField, self.fields["seat_type"])
        seat_type.queryset = types
        _select(seat_type).choices = [("", _("All")), *((row.key, row.title) for row in types)]

    def _chosen(self, field: forms.ModelChoiceField) -> Body | None:
        try:
            return cast(Body | None, field.clean(self.data.get("body")))
        except forms.ValidationError:
            return None

    def day(self) -> date:
        """Return the day asked about, else today."""
        asked: date | None = self.cleaned_data.get("on")
        return asked or clock.today()


def _select(field: forms.ModelChoiceField) -> forms.Select:
    return cast(forms.Select, field.widget)
