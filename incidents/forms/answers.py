"""The answers of a case, corrected or completed by its handler."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from incidents.catalogue import CATALOGUE, Question, Type
from incidents.models import IncidentKind, OtherParty
from incidents.services.answers import CORRECTED
from organisation import clock
from safety_portal.forms import DateField, PortalForm, TimeField

YES_NO = [("", _("Not answered")), ("yes", _("Yes")), ("no", _("No"))]
SALT = "incidents.answers_seen"
# The largest number that the column holds.
MOST = 32_767


def _yes_no(word: Any) -> bool | None:
    return {"yes": True, "no": False, True: True, False: False}.get(word)


class AnswersForm(PortalForm):
    """Every answer that is counted or that a duty to notify rests on, as it stands now, and why it is changed.

    ``seen`` carries what stood there when the form was opened, signed, so that another's change in between is seen.
    """

    label_size = "s"
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, standing: Mapping[str, Any]) -> None:
        super().__init__(data, initial={**_shown(standing), "seen": seal(standing)})
        self._standing = standing
        self.fields["kind"] = forms.ChoiceField(label=_("What happened?"), choices=IncidentKind.choices)
        self.fields["occurred_on"] = DateField(label=_("Which day?"))
        for key in CORRECTED:
            if key in CATALOGUE:
                self.fields[key] = _field(CATALOGUE[key])
        if standing["other_party"] == OtherParty.MANAGER:
            # Who may read rests on it.
            del self.fields["other_party"]
        self.fields["reason"] = forms.CharField(
            label=_("Why are the answers changed?"),
            help_text=_("It is read by those who handle the case. Do not repeat the answers."),
            max_length=1000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": _("Write why."), "max_length": _("Shorten it to 1,000 characters.")},
        )

    def clean_occurred_on(self) -> date | None:
        day: date | None = self.cleaned_data["occurred_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("The day can't be in the future."))
        return day

    def answers(self) -> dict[str, Any]:
        """Return key → answer of what was asked."""
        return {key: self.cleaned_data[key] for key in CORRECTED if key in self.cleaned_data}

    def opened_with(self) -> dict[str, Any]:
        """Return key → answer as it stood when the form was opened; as it stands now, when that can't be read."""
        try:
            kept = signing.loads(self.cleaned_data.get("seen", ""), salt=SALT)
        except signing.BadSignature:
            return dict(self._standing)
        return {key: _as_it_was(key, self._standing, kept) for key in self._standing}

    def show_again(self, standing: Mapping[str, Any]) -> None:
        """Let the form, sent again, be saved over what stands now."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": seal(standing)}


def seal(standing: Mapping[str, Any]) -> str:
    """Return the answers as they stand, signed."""
    return signing.dumps({key: _plain(answer) for key, answer in standing.items()}, salt=SALT)


def spoken(form: AnswersForm, key: str, answer: Any) -> str:
    """Return an answer in words, as the form offers it."""
    field: Any = form.fields.get(key)
    if answer in (None, "") and not isinstance(answer, bool):
        return str(_("Not answered"))
    if isinstance(answer, bool):
        return str(_("Yes") if answer else _("No"))
    return str(dict(field.choices).get(answer, answer)) if hasattr(field, "choices") else str(answer)


def _plain(answer: Any) -> Any:
    return answer if isinstance(answer, bool | int | str | None) else answer.isoformat()


def _as_it_was(key: str, standing: Mapping[str, Any], kept: Mapping[str, Any]) -> Any:
    """Return the kept answer as the case would hold it; days and times were kept as text."""
    now = standing[key]
    if _plain(now) == kept.get(key):
        return now
    if key == "occurred_on":
        return date.fromisoformat(kept[key])
    return TimeField().to_python(kept[key][:5]) if key == "occurred_at" and kept.get(key) else kept.get(key)


def _shown(standing: Mapping[str, Any]) -> dict[str, Any]:
    return {key: {True: "yes", False: "no"}[one] if isinstance(one, bool) else one for key, one in standing.items()}


def _field(question: Question) -> forms.Field:
    given: dict[str, Any] = {"label": question.label, "help_text": question.hint, "required": False}
    if question.key == "other_party":
        # Its hint speaks to the reporter.
        given["help_text"] = ""
    if question.type is Type.YES_NO:
        return forms.TypedChoiceField(choices=YES_NO, coerce=_yes_no, empty_value=None, **given)
    if question.type is Type.COUNT:
        return forms.IntegerField(
            min_value=0,
            max_value=MOST,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"invalid": _("Write a whole number.")},
            **given,
        )
    if question.type is Type.TIME:
        return TimeField(**given)
    offered: list[tuple[str, Any]] = list(question.choices.choices) if question.choices else []
    if question.key == "other_party":
        offered = [choice for choice in offered if choice[0] != OtherParty.MANAGER]
    return forms.ChoiceField(choices=[("", _("Not answered")), *offered], **given)
