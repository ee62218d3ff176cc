"""The second screen of a report: the questions of the kind's set, every one of which may be left unanswered."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from incidents.catalogue import Asked, AskedSet, Group, Type
from incidents.catalogue.words import in_words
from safety_portal.forms import ChoiceRows, LongSelect, PortalForm, ScaleSelect, TimeField

# More choices than a thumb should have to pass are a drop-down.
MOST_ROWS = 5
LONGEST_TEXT, LONGEST_LINE, MOST_COUNTED = 10_000, 200, 999
YES, NO, UNSAID = "yes", "no", "unsaid"
YES_NO = ((YES, _("Yes")), (NO, _("No")), (UNSAID, _("Don't know, or rather not say")))
TOO_LONG = _("The text is too long. Shorten it to %(limit_value)d characters.")


def _choices(asked: Asked) -> list[tuple[Any, Any]]:
    return list(asked.question.choices.choices) if asked.question.choices else []


def _choice(asked: Asked, **common: Any) -> forms.Field:
    choices = _choices(asked)
    if len(choices) > MOST_ROWS:
        return forms.ChoiceField(choices=[("", _("Choose, or leave it")), *choices], widget=LongSelect, **common)
    return forms.ChoiceField(choices=choices, widget=ChoiceRows, **common)


def _several(asked: Asked, **common: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=_choices(asked), widget=forms.CheckboxSelectMultiple, **common)


def _yes_no(_asked: Asked, **common: Any) -> forms.Field:
    return forms.ChoiceField(choices=YES_NO, widget=ScaleSelect, **common)


def _count(_asked: Asked, **common: Any) -> forms.Field:
    box = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    wrong = {"invalid": _("Write a number, for example 2."), "max_value": _("Write a smaller number.")}
    return forms.IntegerField(min_value=0, max_value=MOST_COUNTED, widget=box, error_messages=wrong, **common)


def _time(_asked: Asked, **common: Any) -> forms.Field:
    return TimeField(**common)


def _words(_asked: Asked, **common: Any) -> forms.Field:
    area = forms.Textarea({"rows": 3})
    return forms.CharField(max_length=LONGEST_TEXT, widget=area, error_messages={"max_length": TOO_LONG}, **common)


def _line(_asked: Asked, **common: Any) -> forms.Field:
    box = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(max_length=LONGEST_LINE, widget=box, error_messages={"max_length": TOO_LONG}, **common)


FIELDS: Mapping[Type, Callable[..., forms.Field]] = {
    Type.CHOICE: _choice,
    Type.SEVERAL: _several,
    Type.YES_NO: _yes_no,
    Type.COUNT: _count,
    Type.TIME: _time,
    Type.WORDS: _words,
    Type.LINE: _line,
}


class DetailsForm(PortalForm):
    """The questions of one set; ``unnamed`` adds who the reporter is, which need not be said."""

    label_size = "s"
    prefix = "q"
    NAME, CONTACT = "name", "contact"

    def __init__(self, *args: Any, asked: AskedSet, unnamed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked:
            self.fields[one.key] = FIELDS[one.question.type](
                one, label=one.label, help_text=one.question.hint, required=False
            )
        if unnamed:
            words: dict[str, Any] = {
                "error_messages": {"max_length": TOO_LONG},
                "required": False,
                "max_length": LONGEST_LINE,
            }
            self.fields[self.NAME] = forms.CharField(label=_("Your name"), **words)
            self.fields[self.CONTACT] = forms.CharField(label=_("Telephone or e-mail"), **words)

    @classmethod
    def typed(cls, sent: Any, **about: Any) -> "DetailsForm":
        """Return the form with what has been typed so far, not judged yet."""
        shown = cls(**about)
        fields = shown.fields.items()
        shown.initial = {name: field.widget.value_from_datadict(sent, {}, f"q-{name}") for name, field in fields}
        return shown

    def in_group(self, group: str) -> list[BoundField]:
        """Return the fields of the questions that stand in ``group``."""
        return [self[one.key] for one in self.asked.of_group(Group(group))]

    def main(self) -> list[BoundField]:
        """The questions that are asked at once."""
        return self.in_group(Group.MAIN)

    def injured(self) -> list[BoundField]:
        """The questions about whoever was injured."""
        return self.in_group(Group.INJURED)

    def more(self) -> list[BoundField]:
        """The questions that are folded until they are wanted."""
        return self.in_group(Group.MORE)

    def unnamed(self) -> list[BoundField]:
        """Who the reporter is, when it is not known."""
        return [self[name] for name in (self.NAME, self.CONTACT) if name in self.fields]

    def opens(self) -> dict[str, bool]:
        """Tell which folded groups stand open: those in which something is typed or wrong."""
        folded = {"injured": self.injured(), "more": self.more()}
        return {
            name: any(field.value() not in (None, "", []) or (self.is_bound and field.errors) for field in fields)
            for name, fields in folded.items()
        }

    def answers(self) -> dict[str, Any]:
        """Return key → answer of what was answered in a valid form; "don't know" is no answer to count."""
        return {key: answer for key, _asked, answer in self._answered()}

    def in_words(self) -> Iterator[tuple[str, str]]:
        """Yield the questions that were answered, with the answers as they were chosen."""
        for _key, asked, answer in self._answered():
            yield str(asked.label), in_words(asked.question, answer)

    def said_of_self(self) -> Mapping[str, str]:
        """Return name and contact of an unnamed reporter, as far as they were given."""
        return {name: self.cleaned_data[name].strip() for name in (self.NAME, self.CONTACT) if name in self.fields}

    def _answered(self) -> Iterator[tuple[str, Asked, Any]]:
        for one in self.asked:
            answer: Any = self.cleaned_data.get(one.key)
            if one.question.type is Type.YES_NO:
                answer = {YES: True, NO: False}.get(str(answer))
            if answer not in (None, "", []):
                yield one.key, one, answer
