"""Rows of one thing in a form, to which more are added by a button, without a script."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

# The button that asks for more rows names the formset's prefix.
MORE_BUTTON = "more"
MORE = 3
MOST_ROWS = 60


class GrowingFormSet(forms.BaseFormSet):
    """A formset whose page may be shown again before the person has sent it: nothing is checked then."""

    def __init__(self, data: QueryDict | None = None, *, unsent: bool = False, **kwargs: Any) -> None:
        self.unsent = unsent
        super().__init__(data, **kwargs)

    def full_clean(self) -> None:
        """Check nothing while the person still adds rows."""
        if not self.unsent:
            super().full_clean()
            return
        self._errors: list[ErrorDict] = []
        self._non_form_errors = self.error_class()
        for form in self.forms:
            form._errors, form.cleaned_data = ErrorDict(), {}
            self._errors.append(form._errors)


def growing_formset(form: type[forms.Form], formset: type[GrowingFormSet] = GrowingFormSet) -> type[GrowingFormSet]:
    """Return the class of a formset of ``form`` rows that grows up to ``MOST_ROWS``."""
    made: type[GrowingFormSet] = forms.formset_factory(  # type: ignore[assignment]
        form, formset=formset, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )
    return made


def with_more(answers: QueryDict) -> QueryDict:
    """Return ``answers`` with room for more rows in the formset whose button was pressed."""
    grown = answers.copy()
    name = f"{answers.get(MORE_BUTTON, '')}-TOTAL_FORMS"
    rows = str(grown.get(name, ""))
    if rows.isdecimal():
        grown[name] = str(min(int(rows) + MORE, MOST_ROWS))
    return grown
