"""Forms of a group: who sits in it, and what it is asked to do."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.forms.choosing import BodyChoice, ChoosingForm, PersonChoice
from organisation.models import Appointment, Assignment, AssignmentKind, Body, BodyKind, Seat, User
from organisation.services.assignments import AssignmentValues
from safety_portal.forms import ChoiceRows, DateField, PortalForm, SubmissionKeyField


class Days(ChoosingForm):
    """From which day, and perhaps until which day, somebody sits in the group."""

    valid_from = DateField(label=_("From which day?"))
    last_day = DateField(
        label=_("Last day"), help_text=_("Leave empty if the membership has no end yet."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = clock.today()

    def days(self) -> dict[str, Any]:
        """Return the half-open period that was chosen."""
        last: date | None = self.cleaned_data["last_day"]
        return {"valid_from": self.cleaned_data["valid_from"], "valid_to": last + timedelta(days=1) if last else None}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day can't come before the first."))
        return cleaned


class MemberForm(Days):
    """Somebody of the municipality takes a seat in the group."""

    person = PersonChoice(label=_("Who becomes a member?"))
    seat = forms.ChoiceField(label=_("As what?"), widget=ChoiceRows)
    field_order = ("person", "seat", "valid_from", "last_day")

    def __init__(self, *args: Any, user: User, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {str(seat.public_id): seat for seat in seats}
        self.choose_among("person", User.objects.filter(municipality=user.municipality))
        field = cast(forms.ChoiceField, self.fields["seat"])
        field.choices = [(key, seat.seat_type.title) for key, seat in self.seats.items()]
        if len(seats) == 1:
            del self.fields["seat"]

    @property
    def seat_chosen(self) -> Seat:
        """The seat that was chosen, or the only one."""
        return self.seats[self.cleaned_data.get("seat") or next(iter(self.seats))]


class OutsideMemberForm(Days):
    """Somebody from an authority or another party takes a seat in the group."""

    name = forms.CharField(label=_("What is the person's name?"), max_length=150)
    email = forms.EmailField(
        label=_("The person's e-mail address at work"),
        help_text=_("The person logs in with it, and gets a mail that says how."),
        max_length=254,
    )
    party = BodyChoice(label=_("Which organisation does the person represent?"), required=False)
    organisation = forms.CharField(label=_("Another organisation"), max_length=160, required=False)
    field_order = ("name", "email", "party", "organisation", "valid_from", "last_day")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Body.objects.filter(municipality=user.municipality, kind=BodyKind.OUTSIDE_PARTY)
        parties = parties.in_force(clock.today())
        if parties.exists():
            self.choose_among("party", parties)
            return
        del self.fields["party"]
        self.fields["organisation"].label = _("Which organisation does the person represent?")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "organisation" in self.errors or "party" in self.errors:
            return cleaned
        if not cleaned.get("party") and not cleaned.get("organisation"):
            self.add_error("organisation", _("Say which organisation the person represents."))
        elif cleaned.get("party") and cleaned.get("organisation"):
            self.add_error("organisation", _("Choose one of those above, or write another organisation: not both."))
        return cleaned

    def person(self) -> dict[str, Any]:
        """Return who the person is, and whom they represent."""
        return {name: self.cleaned_data.get(name) for name in ("name", "email", "party", "organisation")}


class EndMembershipForm(PortalForm):
    """When somebody leaves the group."""

    when = forms.ChoiceField(
        label=_("When does the membership end?"),
        choices=(("now", _("Now: access ends at once")), ("later", _("After a last day"))),
        widget=ChoiceRows,
        initial="now",
    )
    last_day = DateField(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "later" and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Enter the last day."))
        return cleaned

    def ends_on(self, held: Appointment) -> date:
        """Return the first day on which the person no longer sits in the group; one to come is taken back."""
        if self.cleaned_data["when"] == "later":
            return cast(date, self.cleaned_data["last_day"]) + timedelta(days=1)
        return max(clock.today(), held.valid_from)


class AssignmentForm(PortalForm):
    """What a group is asked to do."""

    kind = forms.ChoiceField(
        label=_("What is the group asked for?"),
        choices=[(value, capfirst(label)) for value, label in AssignmentKind.choices],
        widget=ChoiceRows,
    )
    title = forms.CharField(label=_("The assignment in one line"), max_length=200)
    text = forms.CharField(
        label=_("What does it take?"), required=False, max_length=5000, widget=forms.Textarea({"rows": 5})
    )
    given_by = forms.CharField(label=_("Who has given it?"), max_length=160, required=False)
    given_on = DateField(label=_("When was it given?"))
    due_on = DateField(label=_("When is it to be done?"), required=False)
    edit_count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, assignment: Assignment | None = None, **kwargs: Any) -> None:
        names = ("kind", "title", "text", "given_by", "given_on", "due_on", "edit_count")
        if assignment is not None:
            kwargs["initial"] = {name: getattr(assignment, name) for name in names}
        super().__init__(*args, **kwargs)
        if assignment is None:
            self.fields["given_on"].initial = clock.today()

    def values(self) -> AssignmentValues:
        """Return what the form says; only after it was found valid."""
        names = ("kind", "title", "text", "given_by", "given_on", "due_on")
        return AssignmentValues(**{name: self.cleaned_data[name] for name in names})


class OutcomeForm(PortalForm):
    """When an assignment was done, and what came of it."""

    done_on = DateField(label=_("When was it done?"))
    outcome = forms.CharField(label=_("What came of it?"), max_length=5000, widget=forms.Textarea({"rows": 5}))


class DoneForm(PortalForm):
    """When an action was done, and what there is to say of it."""

    done_on = DateField(label=_("When was it done?"))
    note = forms.CharField(
        label=_("What was done?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4})
    )
