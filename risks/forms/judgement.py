"""Likelihood and consequences, asked in the municipality's own words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Dimension
from risks.models import Level, Stage
from risks.vocabulary import Words
from safety_portal.forms import ChoiceRows, PortalForm, ScaleSelect, SubmissionKeyField

STAGE_WORDS = (
    (Stage.AFTER, _("As it is with the measures that are done")),
    (Stage.BEFORE, _("As it is without measures")),
    (Stage.TARGET, _("As it should become (target)")),
)


class JudgementFields(PortalForm):
    """Likelihood and consequences in the municipality's own words and dimensions."""

    words: Words

    def ask(self, words: Words) -> None:
        """Add the questions: one of likelihood, one of consequence for each dimension."""
        self.words = words
        scale = words.scale
        self.fields["likelihood"] = _step_field(
            _("How likely is it?"),
            scale.likelihood if scale else (),
            hints=words.meanings("likelihood"),
            missing=_("Choose how likely it is."),
        )
        for name, (dimension, question) in words.consequence_fields.items():
            self.fields[name] = _step_field(
                question,
                scale.consequence if scale else (),
                hints=words.meanings("consequence"),
                missing=_("Choose how serious the consequence would be."),
                required=dimension is None,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = list(self.words.consequence_fields)
        if not any(cleaned.get(name) for name in names) and not any(name in self.errors for name in names):
            self.add_error(names[0], _("Choose how serious the consequence would be, for at least one of the rows."))
        return cleaned

    @property
    def consequences(self) -> dict[Dimension | None, int]:
        """The consequences that were answered, by dimension."""
        fields = self.words.consequence_fields
        return {fields[name][0]: self.cleaned_data[name] for name in fields if self.cleaned_data.get(name)}

    @property
    def level(self) -> Level | None:
        """The level that the answers so far would give; None until likelihood and a consequence are answered."""
        self.full_clean()
        likelihood = self.cleaned_data.get("likelihood")
        if not likelihood or not self.consequences or self.words.scale is None:
            return None
        return self.words.scale.level(likelihood, max(self.consequences.values()))

    def consequence_boxes(self) -> list[forms.BoundField]:
        """The consequence questions, in the order they are asked."""
        return [self[name] for name in self.words.consequence_fields]


class JudgementForm(JudgementFields):
    """The judgement alone: for the level that is shown while the person answers."""

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(words)


class AssessForm(JudgementFields):
    """A new judgement of a risk."""

    stage = forms.ChoiceField(
        label=_("What do you judge?"), choices=STAGE_WORDS, initial=Stage.AFTER, widget=ChoiceRows
    )
    note = forms.CharField(
        label=_("Why (optional)"),
        help_text=_("What has changed, or which measures you have counted on."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(words)
        self.order_fields(["stage", "likelihood", *words.consequence_fields, "note"])


def _step_field(
    label: Any, steps: Iterable[str], *, hints: Mapping[int, str], missing: Any, required: bool = True
) -> forms.TypedChoiceField:
    """Return a field whose choices are the steps of a scale, the lowest first."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(number, f"{number} {word}") for number, word in enumerate(steps, start=1)],
        coerce=int,
        empty_value=None,
        required=required,
        widget=ScaleSelect(hints=hints),
        error_messages={"required": missing},
    )
