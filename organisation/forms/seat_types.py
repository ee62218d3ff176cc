"""The form of a kind of seat: its title, where it sits, how many hold it, who appoints, what it falls back to."""

from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.actors import BODY_KINDS
from organisation.forms.choosing import BodyChoice, ChoosingForm
from organisation.models import Body, BodyKind, Municipality, SeatKind, SeatType
from organisation.services.seat_types import SeatTypeValues, fingerprint


class SeatTypeForm(ChoosingForm):
    """What the municipality says of a kind of seat; of one that stands, the kind is not asked."""

    title = forms.CharField(
        label=_("What is it called?"), help_text=_("In the municipality's own words."), max_length=120
    )
    kind = forms.ChoiceField(
        label=_("What kind of seat is it?"),
        help_text=_("The kind decides what its holders may do in the portal. It can't be changed later."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Where does it sit?"),
        help_text=_("Every body of these kinds has one such seat."),
        choices=[(kind, capfirst(str(label))) for kind, label in BodyKind.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    bodies = BodyChoice(label=_("Or at single bodies (optional)"), several=True, required=False)
    min_holders = forms.IntegerField(
        label=_("How many must hold it?"), help_text=_("0 where it is filled when needed."), min_value=0, max_value=999
    )
    max_holders = forms.IntegerField(
        label=_("How many may hold it? (optional)"),
        help_text=_("Leave it empty when there is no limit."),
        required=False,
        min_value=1,
        max_value=9999,
    )
    appointed_by = forms.ChoiceField(label=_("Who appoints?"), required=False)
    reports_to = forms.ChoiceField(label=_("To whom does it report?"), required=False)
    falls_back_to = forms.ChoiceField(label=_("Who answers when it is empty?"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, municipality: Municipality, seat_type: SeatType | None = None, **kwargs: Any
    ) -> None:
        self.seat_type = seat_type
        standing = Body.objects.of(municipality).exclude(valid_to__lte=clock.today())
        kwargs["initial"] = _as_it_is(seat_type, standing) if seat_type else {"min_holders": 0}
        super().__init__(*args, **kwargs)
        self.choose_among("bodies", standing)
        others = SeatType.objects.filter(municipality=municipality).order_by("title")
        self._types = {row.key: row for row in others if seat_type is None or row.pk != seat_type.pk}
        seats = [(key, row.title) for key, row in self._types.items()]
        bodies = [(kind, capfirst(str(words))) for kind, words in BODY_KINDS.items()]
        kept = (seat_type.appointed_by, seat_type.details.get("reports_to")) if seat_type else ()
        bodies += standing.filter(key__in=[word for word in kept if word]).values_list("key", "name")
        actors = [("", _("Not stated")), (_("A seat"), seats), (_("A body"), bodies)]
        self._offer("appointed_by", actors)
        self._offer("reports_to", actors)
        self._offer("falls_back_to", [("", _("The line upwards")), *seats])
        if seat_type is None:
            self._offer(
                "kind", [("", _("Choose")), *((kind, capfirst(str(label))) for kind, label in SeatKind.choices)]
            )
        else:
            del self.fields["kind"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def values(self) -> SeatTypeValues:
        """Return the answers as the service takes them."""
        asked = self.cleaned_data
        boss = self._types.get(asked["reports_to"])
        return SeatTypeValues(
            title=asked["title"],
            kind=self.seat_type.kind if self.seat_type else asked["kind"],
            sits_at=(*asked["kinds"], *(body.key for body in asked["bodies"])),
            min_holders=asked["min_holders"],
            max_holders=asked["max_holders"],
            appointed_by=asked["appointed_by"],
            reports_to=boss,
            reports_to_body="" if boss else asked["reports_to"],
            falls_back_to=self._types.get(asked["falls_back_to"]),
        )


def _as_it_is(seat_type: SeatType, standing: Any) -> dict[str, Any]:
    boss = seat_type.reports_to.key if seat_type.reports_to else seat_type.details.get("reports_to", "")
    return {
        "title": seat_type.title,
        "kinds": [word for word in seat_type.sits_at if word in BodyKind.values],
        "bodies": list(standing.filter(key__in=seat_type.sits_at)),
        "min_holders": seat_type.min_holders,
        "max_holders": seat_type.max_holders,
        "appointed_by": seat_type.appointed_by,
        "reports_to": boss,
        "falls_back_to": seat_type.falls_back_to.key if seat_type.falls_back_to else "",
        "seen": fingerprint(seat_type),
    }
