"""Forms about sharing one object: with whom, why, and until when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.forms.choosing import BodyChoice, ChoosingForm, PersonChoice
from organisation.forms.days import DayField
from organisation.models import GROUPS, Body, Municipality
from safety_portal.forms import PortalForm

LONGEST_REASON, LONGEST_ASSESSMENT = 300, 500


class SharingForm(ChoosingForm):
    """Why something is shared, and until when."""

    reason = forms.CharField(
        label=_("Why is it shared?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why it is shared.")},
    )
    until = DayField(label=_("Last day"), help_text=_("At most a year ahead. You can end it before."))


class PersonSharingForm(SharingForm):
    """With one person; to another authority it is a disclosure."""

    person = PersonChoice(label=_("With whom?"))
    assessment = forms.CharField(
        label=_("Assessment of secrecy"),
        help_text=_(
            "Needed when the person works under another committee, the board or a company: write which provision you "
            "have weighed, and why secrecy does not stop it. It is kept as a disclosure."
        ),
        required=False,
        max_length=LONGEST_ASSESSMENT,
        widget=forms.Textarea({"rows": 3}),
    )

    field_order = ("person", "reason", "until", "assessment")

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_among("person", municipality.people.all())


class GroupSharingForm(SharingForm):
    """With a group: its members see it while they sit there."""

    group = BodyChoice(label=_("With which group?"), error_messages={"required": _("Choose a group.")})

    field_order = ("group", "reason", "until")

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = Body.objects.of(municipality).in_force(clock.today()).filter(kind__in=GROUPS)
        self.choose_among("group", groups)


class EndSharingForm(PortalForm):
    """With whom it is no longer shared: one person, or one group."""

    person = forms.UUIDField(required=False)
    group = forms.UUIDField(required=False)


class SharesFilter(PortalForm):
    """Which shares the administrator's list shows; what can't be understood is left out of account."""

    ENDED, ALL = "ended", "all"

    what = forms.ChoiceField(label=_("What"), required=False)
    state = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("In force")), (ENDED, _("Ended")), (ALL, _("All"))],
        required=False,
    )

    def __init__(self, data: Any, *, kinds: list[tuple[str, Any]]) -> None:
        super().__init__(data)
        what: Any = self.fields["what"]
        what.choices = kinds
        self.is_valid()
        self.chosen: str = self.cleaned_data.get("what") or kinds[0][0]
        self.wanted: str = self.cleaned_data.get("state", "")

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)
