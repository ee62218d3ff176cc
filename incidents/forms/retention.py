"""Forms of retention and disposal: a rule, a proposal, a case taken out, and what was decided."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import IncidentKind
from organisation import clock
from organisation.models import AUTHORITIES, Body, Municipality
from safety_portal.forms import ChoiceRows, DateField, LongSelect, PortalForm

# Longer than any retention period that a municipality decides on; a slip of the finger is.
MOST_YEARS = 150


def _authority(label: Any, required: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=Body.objects.none(),
        to_field_name="public_id",
        widget=LongSelect,
        empty_label=_("Choose"),
        error_messages={"required": required, "invalid_choice": required},
    )


def _number(*, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=_("Registry number"), help_text=_("As it stands in the registry."), max_length=60, required=required
    )


class RuleForm(PortalForm):
    """How long cases of one kind are kept, and the decision that says so."""

    EVER, YEARS = "ever", "years"

    kind = forms.ChoiceField(label=_("Which cases?"), required=False, widget=LongSelect)
    keep = forms.ChoiceField(
        label=_("How long are they kept?"),
        choices=[(YEARS, _("A number of years after the case was closed")), (EVER, _("For ever"))],
        widget=ChoiceRows,
        error_messages={"required": _("Choose how long they are kept.")},
    )
    keep_years = forms.IntegerField(
        label=_("Number of years"),
        min_value=1,
        max_value=MOST_YEARS,
        required=False,
        error_messages={
            "invalid": _("Write a whole number of years."),
            "min_value": _("Write at least 1 year."),
            "max_value": _("Write at most 150 years."),
        },
    )
    decided_by = _authority(_("Which body has decided it?"), _("Choose the body that has decided it."))
    decided_on = DateField(label=_("When was it decided?"))
    paragraph = forms.CharField(
        label=_("Section of the minutes (§)"),
        help_text=_("As it is written there, for example 139/2023."),
        max_length=40,
        error_messages={"required": _("Write the section of the minutes.")},
    )
    registry_number = _number()
    valid_from = DateField(label=_("From which day does it hold?"))

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("All kinds without a rule of their own")), *IncidentKind.choices]
        body: Any = self.fields["decided_by"]
        body.queryset = Body.objects.of(municipality).filter(kind__in=AUTHORITIES).order_by("name", "pk")

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise forms.ValidationError(_("The decision can't lie in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        """Settle the years: a number of them, or none for ever."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("keep") == self.EVER:
            self.errors.pop("keep_years", None)
            answers["keep_years"] = None
        elif answers.get("keep") == self.YEARS and "keep_years" not in self.errors and not answers.get("keep_years"):
            self.add_error("keep_years", _("Write the number of years."))
        return answers


class ProposeForm(PortalForm):
    """Whose cases are proposed for disposal."""

    label_size = "s"
    body = _authority(_("Whose cases?"), _("Choose whose cases."))

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset = Body.objects.of(municipality).filter(kind__in=AUTHORITIES).order_by("name", "pk")


class KeepForm(PortalForm):
    """Which case is taken out of a proposal, and why."""

    number = forms.CharField(
        label=_("Number of the case"),
        help_text=_("For example H-2016-0417."),
        max_length=40,
        error_messages={"required": _("Write the number of the case.")},
    )
    reason = forms.CharField(
        label=_("Why is it kept?"),
        help_text=_("Write no names."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 300 characters.")},
    )


class DecisionForm(PortalForm):
    """What the committee, or the archive authority, decided."""

    APPROVE, REJECT = "approve", "reject"

    decision = forms.ChoiceField(
        label=_("What was decided?"),
        choices=[(APPROVE, _("The disposal is approved")), (REJECT, _("The disposal is rejected"))],
        widget=ChoiceRows,
        error_messages={"required": _("Choose what was decided.")},
    )
    decided_on = DateField(label=_("When was it decided?"))
    paragraph = forms.CharField(
        label=_("Section of the minutes (§)"), help_text=_("As it is written there."), max_length=40, required=False
    )
    registry_number = _number()
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed when the disposal is rejected."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": _("Shorten it to 500 characters.")},
    )

    def __init__(self, *args: Any, by_minutes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_minutes:
            # A body decides in a meeting; the archive authority may have delegated it.
            self.fields["paragraph"].required = True
            self.fields["paragraph"].error_messages["required"] = _("Write the section of the minutes.")

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a rejection."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("decision") == self.REJECT and not answers.get("reason", "").strip():
            self.add_error("reason", _("Write why it was rejected."))
        return answers

    def given(self) -> dict[str, Any]:
        """Return the answers as the service takes them."""
        answers = dict(self.cleaned_data)
        return answers | {"approve": answers.pop("decision") == self.APPROVE}
