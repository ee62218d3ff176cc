"""Forms of matters between chairs: raise, filter, and each step."""

from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import Scope
from organisation.choices import bodies_to_choose
from organisation.forms.choosing import BodyChoice, ChoosingForm
from organisation.matters import can_be_involved
from organisation.models import (
    Body,
    CoordinationMatter,
    CoordinationMatterQuerySet,
    MatterBody,
    MatterState,
    User,
)
from organisation.permissions import RAISE_MATTER
from safety_portal.forms import ChoiceRows, PortalForm, SubmissionKeyField

FEWEST_BODIES = 2


class MatterForm(ChoosingForm):
    """A question that falls between bodies."""

    question = forms.CharField(
        label=_("What is the open question?"),
        help_text=_("One question, for example who locks the sports hall after evening rentals."),
        max_length=200,
    )
    background = forms.CharField(
        label=_("What has happened, and what have you tried?"),
        help_text=_("Name no client and nobody who has been harmed."),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
    )
    bodies = BodyChoice(
        label=_("Which bodies does it fall between?"),
        help_text=_("At least two. One of them is one that you answer for."),
        several=True,
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        municipality = user.municipality
        bodies = can_be_involved(municipality, clock.today()) if municipality else Body.objects.none()
        self.choose_among("bodies", bodies)

    def clean_bodies(self) -> list[Body]:
        bodies: list[Body] = self.cleaned_data["bodies"]
        if len(bodies) < FEWEST_BODIES:
            raise forms.ValidationError(_("A matter stands between bodies: choose at least two."))
        scope = Scope.of(self.user)
        if not any(scope.allows(RAISE_MATTER, body) for body in bodies):
            raise forms.ValidationError(_("One of the bodies must be one that you answer for."))
        return bodies


class MatterFilter(PortalForm):
    """The GET filter over the list."""

    label_size = "s"
    state = forms.ChoiceField(
        label=_("State"),
        choices=(
            ("", _("Open")),
            (MatterState.TAKEN_OVER, capfirst(MatterState.TAKEN_OVER.label)),
            (MatterState.CLOSED, capfirst(MatterState.CLOSED.label)),
            ("all", _("All")),
        ),
        required=False,
    )
    body = forms.ModelChoiceField(
        label=_("Body that it concerns"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        required=False,
    )

    def __init__(self, *args: Any, matters: CoordinationMatterQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["body"])
        concerned = MatterBody.objects.filter(matter__in=matters.values("pk"))
        field.queryset = bodies = Body.objects.filter(pk__in=concerned.values("body_id")).order_by("name", "pk")
        offered = bodies_to_choose(bodies, chosen=self._chosen(field))
        # What was just read: the field would ask again for each time it is looked at.
        widget = cast(forms.Select, field.widget)
        widget.choices = [("", _("All")), *offered]

    def _chosen(self, field: forms.ModelChoiceField) -> Body | None:
        try:
            return cast(Body | None, field.clean(self.data.get("body")))
        except forms.ValidationError:
            return None


class NoteForm(PortalForm):
    """A note: the reason of a step, or what there is to say."""

    note = forms.CharField(
        label=_("Why?"),
        help_text=_("Everyone who may see the matter can read it."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class TakeOverForm(NoteForm):
    """Which body takes the matter over, and how it goes on."""

    body = forms.ChoiceField(label=_("Which body takes it over?"), widget=ChoiceRows)
    field_order = ("body", "note")

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.public_id): body for body in bodies}
        field = cast(forms.ChoiceField, self.fields["body"])
        field.choices = [(key, body.name) for key, body in self.bodies.items()]
        self.fields["note"].label = _("How does it go on?")
        if len(bodies) == 1:
            del self.fields["body"]

    @property
    def body_chosen(self) -> Body:
        """The body that was chosen, or the only one."""
        return self.bodies[self.cleaned_data.get("body") or next(iter(self.bodies))]


class AddBodyForm(ChoosingForm):
    """One more body that the matter concerns."""

    body = BodyChoice(label=_("Which body does it concern too?"))
    note = forms.CharField(
        label=_("Why?"),
        help_text=_("Everyone who may see the matter can read it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, matter: CoordinationMatter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = matter.involved.values("body_id")
        self.choose_among("body", can_be_involved(matter.municipality, clock.today()).exclude(pk__in=named))
