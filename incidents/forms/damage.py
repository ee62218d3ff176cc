"""What an event led to and cost, and claims on the insurer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Claim, ClaimState, Consequence
from incidents.services.damage import ClaimValues, Judged
from organisation import clock
from policies.models import Dimension
from safety_portal.forms import DateField, KronorField, PortalForm, SubmissionKeyField


class DamageForm(PortalForm):
    """How grave the event was and what it cost, in each of the municipality's dimensions."""

    label_size = ""

    def __init__(self, data: Any = None, *, dimensions: Sequence[Dimension], standing: Iterable[Consequence]) -> None:
        super().__init__(data)
        self.dimensions = list(dimensions)
        known = {one.dimension_id: one for one in standing}
        levels = [("", _("Not judged")), *Consequence.Level.choices]
        for dimension in self.dimensions:
            now = known.get(dimension.pk)
            level, cost = self.names(dimension)
            self.fields[level] = forms.TypedChoiceField(
                label=_("How grave?"), choices=levels, coerce=int, empty_value=None, required=False,
                initial=now.level if now else "",
            )  # fmt: skip
            wrong = _("%(dimension)s: enter an amount in kronor, for example 12 500.") % {"dimension": dimension.name}
            self.fields[cost] = KronorField(
                label=_("Cost"), required=False, initial=now.cost_ore if now else None,
                error_messages={"invalid": wrong},
            )  # fmt: skip

    @staticmethod
    def names(dimension: Dimension) -> tuple[str, str]:
        """Return the names of a dimension's two fields."""
        return f"level_{dimension.key}", f"cost_{dimension.key}"

    def rows(self) -> list[dict[str, Any]]:
        """Return each dimension with its two fields, as the page shows them."""
        named = [(dimension, *self.names(dimension)) for dimension in self.dimensions]
        return [{"name": one.name, "level": self[level], "cost": self[cost]} for one, level, cost in named]

    def clean(self) -> dict[str, Any] | None:
        for dimension in self.dimensions:
            level, cost = self.names(dimension)
            if self.cleaned_data.get(cost) is not None and self.cleaned_data.get(level) is None:
                wrong = _("%(dimension)s: choose how grave it was, since there is a cost.")
                self.add_error(level, wrong % {"dimension": dimension.name})
        return self.cleaned_data

    def judged(self) -> dict[Dimension, Judged | None]:
        """Return dimension → judgement; none where nothing is judged."""
        found: dict[Dimension, Judged | None] = {}
        for dimension in self.dimensions:
            level, cost = (self.cleaned_data[name] for name in self.names(dimension))
            found[dimension] = None if level is None else Judged(level, cost)
        return found


class ClaimForm(PortalForm):
    """A claim on the insurer, as far as it has come."""

    label_size = "s"
    insurer = forms.CharField(
        label=_("Insurer"),
        max_length=120,
        error_messages={
            "required": _("Write which insurer."),
            "max_length": _("Shorten it to 120 characters."),
        },
    )
    number = forms.CharField(
        label=_("The insurer's claim number (optional)"),
        required=False,
        max_length=60,
        error_messages={"max_length": _("Shorten it to 60 characters.")},
    )
    state = forms.ChoiceField(label=_("Where does it stand?"), choices=ClaimState.choices)
    sent_on = DateField(label=_("Sent on (optional)"), required=False)
    claimed_ore = KronorField(label=_("Amount claimed (optional)"), required=False)
    decided_on = DateField(label=_("The insurer decided on (optional)"), required=False)
    paid_ore = KronorField(label=_("Amount paid by the insurer (optional)"), required=False)
    deductible_ore = KronorField(label=_("Deductible (optional)"), required=False)

    NAMES = ("insurer", "number", "state", "sent_on", "claimed_ore", "paid_ore", "decided_on", "deductible_ore")

    def __init__(self, data: Any = None, *, claim: Claim | None = None) -> None:
        super().__init__(data, initial={name: getattr(claim, name) for name in self.NAMES} if claim else None)
        if claim is not None and claim.fund_entries.exists():
            # Paid from the fund: the amount stands.
            self.fields["deductible_ore"].disabled = True

    def clean(self) -> dict[str, Any] | None:
        for name in ("sent_on", "decided_on"):
            day: date | None = self.cleaned_data.get(name)
            if day is not None and day > clock.today():
                self.add_error(name, _("The day can't be in the future."))
        # Left empty, and not merely mistyped.
        unsent = self.cleaned_data.get("sent_on", "mistyped") is None
        if unsent and self.cleaned_data.get("state") != ClaimState.TO_SEND:
            self.add_error("sent_on", _("Write when the claim was sent."))
        return self.cleaned_data

    def values(self) -> ClaimValues:
        """Return the claim as the service takes it."""
        return ClaimValues(**{name: self.cleaned_data[name] for name in self.NAMES})


class PayForm(PortalForm):
    """The deductible is paid from the fund."""

    submission_key = SubmissionKeyField()
    on = DateField(label=_("On which day is it paid?"))
    below_zero = forms.BooleanField(
        label=_("Pay all the same: the fund becomes negative"),
        required=False,
        widget=forms.HiddenInput,
    )

    def ask_again(self) -> None:
        """Ask whether the fund may become negative."""
        self.fields["below_zero"].widget = forms.CheckboxInput()
