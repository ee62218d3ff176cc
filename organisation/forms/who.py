"""The question "who answers?": at which body, for what, on which day."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import Scope
from organisation.forms.choosing import BodyChoice, ChoosingForm
from organisation.forms.days import DayField
from organisation.given_matters import GivenMatter, given_matters
from organisation.models import REPRESENTATIVES, Municipality, SeatKind, SeatType, User
from organisation.permissions import VIEW_BODY
from organisation.responsibility import Responsibility, handling_kind

# Nobody of the employer's answers in the union's place, and a member of many answers for nothing alone.
NOT_ASKED_FOR = (
    *REPRESENTATIVES,
    SeatKind.EMPLOYEE,
    SeatKind.MEMBER,
    SeatKind.GROUP_MEMBER,
    SeatKind.OUTSIDE_MEMBER,
)
WHAT_HAPPENS = _("What happens and is reported there")


class WhoForm(ChoosingForm):
    """A GET form: an address with the answers in it can be saved and shared."""

    body = BodyChoice(label=_("Where?"))
    responsibility = forms.ChoiceField(label=_("For what?"), required=False)
    on = DayField(label=_("On which day? (optional)"), help_text=_("Leave it empty for today."), required=False)

    def __init__(self, *args: Any, user: User, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.choose_among("body", Scope.of(user).bodies(VIEW_BODY))
        types = SeatType.objects.filter(municipality=municipality).exclude(kind__in=NOT_ASKED_FOR).order_by("title")
        self._types = {f"seat:{row.key}": row for row in types}
        matters = {f"matter:{row['key']}": row["title"] for row in municipality.responsibilities}
        choices: list[Any] = [("", WHAT_HAPPENS)]
        choices.append((_("What a seat is for"), [(key, row.title) for key, row in self._types.items()]))
        if matters:
            choices.append((_("Matters given to somebody"), list(matters.items())))
        cast(forms.ChoiceField, self.fields["responsibility"]).choices = choices

    def day(self) -> date:
        """Return the day asked about, else today."""
        asked: date | None = self.cleaned_data.get("on")
        return asked or clock.today()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if str(cleaned.get("responsibility", "")).startswith("matter:") and self._asked() is None:
            self.add_error("responsibility", _("Nobody had been given that matter on that day."))
        return cleaned

    def asked(self) -> Responsibility:
        """Return what is asked for, after a valid answer."""
        return self._asked() or handling_kind(self.cleaned_data["body"])

    def asked_in_words(self) -> str:
        """Return what is asked for, as the form calls it."""
        asked = self._asked()
        return asked.title if asked else str(WHAT_HAPPENS)

    def _asked(self) -> SeatType | GivenMatter | None:
        word = self.cleaned_data.get("responsibility", "")
        if word in self._types:
            return self._types[word]
        given = given_matters(self.municipality, self.day())
        return next((matter for matter in given if f"matter:{matter.key}" == word), None)
