"""Entries of the fund for deductibles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.damage import PayForm
from incidents.models import FundEntry
from safety_portal.forms import ChoiceRows, DateField, KronorField, SubmissionKeyField

UP, DOWN = "correction_up", "correction_down"
KINDS = (
    (FundEntry.Kind.CONTRIBUTION, _("Pay into the fund")),
    (FundEntry.Kind.PREVENTION, _("Pay a contribution to prevention")),
    (UP, _("Correct the balance upwards")),
    (DOWN, _("Correct the balance downwards")),
)


class EntryForm(PayForm):
    """Something is paid into the fund or out of it, or its balance is corrected."""

    submission_key = SubmissionKeyField()
    kind = forms.ChoiceField(
        label=_("What kind of entry?"),
        choices=KINDS,
        widget=ChoiceRows,
        error_messages={"required": _("Choose what it is."), "invalid_choice": _("Choose one of the rows.")},
    )
    amount_ore = KronorField(label=_("Amount"))
    on = DateField(label=_("On which day?"))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For example what the money is for. No names. A correction needs one."),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Shorten it to 200 characters.")},
    )
    field_order = ["kind", "amount_ore", "on", "note", "below_zero", "submission_key"]

    def clean_amount_ore(self) -> int | None:
        amount: int | None = self.cleaned_data["amount_ore"]
        if amount == 0:
            raise forms.ValidationError(_("Enter an amount above zero."))
        return amount

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("kind") in (UP, DOWN) and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Write why it is corrected."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Return the entry as the service takes it."""
        kind, amount = self.cleaned_data["kind"], self.cleaned_data["amount_ore"]
        correction = kind in (UP, DOWN)
        return {
            "kind": FundEntry.Kind.CORRECTION if correction else kind,
            "amount_ore": -amount if kind == DOWN else amount,
            "on": self.cleaned_data["on"],
            "note_text": self.cleaned_data["note"],
            "below_zero": self.cleaned_data["below_zero"],
        }
