"""The form of one measure: what, how, when, who, with which resources, and which risks it answers."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from actionplans.models import Measure, MeasureState, MeasureType, Plan
from actionplans.services import MeasureValues, ResourceValues
from actionplans.transitions import MEASURE
from organisation import clock
from organisation.groups import actions_seen
from organisation.models import BodyClosure, GroupAction, Seat, SeatKind, User
from policies.models import Area
from risks.models import Risk
from safety_portal.forms import ChoiceRows, DateField, KronorField, PortalForm, SubmissionKeyField

# Elected people decide and employees as such hold no task: neither carries out a plan.
NOT_RESPONSIBLE = (
    SeatKind.CHAIR,
    SeatKind.MEMBER,
    SeatKind.SECRETARY,
    SeatKind.EMPLOYEE,
    SeatKind.SAFETY_REPRESENTATIVE,
    SeatKind.OUTSIDE_MEMBER,
)
# The worst ones; a list of thousands helps nobody to choose.
MOST_RISKS = 200
MOST_LINES = 8


def seats_of(plan: Plan, kept: Iterable[int] = ()) -> "QuerySet[Seat]":
    """Return the seats that may answer for a measure of ``plan``: at its body and below, and those ``kept`` (ids)."""
    today = clock.today()
    below = BodyClosure.objects.filter(ancestor_id=plan.body_id).values("descendant_id")
    standing = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    suitable = Q(body_id__in=below, not_needed_reason="", valid_from__lte=today) & standing
    suitable &= ~Q(seat_type__kind__in=NOT_RESPONSIBLE)
    seats = Seat.objects.filter(suitable | Q(pk__in=list(kept)))
    return seats.select_related("seat_type", "body").order_by("body__name", "seat_type__title")


def risks_of(plan: Plan, user: User, measure: Measure | None = None) -> list[Risk]:
    """Return the open risks within ``plan`` that ``user`` may see, worst first, and those the measure has already."""
    open_ones = Risk.objects.visible_to(user).at_or_below(plan.body).open().worst_first().with_levels()[:MOST_RISKS]
    found = {risk.pk: risk for risk in open_ones}
    if measure is not None:
        found |= {risk.pk: risk for risk in measure.risks.all().select_related("body", "scale_now")}
    return list(found.values())


class SeatField(forms.ModelChoiceField):
    """A choice among seats: title and body."""

    def label_from_instance(self, obj: Seat) -> str:
        return f"{obj.body.name}: {obj.seat_type.title}"


class MeasureForm(PortalForm):
    """One measure of a draft."""

    what = forms.CharField(label=_("What is to be done?"), max_length=200)
    how = forms.CharField(label=_("How is it done?"), widget=forms.Textarea)
    starts_on = DateField(
        label=_("When does it start?"), help_text=_("Leave empty if it isn't decided."), required=False
    )
    due_on = DateField(label=_("When is it done?"))
    responsible = SeatField(label=_("Who answers for it?"), queryset=Seat.objects.none(), empty_label=_("Choose"))
    type = forms.ChoiceField(label=_("What does it do to the risk?"), choices=MeasureType.choices, widget=ChoiceRows)
    area = forms.ModelChoiceField(
        label=_("Which area is it in?"), queryset=Area.objects.none(), required=False, empty_label=_("Not stated")
    )
    risks = forms.MultipleChoiceField(
        label=_("Which risks does it answer?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    # The group's action that the measure is made of.
    from_action = forms.UUIDField(widget=forms.HiddenInput, required=False)
    edit_count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission_key = SubmissionKeyField()
    # As on the page, so that the summary of errors comes in the same order.
    field_order = ("what", "how", "type", "area", "responsible", "starts_on", "due_on", "risks")

    def __init__(self, *args: Any, plan: Plan, user: User, measure: Measure | None = None, **kwargs: Any) -> None:
        if measure is not None:
            kwargs.setdefault("initial", _initial(measure))
        super().__init__(*args, **kwargs)
        self.user = user
        fields: dict[str, Any] = self.fields
        fields["responsible"].queryset = seats_of(plan, [measure.responsible_id] if measure else ())
        areas = Area.objects.filter(Q(pk=measure.area_id if measure else None) | _standing(plan))
        fields["area"].queryset = areas
        if not areas.exists():
            del fields["area"]
        self.risks_by_key = {str(risk.public_id): risk for risk in risks_of(plan, user, measure)}
        fields["risks"].choices = [(key, f"{risk.label} {risk.title}") for key, risk in self.risks_by_key.items()]
        if not self.risks_by_key:
            del fields["risks"]

    @cached_property
    def action(self) -> GroupAction | None:
        """The group's action that the measure is made of; none when the person doesn't see it."""
        try:
            wanted = uuid.UUID(str(self["from_action"].value()))
        except ValueError:
            return None
        return actions_seen(self.user).select_related("meeting__body").filter(public_id=wanted).first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and starts_on > due_on:
            self.add_error("due_on", _("The measure can't be done before it starts."))
        return cleaned

    def values(self, resources: Iterable[ResourceValues]) -> MeasureValues:
        """Return what the form says; only after it was found valid."""
        answers = self.cleaned_data
        return MeasureValues(
            what=answers["what"],
            how=answers["how"],
            starts_on=answers["starts_on"],
            due_on=answers["due_on"],
            responsible=answers["responsible"],
            type=answers["type"],
            area=answers.get("area"),
            risks=tuple(self.risks_by_key[key] for key in answers.get("risks", ())),
            resources=tuple(resources),
            from_action=self.action,
        )


def _standing(plan: Plan) -> Q:
    today = clock.today()
    ended = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    return Q(municipality_id=plan.municipality_id, valid_from__lte=today) & ended


def _initial(measure: Measure) -> dict[str, Any]:
    names = ("what", "how", "starts_on", "due_on", "responsible", "type", "area", "edit_count")
    risks = [str(key) for key in measure.risks.values_list("public_id", flat=True)]
    made_of = measure.from_action.public_id if measure.from_action else None
    return {**{name: getattr(measure, name) for name in names}, "risks": risks, "from_action": made_of}


class ResourceForm(PortalForm):
    """Money and hours of one budget year; an empty row says nothing."""

    label_size = ""
    budget_year = forms.IntegerField(label=_("Budget year"), min_value=2000, max_value=2100, required=False)
    money = KronorField(label=_("Money in kronor"), required=False)
    hours = forms.IntegerField(label=_("Working hours"), min_value=0, max_value=1_000_000, required=False)
    note = forms.CharField(label=_("What for"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        counted = cleaned.get("money") is not None or cleaned.get("hours") is not None
        if self.errors:
            return cleaned
        if counted and not cleaned.get("budget_year"):
            self.add_error("budget_year", _("Enter the budget year of the resource."))
        if cleaned.get("note") and not counted:
            self.add_error("money", _("Enter money or working hours; 0 if it is done within what there is."))
        return cleaned

    def lines(self) -> list[ResourceValues]:
        """Return the row's resources: money, hours, both or nothing."""
        answers = self.cleaned_data
        year, note = answers.get("budget_year") or 0, answers.get("note", "")
        found = []
        if answers.get("money") is not None:
            found.append(ResourceValues(year, amount_ore=answers["money"], note=note))
        if answers.get("hours") is not None:
            found.append(ResourceValues(year, hours=answers["hours"], note=note))
        return found


class BaseResourceFormSet(forms.BaseFormSet):
    """The resource rows of one measure."""

    def lines(self) -> list[ResourceValues]:
        """Return all resources that the rows say."""
        return [line for form in self.forms for line in form.lines()]


ResourceFormSet = forms.formset_factory(
    ResourceForm, formset=BaseResourceFormSet, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


def resource_formset(data: Any, *, plan: Plan, measure: Measure | None = None) -> BaseResourceFormSet:
    """Return the rows for a measure: what it has, and two more for the plan's own year."""
    initial: list[dict[str, Any]] = []
    for line in measure.resources.all() if measure else ():
        initial.append(
            {"budget_year": line.budget_year, "money": line.amount_ore, "hours": line.hours, "note": line.note}
        )
    free = min(2, MOST_LINES - len(initial))
    initial += [{"budget_year": plan.year}] * free
    return cast(BaseResourceFormSet, ResourceFormSet(data, initial=initial, prefix="resources"))


class ProgressForm(PortalForm):
    """How a measure goes."""

    state = forms.ChoiceField(label=_("How far has it come?"), widget=ChoiceRows)
    done_on = DateField(label=_("When was it done?"), help_text=_("Only if it is done."), required=False)
    note = forms.CharField(label=_("What has happened?"), widget=forms.Textarea, required=False, max_length=2000)
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"state": measure.state, "done_on": measure.done_on})
        super().__init__(*args, **kwargs)
        self.measure = measure
        allowed = MEASURE[MeasureState(measure.state)]
        choices = [(value, label) for value, label in MeasureState.choices if value in allowed]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        state = cleaned.get("state")
        if state == MeasureState.DROPPED and not cleaned.get("note"):
            self.add_error("note", _("Say why the measure is dropped."))
        if state == self.measure.state and not cleaned.get("note"):
            self.add_error("note", _("Say what has happened, or choose how far it has come."))
        if cleaned.get("done_on") and cleaned["done_on"] > clock.today():
            self.add_error("done_on", _("A measure can't be done on a day that has not come yet."))
        return cleaned
