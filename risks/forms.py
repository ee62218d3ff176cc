"""Forms of risks: log and edit, judge, close and open again, and the filter over the list."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from organisation import clock
from organisation.access import Scope
from organisation.models import Body, BodyKind, User
from policies.models import Area, Dimension, ProtectedValue
from risks.models import Horizon, Level, Risk, RiskState, Serious, Stage
from risks.permissions import ADD_RISK, VIEW_RISK
from risks.vocabulary import Words
from safety_portal.forms import ChoiceRows, PortalForm, ScaleSelect, SubmissionKeyField

CASE_NUMBER = re.compile(r"[Hh]-?(\d{4})-(\d{1,6})")
MOST_CASES = 20
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


class DescriptionFields(PortalForm):
    """What the risk is: where, in which area, since when, and the cases that ground it."""

    title = forms.CharField(
        label=_("What can happen, and to whom?"),
        help_text=_("One sentence is enough. For example: Staff who work alone at night may be threatened."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write what can happen.")},
    )
    body = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a unit"),
        error_messages={"required": _("Choose a unit.")},
    )
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.none(), to_field_name="key", required=False, empty_label=_("Not stated")
    )
    protected_value = forms.ModelChoiceField(
        label=_("What is worth protecting"),
        queryset=ProtectedValue.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("Not stated"),
    )
    horizon = forms.ChoiceField(
        label=_("Is the risk there now?"),
        choices=((Horizon.EXISTING, _("It exists now")), (Horizon.FUTURE, _("It may arise later"))),
        initial=Horizon.EXISTING,
        widget=ScaleSelect,
    )
    serious = forms.ChoiceField(
        label=_("Is it a serious risk according to AFS 2023:1?"),
        help_text=_("A question of its own. The answer doesn't change the level above."),
        choices=Serious.choices,
        widget=ScaleSelect,
        error_messages={"required": _("Answer yes, no or don't know.")},
    )
    description = forms.CharField(
        label=_("More about the risk (optional)"),
        help_text=_("Write no names of clients, pupils or relatives."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    grounds = forms.CharField(
        label=_("Cases that ground the risk (optional)"),
        help_text=_("Case numbers, for example H-2026-0417. Put a comma between several."),
        required=False,
        max_length=400,
    )

    user: User

    def offer(self, user: User, words: Words, keep: Risk | None = None) -> None:
        """Fill the choices; ``keep`` is the risk that is edited: its own are choices even when they are closed."""
        self.user = user
        bodies = bodies_to_log_at(user)
        if keep is not None:
            bodies = Body.objects.filter(Q(pk__in=bodies.values("pk")) | Q(pk=keep.body_id))
        self._offer_bodies(bodies.order_by("name", "pk"))
        self._offer("area", Area, words.areas, keep.area_id if keep else None)
        self._offer("protected_value", ProtectedValue, words.values, keep.protected_value_id if keep else None)

    def clean_grounds(self) -> list[Incident]:
        """Return the cases by their numbers; refuse those that the person can't see."""
        text = self.cleaned_data["grounds"]
        written = [part for part in re.split(r"[,;\s]+", text) if part]
        if len(written) > MOST_CASES:
            raise ValidationError(_("Write at most %(most)s case numbers."), params={"most": MOST_CASES})
        found = {incident.label: incident for incident in self._cases(written)}
        for part in written:
            match = CASE_NUMBER.fullmatch(part)
            if match is None or f"H-{match[1]}-{int(match[2]):04d}" not in found:
                message = _("There is no case %(number)s that you can see. Case numbers look like H-2026-0417.")
                raise ValidationError(message, params={"number": part})
        return list(found.values())

    def _cases(self, written: Iterable[str]) -> Iterable[Incident]:
        numbers = Q(pk__in=())
        for part in written:
            if match := CASE_NUMBER.fullmatch(part):
                numbers |= Q(year=int(match[1]), number=int(match[2]))
        return Incident.objects.visible_to(self.user).filter(numbers)

    def _offer_bodies(self, bodies: QuerySet[Body]) -> None:
        field = _choice_of_rows(self, "body")
        field.queryset = bodies
        standing = list(bodies[:2])
        if len(standing) == 1:
            field.empty_label = None
            field.initial = standing[0].public_id

    def _offer(self, name: str, model: Any, rows: Iterable[Any], kept: int | None) -> None:
        """Offer the municipality's words; a municipality without any is not asked."""
        wanted = {row.pk for row in rows} | ({kept} if kept else set())
        if wanted:
            _choice_of_rows(self, name).queryset = model.objects.filter(pk__in=wanted)
        else:
            del self.fields[name]


class LogRiskForm(DescriptionFields, JudgementFields):
    """Everything about a new risk on one page."""

    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, user: User, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(words)
        self.offer(user, words)
        # The order of the page, which the error summary follows.
        self.order_fields(
            ["title", "body", "area", "protected_value", "horizon", "likelihood", *words.consequence_fields, "serious"]
        )


class EditRiskForm(DescriptionFields):
    """What is said of a risk; ``version`` is the one that the person opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, words: Words, risk: Risk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(user, words, keep=risk)


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


class ReasonForm(PortalForm):
    """Why a risk is closed or opened again."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The reason is kept and can be read by everyone who may see the risk."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class RiskFilter(PortalForm):
    """The GET filter over the list; an address with it can be saved and shared."""

    body = forms.ModelChoiceField(
        label=_("At or below"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("All"),
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
        choices=(("", _("before or after measures")), ("before", _("before measures")), ("now", _("as it is now"))),
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=(("", _("Open")), (RiskState.CLOSED, _("Closed")), ("all", _("All"))),
        required=False,
    )
    horizon = forms.ChoiceField(label=_("When"), choices=(("", _("Now or later")), *Horizon.choices), required=False)
    label_size = "s"

    def __init__(self, *args: Any, user: User, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        bodies = Scope.of(user).bodies(VIEW_RISK).exclude(kind=BodyKind.OUTSIDE_PARTY)
        _choice_of_rows(self, "body").queryset = bodies.order_by("name", "pk")
        self._offer("area", Area)
        self._offer("value", ProtectedValue)
        scale = words.scale
        bands = [(band.key, band.word) for band in reversed(scale.levels)] if scale else []
        cast(forms.ChoiceField, self.fields["band"]).choices = [("", _("All levels")), *bands]
        cast(forms.ChoiceField, self.fields["cell"]).choices = [("", _("All cells")), *_cells(words)]

    def _offer(self, name: str, model: Any) -> None:
        rows = model.objects.filter(municipality=self.words.municipality)
        if rows:
            field = _choice_of_rows(self, name)
            field.queryset = rows
            field.empty_label = _("All")
        else:
            del self.fields[name]


def bodies_to_log_at(user: User) -> QuerySet[Body]:
    """Return the bodies in force at which ``user`` may log risks."""
    held = Scope.of(user).bodies(ADD_RISK)
    return Body.objects.in_force(clock.today()).filter(pk__in=held.values("pk")).exclude(kind=BodyKind.OUTSIDE_PARTY)


def _choice_of_rows(form: forms.Form, name: str) -> forms.ModelChoiceField:
    return cast(forms.ModelChoiceField, form.fields[name])


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
