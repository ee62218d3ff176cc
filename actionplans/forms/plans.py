"""Forms of a plan as a whole."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from actionplans.content import PlanContent
from actionplans.permissions import CHANGE_PLAN
from organisation import clock
from organisation.access import Scope
from organisation.models import Body, User
from safety_portal.forms import PortalForm

_SALT = "actionplans.seen"


class BodyField(forms.ModelChoiceField):
    """A choice among bodies, under the names that people use."""

    def label_from_instance(self, obj: Body) -> str:
        return obj.name


class PlanForm(PortalForm):
    """What a plan says beside its measures."""

    title = forms.CharField(label=_("What is the plan called?"), max_length=200)
    further_points = forms.CharField(
        label=_("What else is proposed to be decided?"),
        help_text=_("One point a line. Adoption and money are proposed from what the plan says."),
        required=False,
        widget=forms.Textarea,
    )
    edit_count = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewPlanForm(PortalForm):
    """A new plan: of which body, for which year."""

    body = BodyField(label=_("Whose plan is it?"), queryset=Body.objects.none(), empty_label=_("Choose"))
    year = forms.IntegerField(label=_("Which budget year is it for?"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("What is the plan called?"), max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Scope.of(user).bodies(CHANGE_PLAN).in_force(clock.today()).planning()  # type: ignore[attr-defined]
        self.fields["body"].queryset = bodies.order_by("name")  # type: ignore[attr-defined]
        self.fields["year"].initial = clock.today().year + 1
        # A year is not a quantity: no thousands separator.
        self.fields["year"].localize = False


class SubmitForm(PortalForm):
    """Carries what the person checked, so that a change meanwhile is seen and shown."""

    seen = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(content: PlanContent) -> dict[str, str]:
        """Return the initial value for a check page that shows ``content``."""
        return {"seen": signing.dumps(content.to_json(), salt=_SALT, compress=True)}

    def clean_seen(self) -> PlanContent:
        try:
            return PlanContent.from_json(signing.loads(self.cleaned_data["seen"], salt=_SALT))
        except signing.BadSignature as error:
            raise forms.ValidationError(_("Check the plan again before you submit it.")) from error


class WithdrawForm(PortalForm):
    """Why a submitted plan is taken back."""

    reason = forms.CharField(label=_("Why is the plan withdrawn?"), widget=forms.Textarea, max_length=1000)


class RemoveForm(PortalForm):
    """Carries the edit count of the measure that the person saw."""

    edit_count = forms.IntegerField(widget=forms.HiddenInput)
