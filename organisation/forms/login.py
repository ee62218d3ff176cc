"""The administrator's form of log-in."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organisation.login.overview import KindOfSeat
from safety_portal.forms import PortalForm


class SecondFactorForm(PortalForm):
    """Which kinds of seat must log in with a second factor; none is an answer too."""

    kinds = forms.MultipleChoiceField(
        label=_("Who must log in with a second factor?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It holds from the next page they open. Choose those who see or change most."),
    )

    def __init__(self, *args: Any, offered: list[KindOfSeat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["kinds"])
        field.choices = [(kind.key, kind.titles) for kind in offered]
        field.widget.hints = {kind.key: _in_words(kind) for kind in offered}


def _in_words(kind: KindOfSeat) -> str:
    people = ngettext("%(number)s person", "%(number)s people", kind.holders) % {"number": kind.holders}
    lacking = ngettext("%(number)s without", "%(number)s without", kind.lacking) % {"number": kind.lacking}
    return f"{people}, {lacking}" if kind.holders else people
