"""What a risk is: where, in which area, since when, and the cases that ground it."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from organisation import clock
from organisation.access import Scope
from organisation.models import Body, BodyKind, User
from policies.models import Area, ProtectedValue
from risks.models import Horizon, Risk, Serious
from risks.permissions import ADD_RISK
from risks.vocabulary import Words
from safety_portal.forms import PortalForm, ScaleSelect

CASE_NUMBER = re.compile(r"[Hh]-?(\d{4})-(\d{1,6})")
MOST_CASES = 20


class DescriptionFields(PortalForm):
    """What the risk is: where, in which area, since when, and the cases that ground it."""

    title = forms.CharField(
        label=_("What can happen, and to whom?"),
        help_text=_("One sentence is enough. For example: Staff who work alone at night may be threatened."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write what can happen.")},
    )
    body = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Body.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a unit"),
        error_messages={"required": _("Choose a unit.")},
    )
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.none(), to_field_name="key", required=False, empty_label=_("Not stated")
    )
    protected_value = forms.ModelChoiceField(
        label=_("What is worth protecting"),
        queryset=ProtectedValue.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("Not stated"),
    )
    horizon = forms.ChoiceField(
        label=_("Is the risk there now?"),
        choices=((Horizon.EXISTING, _("It exists now")), (Horizon.FUTURE, _("It may arise later"))),
        initial=Horizon.EXISTING,
        widget=ScaleSelect,
    )
    serious = forms.ChoiceField(
        label=_("Is it a serious risk according to AFS 2023:1?"),
        help_text=_("A question of its own. The answer doesn't change the level above."),
        choices=Serious.choices,
        widget=ScaleSelect,
        error_messages={"required": _("Answer yes, no or don't know.")},
    )
    description = forms.CharField(
        label=_("More about the risk (optional)"),
        help_text=_("Write no names of clients, pupils or relatives."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    grounds = forms.CharField(
        label=_("Cases that ground the risk (optional)"),
        help_text=_("Case numbers, for example H-2026-0417. Put a comma between several."),
        required=False,
        max_length=400,
    )

    user: User

    def offer(self, user: User, words: Words, keep: Risk | None = None) -> None:
        """Fill the choices; ``keep`` is the risk that is edited: its own are choices even when they are closed."""
        self.user = user
        bodies = bodies_to_log_at(user)
        if keep is not None:
            bodies = Body.objects.filter(Q(pk__in=bodies.values("pk")) | Q(pk=keep.body_id))
        self._offer_bodies(bodies.order_by("name", "pk"))
        self._offer("area", Area, words.areas, keep.area_id if keep else None)
        self._offer("protected_value", ProtectedValue, words.values, keep.protected_value_id if keep else None)

    def clean_grounds(self) -> list[Incident]:
        """Return the cases by their numbers; refuse those that the person can't see."""
        text = self.cleaned_data["grounds"]
        written = [part for part in re.split(r"[,;\s]+", text) if part]
        if len(written) > MOST_CASES:
            raise ValidationError(_("Write at most %(most)s case numbers."), params={"most": MOST_CASES})
        found = {incident.label: incident for incident in self._cases(written)}
        for part in written:
            match = CASE_NUMBER.fullmatch(part)
            if match is None or f"H-{match[1]}-{int(match[2]):04d}" not in found:
                message = _("There is no case %(number)s that you can see. Case numbers look like H-2026-0417.")
                raise ValidationError(message, params={"number": part})
        return list(found.values())

    def _cases(self, written: Iterable[str]) -> Iterable[Incident]:
        numbers = Q(pk__in=())
        for part in written:
            if match := CASE_NUMBER.fullmatch(part):
                numbers |= Q(year=int(match[1]), number=int(match[2]))
        return Incident.objects.visible_to(self.user).filter(numbers)

    def _offer_bodies(self, bodies: QuerySet[Body]) -> None:
        field = choice_of_rows(self, "body")
        field.queryset = bodies
        standing = list(bodies[:2])
        if len(standing) == 1:
            field.empty_label = None
            field.initial = standing[0].public_id

    def _offer(self, name: str, model: Any, rows: Iterable[Any], kept: int | None) -> None:
        """Offer the municipality's words; a municipality without any is not asked."""
        wanted = {row.pk for row in rows} | ({kept} if kept else set())
        if wanted:
            choice_of_rows(self, name).queryset = model.objects.filter(pk__in=wanted)
        else:
            del self.fields[name]


def bodies_to_log_at(user: User) -> QuerySet[Body]:
    """Return the bodies in force at which ``user`` may log risks."""
    held = Scope.of(user).bodies(ADD_RISK)
    return Body.objects.in_force(clock.today()).filter(pk__in=held.values("pk")).exclude(kind=BodyKind.OUTSIDE_PARTY)


def choice_of_rows(form: forms.Form, name: str) -> forms.ModelChoiceField:
    """Return the field ``name``, whose choices are rows."""
    return cast(forms.ModelChoiceField, form.fields[name])
