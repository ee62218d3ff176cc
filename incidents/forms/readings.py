"""The filter over the read log."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.models import ReadLog
from organisation.models import Municipality, User
from safety_portal.forms import DateField, PortalForm

NUMBER = re.compile(r"(?:H-)?(\d{4})-(\d{1,9})", re.IGNORECASE)


class ReadingsFilter(PortalForm):
    """Readings of one case, by one person, on one day; what can't be understood is left out of account."""

    label_size = "s"
    number = forms.CharField(label=_("Case number"), required=False, max_length=20)
    reader = forms.CharField(label=_("Reader's e-mail"), required=False, max_length=254)
    day = DateField(label=_("Read on"), required=False)

    def __init__(self, data: Any, *, municipality: Municipality) -> None:
        super().__init__(data)
        self.municipality = municipality

    def clean_number(self) -> tuple[int, int] | None:
        typed = self.cleaned_data["number"].strip()
        if not typed:
            return None
        if not (found := NUMBER.fullmatch(typed)):
            raise forms.ValidationError(_("Write the number as H-2026-0001."))
        return int(found[1]), int(found[2])

    def narrow(self, readings: "QuerySet[ReadLog]") -> "QuerySet[ReadLog]":
        """Return the readings that the filter leaves."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("number"):
            year, number = chosen["number"]
            readings = readings.filter(incident__year=year, incident__number=number)
        if chosen.get("reader"):
            people = User.objects.filter(municipality=self.municipality, email__iexact=chosen["reader"].strip())
            readings = readings.filter(by__in=people)
        if chosen.get("day"):
            readings = readings.filter(at__date=chosen["day"])
        return readings

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is chosen."""
        return bool(self.cleaned_data and any(self.cleaned_data.values()))
