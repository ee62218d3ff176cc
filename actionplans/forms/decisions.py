"""The secretary's forms: what the meeting decided, how it changed the plan, when its minutes were approved."""

import uuid
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from actionplans.forms.measures import SeatField, seats_of
from actionplans.models import Plan, PlanVersion
from actionplans.services import MeasureChange
from actionplans.snapshot import content_of
from organisation import clock
from organisation.decisions import Minutes
from organisation.models import Meeting, Outcome, Seat
from safety_portal.forms import ChoiceRows, DateField, KronorField, PortalForm, SubmissionKeyField

OUTCOME_HINTS = {
    Outcome.APPROVE_WITH_CHANGES: _("You enter the meeting's changes on the next page."),
    Outcome.REFER_BACK: _("The plan goes back to those who prepare it."),
    Outcome.DEFER: _("The plan waits for a later meeting."),
}


class MinutesFields(PortalForm):
    """What is typed from the minutes."""

    section = forms.CharField(
        label=_("Paragraph (§)"), help_text=_("As it stands in the minutes, for example 139/2023."), max_length=40
    )
    registry_number = forms.CharField(
        label=_("Registry number (dnr)"),
        help_text=_("As it stands in the registry."),
        max_length=60,
        required=False,
    )
    reservations = forms.CharField(label=_("Reservations"), widget=forms.Textarea, required=False)
    special_statements = forms.CharField(label=_("Special statements"), widget=forms.Textarea, required=False)
    conflicts_of_interest = forms.CharField(
        label=_("Who withdrew for conflict of interest?"), widget=forms.Textarea, required=False
    )

    def clean_section(self) -> str:
        """Keep the paragraph as typed, but for the sign itself, which every page writes before it."""
        typed = self.cleaned_data["section"].removeprefix("§").strip()
        if not typed:
            raise forms.ValidationError(_("Write the paragraph, for example 139/2023."))
        return typed


class DecisionForm(MinutesFields):
    """What a meeting decided about a submitted version."""

    field_order = ("held_on", "outcome", "section", "registry_number", "minutes_approved_on", "approved_at_once_on")
    held_on = DateField(label=_("When was the meeting held?"))
    outcome = forms.ChoiceField(
        label=_("What did the meeting decide?"),
        choices=[(key, capfirst(words)) for key, words in Outcome.choices],
        widget=ChoiceRows(hints=OUTCOME_HINTS),
    )
    minutes_approved_on = DateField(
        label=_("When were the minutes approved?"),
        help_text=_("Leave empty if they aren't approved yet: the decision is then preliminary."),
        required=False,
    )
    approved_at_once_on = DateField(
        label=_("When was this item approved at once?"),
        help_text=_("Only if the item was approved before the rest of the minutes."),
        required=False,
    )
    expected_hash = forms.CharField(widget=forms.HiddenInput)
    submission_key = SubmissionKeyField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        held_on = cleaned.get("held_on")
        if held_on and held_on > clock.today():
            self.add_error("held_on", _("The meeting can't be held on a day that has not come yet."))
        for name in ("minutes_approved_on", "approved_at_once_on"):
            approved_on = cleaned.get(name)
            if approved_on and approved_on > clock.today():
                self.add_error(name, _("Minutes can't be approved on a day that has not come yet."))
            elif approved_on and held_on and approved_on < held_on:
                self.add_error(name, _("Minutes can't be approved before the meeting was held."))
        return cleaned

    @property
    def with_changes(self) -> bool:
        """Tell whether the meeting changed the plan."""
        return self.cleaned_data.get("outcome") == Outcome.APPROVE_WITH_CHANGES

    def minutes(self) -> Minutes:
        """Return the item of the minutes that the form describes."""
        answers = self.cleaned_data
        return Minutes(
            outcome=answers["outcome"],
            section=answers["section"],
            registry_number=answers["registry_number"],
            approved_at_once_on=answers["approved_at_once_on"],
            reservations=answers["reservations"],
            special_statements=answers["special_statements"],
            conflicts_of_interest=answers["conflicts_of_interest"],
        )


class ChangeForm(PortalForm):
    """How the meeting changed one measure."""

    label_size = ""
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(label=_("What"), max_length=200)
    how = forms.CharField(label=_("How"), widget=forms.Textarea)
    due_on = DateField(label=_("When"))
    responsible = SeatField(label=_("Who"), queryset=Seat.objects.none(), empty_label=_("Choose"))
    money = KronorField(label=_("Money in the plan's own year, kronor"), required=False)
    remove = forms.BooleanField(label=_("The meeting took this measure out"), required=False)

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = seats  # type: ignore[attr-defined]

    def change(self) -> MeasureChange:
        """Return the measure as the meeting wants it."""
        answers = self.cleaned_data
        return MeasureChange(
            key=str(answers["key"]),
            what=answers["what"],
            how=answers["how"],
            due_on=answers["due_on"],
            responsible=answers["responsible"],
            money_ore=answers["money"] or 0,
            remove=answers["remove"],
        )


class BaseChangesFormSet(forms.BaseFormSet):
    """The measures of a submitted version, to be changed by the meeting's decision."""

    def clean(self) -> None:
        if any(self.errors):
            return
        asked = {str(form.initial["key"]) for form in self.forms if form.initial}
        given = {str(form.cleaned_data["key"]) for form in self.forms}
        if asked != given:
            raise forms.ValidationError(_("The plan has been changed since you opened it."))
        if not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("State what the meeting changed in the plan."))

    def changes(self) -> list[MeasureChange]:
        """Return the measures that the meeting changed or took out."""
        return [form.change() for form in self.forms if form.has_changed()]


ChangesFormSet = forms.formset_factory(ChangeForm, formset=BaseChangesFormSet, extra=0, max_num=1000)


def changes_formset(data: Any, version: PlanVersion) -> BaseChangesFormSet:
    """Return a form for each measure of the submitted ``version``, as it was submitted."""
    plan: Plan = version.plan
    content = content_of(version)
    chosen = {str(seat.public_id): seat.pk for seat in Seat.objects.filter(measures__version=version)}
    initial = [
        {
            "key": uuid.UUID(measure.key),
            "what": measure.what,
            "how": measure.how,
            "due_on": measure.due,
            "responsible": chosen.get(measure.responsible_key),
            "money": measure.money_in(plan.year),
        }
        for measure in content.measures
    ]
    seats = seats_of(plan, kept=chosen.values())
    rows = ChangesFormSet(data, initial=initial, prefix="changes", form_kwargs={"seats": seats})
    return cast(BaseChangesFormSet, rows)


class MinutesForm(PortalForm):
    """The day on which a meeting's minutes were approved."""

    approved_on = DateField(label=_("When were the minutes approved?"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def clean_approved_on(self) -> Any:
        approved_on = self.cleaned_data["approved_on"]
        if approved_on < self.meeting.held_on:
            raise forms.ValidationError(_("Minutes can't be approved before the meeting was held."))
        if approved_on > clock.today():
            raise forms.ValidationError(_("Minutes can't be approved on a day that has not come yet."))
        return approved_on


class CorrectionForm(MinutesFields):
    """How a decision should have been written down."""

    def minutes(self, outcome: str, approved_at_once_on: Any) -> Minutes:
        """Return the corrected item; outcome and approval at once stay as they were."""
        return Minutes(outcome=outcome, approved_at_once_on=approved_at_once_on, **self.cleaned_data)
