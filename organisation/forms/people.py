"""Forms about people, for the administrator."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.choices import bodies_to_choose
from organisation.models import Appointment, Body, BodyClosure, Municipality, User
from organisation.people_import.cells import A_PERSONAL_NUMBER
from organisation.searching import holding
from safety_portal.forms import PortalForm

ACTIVE, LEFT, ALL = "", "left", "all"


class PersonForm(PortalForm):
    """What is known of a person."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The person logs in with it, and gets the portal's mail there."),
        error_messages={"invalid": _("Write the e-mail address as name@municipality.se.")},
    )
    external_id = forms.CharField(
        label=_("Personnel id (optional)"),
        max_length=100,
        required=False,
        help_text=_(
            "The number in the staff system, never a personal identity number. Staff lists and log-in know the person "
            "by it. Elected people and members from outside have none."
        ),
    )
    label_size = "s"

    def clean_external_id(self) -> str:
        """Refuse a personal identity number: the portal keeps none."""
        number = str(self.cleaned_data["external_id"]).strip()
        if A_PERSONAL_NUMBER.fullmatch(number):
            raise forms.ValidationError(_("This looks like a personal identity number. Write the personnel id."))
        return number


class PeopleFilter(PortalForm):
    """The GET filter over the list of people."""

    q = forms.CharField(label=_("Name, e-mail or personnel id"), required=False, max_length=100)
    body = forms.ModelChoiceField(
        label=_("Works at or below"), queryset=Body.objects.none(), to_field_name="public_id", required=False
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=((ACTIVE, _("Here now")), (LEFT, _("Have left")), (ALL, _("Everybody"))),
        required=False,
    )
    label_size = "s"

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        bodies = Body.objects.of(municipality).in_force(clock.today()).order_by("name", "pk")
        field: Any = self.fields["body"]
        field.queryset = bodies
        offered = bodies_to_choose(bodies, chosen=self._chosen(field))
        field.widget.choices = [("", _("Everywhere")), *offered]

    def _chosen(self, field: Any) -> Body | None:
        try:
            return cast(Body | None, field.clean(self.data.get("body")))
        except forms.ValidationError:
            return None

    def narrowed(self, people: QuerySet[User]) -> QuerySet[User]:
        """Return those of ``people`` that are asked for; an answer that can't be read is passed over."""
        self.is_valid()
        asked = self.cleaned_data
        state = asked.get("state") or ACTIVE
        if state != ALL:
            people = people.filter(is_active=state == ACTIVE)
        if words := asked.get("q"):
            people = people.filter(holding(words, "name", "email", "external_id"))
        if body := asked.get("body"):
            below = BodyClosure.objects.filter(ancestor=body).values("descendant_id")
            held = Appointment.objects.in_force(clock.today()).filter(seat__body_id__in=below)
            people = people.filter(pk__in=held.values("person_id"))
        return people

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is asked for."""
        return any(self.cleaned_data.get(name) for name in self.fields)
