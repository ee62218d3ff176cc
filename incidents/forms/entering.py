"""What came by phone or on paper, written down for somebody else."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.errors import NotYetHappened
from incidents.models import Channel, IncidentKind
from incidents.services.entering import ENTERED, Told, ToldBy
from organisation import clock
from organisation.models import ALWAYS, Municipality, User
from safety_portal.forms import DateField, LongSelect, PortalForm, ScaleSelect, SubmissionKeyField, TimeField

LONGEST_TEXT = 10_000


class EnterForm(PortalForm):
    """How it came, what happened, and who told it; the questions of its kind come after."""

    label_size = "s"

    channel = forms.ChoiceField(
        label=_("How did the report come?"),
        choices=[(one, Channel(one).label) for one in ENTERED],
        widget=ScaleSelect,
        error_messages={"required": _("Choose how the report came.")},
    )
    aware_on = DateField(label=_("Which day did the workplace hear of it?"))
    aware_at = TimeField(label=_("At what time?"), help_text=_("What must be notified is counted from then."))
    kind = forms.ChoiceField(
        label=_("What has happened?"),
        choices=[("", _("Choose")), *IncidentKind.choices],
        widget=LongSelect,
        error_messages={"required": _("Choose what has happened."), "invalid_choice": _("Choose what has happened.")},
    )
    occurred_on = DateField(label=_("Which day did it happen?"))
    text = forms.CharField(
        label=_("In the reporter's own words"),
        help_text=_("Write no names of clients or relatives."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": _("The text is too long. Shorten it to 10,000 characters.")},
    )
    account = forms.EmailField(
        label=_("The reporter's e-mail address at work"),
        help_text=_("With an account here they follow the case when they log in."),
        required=False,
    )
    name = forms.CharField(label=_("Or the reporter's name"), required=False, max_length=200)
    contact = forms.CharField(
        label=_("How the reporter can be reached"),
        help_text=_("None of it need be known."),
        required=False,
        max_length=200,
    )
    keep_from_manager = forms.BooleanField(
        label=_("The reporter's manager should not read this"),
        help_text=_("Then the superior reads it. The manager does not see it any more, nor do you if that is you."),
        required=False,
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.person: User | None = None
        now = timezone.localtime(clock.now())
        begun: dict[str, Any] = {"aware_on": now.date(), "aware_at": now.time().replace(second=0, microsecond=0)}
        self.initial = begun | dict(self.initial)

    def clean_occurred_on(self) -> date:
        return self._not_ahead("occurred_on")

    def clean_aware_on(self) -> date:
        return self._not_ahead("aware_on")

    def clean_account(self) -> str:
        """Find the account; an address that nobody has is told rather than lost."""
        address: str = self.cleaned_data["account"]
        if address:
            people = User.objects.filter(municipality=self.municipality, is_active=True)
            self.person = people.filter(email__iexact=address).first()
            if self.person is None:
                raise forms.ValidationError(_("Nobody here has that address. Leave it empty and write the name."))
        return address

    def clean(self) -> dict[str, Any]:
        """Refuse a moment that lies ahead."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("aware_on") and answers.get("aware_at") and self.became_aware_at() > clock.now():
            self.add_error("aware_at", NotYetHappened.message)
        return answers

    def became_aware_at(self) -> datetime:
        """Return the moment from which the clocks run."""
        answers = self.cleaned_data
        return timezone.make_aware(datetime.combine(answers["aware_on"], answers["aware_at"]))

    def told(self) -> Told:
        """Return what was told."""
        answers = self.cleaned_data
        same = {name: answers[name] for name in ("channel", "kind", "occurred_on", "text", "keep_from_manager")}
        return Told(became_aware_at=self.became_aware_at(), **same)

    def told_by(self) -> ToldBy:
        """Return who told it; an account goes before a name."""
        if self.person is not None:
            return ToldBy(person=self.person)
        return ToldBy(name=self.cleaned_data["name"], contact=self.cleaned_data["contact"])

    def _not_ahead(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > clock.today():
            raise forms.ValidationError(NotYetHappened.message)
        if day < ALWAYS:
            raise forms.ValidationError(_("Check the year."))
        return day
