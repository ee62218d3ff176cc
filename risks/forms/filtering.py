"""The GET filter over the list of risks."""

from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation.access import Scope
from organisation.choices import bodies_to_choose
from organisation.models import Body, BodyKind, User
from policies.models import Area, ProtectedValue
from risks.forms.description import choice_of_rows
from risks.models import Horizon, RiskState
from risks.permissions import VIEW_RISK
from risks.vocabulary import Words
from safety_portal.forms import PortalForm

# Every band of severity 3 and 4, whatever the municipality calls them; no band has a key like it.
HIGH_OR_WORSE = "high+"


class RiskFilter(PortalForm):
    """The GET filter over the list; an address with it can be saved and shared."""

    body = forms.ModelChoiceField(
        label=_("At or below"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        required=False,
    )
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), to_field_name="key", required=False)
    value = forms.ModelChoiceField(
        label=_("What is worth protecting"),
        queryset=ProtectedValue.objects.none(),
        to_field_name="key",
        required=False,
    )
    band = forms.ChoiceField(label=_("Level"), required=False)
    cell = forms.ChoiceField(label=_("Cell of the matrix"), required=False)
    stage = forms.ChoiceField(
        label=_("Level and cell are meant"),
        choices=(("", _("Before or after measures")), ("before", _("Before measures")), ("now", _("As it is now"))),
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=(("", _("Open")), (RiskState.CLOSED, _("Closed")), ("all", _("All"))),
        required=False,
    )
    horizon = forms.ChoiceField(
        label=_("When"),
        choices=(("", _("Now or later")), *((key, capfirst(words)) for key, words in Horizon.choices)),
        required=False,
    )
    label_size = "s"

    def __init__(self, *args: Any, user: User, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        self._offer_bodies(Scope.of(user))
        self._offer("area", Area)
        self._offer("value", ProtectedValue)
        scale = words.scale
        bands = [(band.key, band.word) for band in reversed(scale.levels)] if scale else []
        levels = [("", _("All levels")), (HIGH_OR_WORSE, _("High or worse")), *bands]
        cast(forms.ChoiceField, self.fields["band"]).choices = levels
        cast(forms.ChoiceField, self.fields["cell"]).choices = [("", _("All cells")), *_cells(words)]

    def _offer_bodies(self, scope: Scope) -> None:
        field = choice_of_rows(self, "body")
        bodies = scope.bodies(VIEW_RISK).exclude(kind=BodyKind.OUTSIDE_PARTY).order_by("name", "pk")
        field.queryset = bodies
        offered = bodies_to_choose(bodies, chosen=self._chosen(field))
        _choices_of(field).choices = [("", _("All")), *offered]

    def _chosen(self, field: forms.ModelChoiceField) -> Body | None:
        try:
            return cast(Body | None, field.clean(self.data.get("body")))
        except forms.ValidationError:
            return None

    def _offer(self, name: str, model: Any) -> None:
        rows = model.objects.filter(municipality=self.words.municipality)
        if found := list(rows):
            field = choice_of_rows(self, name)
            field.queryset = rows
            # What was just read: the field would ask again for each time it is looked at.
            _choices_of(field).choices = [("", _("All")), *((row.key, str(row)) for row in found)]
        else:
            del self.fields[name]


def _choices_of(field: forms.ModelChoiceField) -> forms.Select:
    return cast(forms.Select, field.widget)


def _cells(words: Words) -> list[tuple[str, str]]:
    """Return the cells of the scale in force, the highest first, each named by its two words."""
    if words.scale is None:
        return []
    steps = [
        (likelihood, consequence)
        for likelihood in range(len(words.scale.likelihood), 0, -1)
        for consequence in range(len(words.scale.consequence), 0, -1)
    ]
    return [
        (
            f"{likelihood}x{consequence}",
            f"{words.scale.likelihood[likelihood - 1]} × {words.scale.consequence[consequence - 1]}",
        )
        for likelihood, consequence in steps
    ]
