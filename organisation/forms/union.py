"""Forms of what the unions' representatives ask for and stop, and of the employer's answers."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import Scope
from organisation.choices import MOST_BODIES, bodies_to_choose
from organisation.forms.choosing import BodyChoice, ChoosingForm
from organisation.forms.days import DayField
from organisation.models import Body, RequestState, WorkEnvironmentRequest, WorkStop
from organisation.permissions import FILE_REQUEST, VIEW_REQUEST
from organisation.union.asked import ANSWERS
from safety_portal.forms import ChoiceRows, PortalForm, ScaleSelect, SubmissionKeyField, TimeField

LONGEST_TEXT = 4000


def _in_sentence_case(choices: Any) -> list[tuple[str, str]]:
    return [(value, capfirst(str(label))) for value, label in choices]


def words(label: Any, *, rows: int = 3, help_text: Any = "", required: Any = None) -> forms.CharField:
    """Return a field for a few sentences; ``required`` is what is said when it is empty (none: it may be)."""
    messages = {"max_length": _("The text is too long. Shorten it to 4,000 characters.")}
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required is not None,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": rows}),
        error_messages=messages | ({"required": required} if required is not None else {}),
    )


class AtWorkplace(ChoosingForm):
    """A form about one workplace of the representative's area: in a list while they are few, else by search."""

    body: forms.Field = forms.ModelChoiceField(
        label=_("Workplace"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose the workplace"),
        error_messages={"required": _("Choose the workplace."), "invalid_choice": _("Choose the workplace.")},
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing: Any = scope.bodies(FILE_REQUEST)
        self.places = standing.in_force(clock.today()).workplaces().order_by("name", "pk")
        self.only_place: Body | None = None
        if self.places[MOST_BODIES : MOST_BODIES + 1].exists():
            self.fields["body"] = BodyChoice(label=_("Workplace"))
            self.choose_among("body", self.places)
            self.order_fields(self.field_order)
        else:
            place: Any = self.fields["body"]
            place.queryset = self.places
            self._take_the_only_one()

    def _take_the_only_one(self) -> None:
        """Ask nothing where there is nothing to choose between."""
        if len(self.places) == 1:
            self.only_place = self.places[0]
            self.initial["body"] = self.only_place.public_id
            self.fields["body"].widget = forms.HiddenInput()


class RequestForm(AtWorkplace):
    """What a safety representative asks the employer for, and why."""

    wanted = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=_in_sentence_case(WorkEnvironmentRequest.Wanted.choices),
        initial=WorkEnvironmentRequest.Wanted.MEASURE,
        widget=ScaleSelect,
    )
    text = words(
        _("What should the employer do?"),
        rows=4,
        required=_("Write what the employer should do."),
        help_text=_("Write no names of clients or relatives."),
    )
    reason = words(_("Why is it needed?"), rows=4, required=_("Write why it is needed."))

    field_order = ("body", "wanted", "text", "reason")


class AnswerForm(PortalForm):
    """The employer's answer, with what will be done and the reasons."""

    outcome = forms.ChoiceField(
        label=_("The employer's answer"),
        choices=_in_sentence_case((state, RequestState(state).label) for state in ANSWERS),
        widget=ChoiceRows,
    )
    answer = words(
        _("What will be done, by when, and why"),
        rows=6,
        help_text=_("A rejection, in whole or in part, gives its reasons. The representative reads this."),
        required=_("Write the employer's answer and its reasons."),
    )


class ReferralForm(PortalForm):
    """When the authority was asked, and under which reference."""

    on = DayField(label=_("On which day did you ask the authority?"))
    reference = forms.CharField(
        label=_("The authority's reference (optional)"),
        help_text=_("You can add it later."),
        required=False,
        max_length=WorkEnvironmentRequest._meta.get_field("referral_reference").max_length,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today


class WithdrawalForm(PortalForm):
    """Why nothing is asked for any more."""

    reason = words(_("Why do you withdraw it?"), required=_("Write why."))


class SinceForm(PortalForm):
    """A moment up to now: a time of day, today unless another day is written."""

    at = TimeField(label=_("At what time?"))
    day = DayField(label=_("Another day than today"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = lambda: timezone.localtime(clock.now()).time().replace(second=0, microsecond=0)

    def moment(self) -> datetime:
        """Return the moment that was written."""
        day: date = self.cleaned_data.get("day") or clock.today()
        return timezone.make_aware(datetime.combine(day, self.cleaned_data["at"]))


class StopForm(AtWorkplace, SinceForm):
    """A stop of work, on one screen of a phone: which work, why by the law, since when."""

    label_size = "s"

    work = forms.CharField(
        label=_("Which work is stopped?"),
        max_length=WorkStop._meta.get_field("work").max_length,
        error_messages={"required": _("Write which work is stopped.")},
    )
    # The law's three reasons in few words: one line each on a phone.
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            (WorkStop.Reason.DANGER, _("Danger to life or health")),
            (WorkStop.Reason.ALONE, _("Work alone")),
            (WorkStop.Reason.BAN, _("A ban is broken")),
        ],
        widget=ChoiceRows,
        error_messages={"required": _("Choose why. It is one of the law's three reasons.")},
    )
    text = words(_("More (optional)"), rows=2, help_text=_("You need not say more than this."))

    field_order = ("body", "work", "reason", "at", "day", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].label = _("Since what time?")


class LiftForm(PortalForm):
    """How a stop ends, and what was done or decided."""

    how = forms.ChoiceField(label=_("Why is it lifted?"), widget=ChoiceRows)
    because = words(
        _("What has been done, or what was decided?"), required=_("Write what has been done, or what was decided.")
    )

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["how"]
        field.choices = _in_sentence_case((way, WorkStop.Lifting(way).label) for way in ways)


class UnionFilter(PortalForm):
    """Which requests or stops a list shows; what can't be understood is left out of account."""

    ALL = "all"

    state = forms.ChoiceField(label=_("Status"), required=False)
    body = forms.ModelChoiceField(label=_("Committee or unit"), queryset=Body.objects.none(), required=False)

    def __init__(self, data: Any, *, scope: Scope, states: list[Any]) -> None:
        super().__init__(data)
        state: Any = self.fields["state"]
        state.choices = states
        place: Any = self.fields["body"]
        place.to_field_name = "public_id"
        place.queryset = scope.bodies(VIEW_REQUEST)
        standing = place.queryset.in_force(clock.today()).order_by("name")
        shown = bodies_to_choose(standing, chosen=self._chosen(place))
        place.widget.choices = [("", _("All")), *shown]

    def _chosen(self, field: Any) -> Body | None:
        try:
            return field.clean(self.data.get("body"))
        except forms.ValidationError:
            return None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)
