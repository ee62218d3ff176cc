"""Handing a case over to another handler."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.forms.choosing import ChoosingForm, PersonChoice
from organisation.models import User


class HandOverForm(ChoosingForm):
    """Who gets the case, and why."""

    to = PersonChoice(
        label=_("Who takes it over?"),
        help_text=_("Only those who may handle the case can be chosen. They are told by mail."),
        error_messages={"required": _("Choose who takes it over.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Those who handle the case read this; the reporter does not."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 300 characters.")},
    )

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_among("to", User.objects.filter(pk__in=[person.pk for person in among]))
