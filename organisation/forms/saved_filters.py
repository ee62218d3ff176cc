"""Naming a filter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from safety_portal.forms import PortalForm


class FilterNameForm(PortalForm):
    """What a list is called as it is filtered now."""

    name = forms.CharField(
        label=_("What do you call this filter?"),
        help_text=_("Only you see it. A name that you have used already stands for the new filter from now on."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write a name."), "max_length": _("Shorten it to 80 characters.")},
    )
    of = forms.CharField(widget=forms.HiddenInput, max_length=80)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
