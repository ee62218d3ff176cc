"""Forms of the incidents app: the report, the choice of workplace, the inbox's filter, a handler's words."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.errors import NotYetHappened
from incidents.models import QUICK_KINDS, IncidentKind, IncidentQuerySet, IncidentState, OccurredWhen
from incidents.permissions import VIEW_INCIDENT
from organisation import clock
from organisation.access import Scope
from organisation.choices import bodies_to_choose
from organisation.models import ALWAYS, Body
from safety_portal.forms import ChoiceRows, DateField, PortalForm, SubmissionKeyField

# On the first screen two of the kinds have words of their own.
QUICK_WORDS = {
    IncidentKind.NEAR_MISS: _("Something almost happened"),
    IncidentKind.OTHER: _("Something else, or don't know"),
}
YEARS_OFFERED = 6


class ReportForm(PortalForm):
    """The one screen that is enough to send a report."""

    kind = forms.ChoiceField(
        label=_("What has happened?"),
        choices=[(kind, QUICK_WORDS.get(kind, kind.label)) for kind in QUICK_KINDS],
        widget=ChoiceRows,
        error_messages={
            "required": _("Choose what has happened. The last choice is there when you don't know."),
            "invalid_choice": _("Choose one of the rows."),
        },
    )
    occurred_when = forms.ChoiceField(
        label=_("When did it happen?"),
        choices=OccurredWhen.choices,
        widget=ChoiceRows,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the rows.")},
    )
    occurred_on = DateField(label=_("Which day?"), required=False, help_text=_("For example 16 11 2026."))
    text = forms.CharField(
        label=_("Do you want to tell more?"),
        help_text=_("Optional. Write no names of clients or relatives."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("The text is too long. Shorten it to 10,000 characters.")},
    )
    submission_key = SubmissionKeyField()
    # Whose form this is, signed: what is sent after the session has ended is kept for that person alone.
    person = forms.CharField(required=False, widget=forms.HiddenInput)

    # What a draft keeps, beside the form's own key.
    ANSWERS = ("kind", "occurred_when", "occurred_on", "text")

    def clean_occurred_on(self) -> date | None:
        day: date | None = self.cleaned_data["occurred_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(NotYetHappened.message)
        if day is not None and day < ALWAYS:
            raise forms.ValidationError(_("Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Settle the day: "another day" takes a date, and a date alone means another day."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        when, day = answers.get("occurred_when"), answers.get("occurred_on")
        if not when and day:
            answers["occurred_when"] = OccurredWhen.ANOTHER_DAY
        elif when == OccurredWhen.ANOTHER_DAY:
            if not day and "occurred_on" not in self.errors:
                self.add_error("occurred_on", _("Write which day it happened."))
        elif when:
            # A date typed before the choice was changed is not shown any more, and not meant.
            self.errors.pop("occurred_on", None)
            answers["occurred_on"] = clock.today()
        elif "occurred_when" not in self.errors and "occurred_on" not in self.errors:
            self.add_error("occurred_when", _("Choose when it happened."))
        return answers

    def answers(self) -> dict[str, Any]:
        """Return what was typed, as typed, so that it can be shown again."""
        kept = {name: self[name].data for name in self.ANSWERS}
        self.full_clean()
        key = self.cleaned_data.get("submission_key")
        return kept | ({"submission_key": str(key)} if key else {})


class WorkplaceSearch(PortalForm):
    """Finding another workplace by its name."""

    label_size = "s"
    q = forms.CharField(label=_("Name of the workplace"), required=False, max_length=100)


class InboxFilter(PortalForm):
    """Which cases the inbox shows; what can't be understood is left out of account."""

    ALL = "all"

    state = forms.ChoiceField(label=_("Status"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    body = forms.ModelChoiceField(label=_("Committee or unit"), queryset=Body.objects.none(), required=False)
    year = forms.TypedChoiceField(label=_("Happened in"), coerce=int, empty_value=None, required=False)

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        this_year = clock.today().year
        years = [(str(year), str(year)) for year in range(this_year, this_year - YEARS_OFFERED, -1)]
        self._offer("state", [("", _("All open")), *IncidentState.choices, (self.ALL, _("All"))])
        self._offer("kind", [("", _("All kinds")), *IncidentKind.choices])
        self._offer("year", [("", _("All years")), *years])
        self._offer_bodies(scope)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _offer_bodies(self, scope: Scope) -> None:
        field: Any = self.fields["body"]
        field.to_field_name = "public_id"
        field.queryset = scope.bodies(VIEW_INCIDENT)
        standing = field.queryset.in_force(clock.today()).order_by("name")
        shown = bodies_to_choose(standing, chosen=self._chosen(field))
        field.widget.choices = [("", _("All")), *((str(body.public_id), body.name) for body in shown)]

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
        return cases

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)


class SeriousForm(PortalForm):
    """Why a case is put above the others, or no longer."""

    label_size = "s"
    prefix = "serious"
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 300 characters.")},
    )


class ClosingForm(PortalForm):
    """The answer that the reporter gets when the case is closed."""

    label_size = "s"
    prefix = "close"
    feedback = forms.CharField(
        label=_("Answer to the reporter"),
        help_text=_("What you have done and why the case is closed. The reporter reads this."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": _("Write an answer to the reporter."),
            "max_length": _("Shorten it to 2,000 characters."),
        },
    )


class ReopeningForm(PortalForm):
    """Why a closed case is taken up again."""

    label_size = "s"
    prefix = "reopen"
    reason = forms.CharField(
        label=_("Why is the case taken up again?"),
        help_text=_("The reporter reads this."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 2,000 characters.")},
    )
