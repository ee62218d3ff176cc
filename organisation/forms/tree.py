"""What of the tree is drawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.forms.days import DayForm


class TreeForm(DayForm):
    """The day of the tree, and whether bodies that are not there are drawn too."""

    all = forms.BooleanField(label=_("Show also bodies that have closed or not begun"), required=False)
    label_size = "s"

    @property
    def everything(self) -> bool:
        """Tell whether closed bodies and those to come are asked for."""
        return self.is_valid() and bool(self.cleaned_data["all"])
