"""What is asked of a reorganisation: the change itself, from which day, and on what it rests."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import Scope
from organisation.forms.choosing import BodyChoice, ChoosingForm
from organisation.forms.days import DayField
from organisation.models import Body, BodyKind, User, names_on
from organisation.parenthood import ALWAYS_THERE, heirs_of, parents_of
from organisation.permissions import ADMINISTER
from organisation.services.reorganising import NewBody, Order
from safety_portal.forms import ChoiceRows, PortalForm, SubmissionKeyField

NEW, THIS = "new", "this"


class ChangeForm(ChoosingForm):
    """What every change is asked: the day, the decision, a note. A subclass asks for the change itself."""

    on = DayField(
        label=_("From which day?"),
        help_text=_("A day to come, today, or a day that has passed. Until then everything is as it is."),
    )
    reference = forms.CharField(
        label=_("Decision (optional)"),
        help_text=_("As it is written, for example § 12, KF 2026-14. Needed when cases pass to another authority."),
        required=False,
        max_length=120,
    )
    note = forms.CharField(
        label=_("Note (optional)"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    submission_key = SubmissionKeyField()

    # The order of the page; the rest follows.
    asked: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: User, body: Body | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.bodies = _not_closed(user)
        self.order_fields([*self.asked, "on", "reference", "note", "submission_key"])
        self.offer()

    def offer(self) -> None:
        """Say what there is to choose."""

    def change(self) -> dict[str, Any]:
        """Return the change that was asked for, as the service's own arguments."""
        raise NotImplementedError

    def order(self, *, by: User, submission_key: uuid.UUID, confirmed: str = "") -> Order:
        """Return what was decided of it."""
        answers = self.cleaned_data
        return Order(
            on=answers["on"],
            reference=answers["reference"],
            note=answers["note"],
            by=by,
            submission_key=submission_key,
            confirmed=confirmed,
        )


class CreateForm(ChangeForm):
    """A new body."""

    asked = ("name", "kind", "parent")
    name = forms.CharField(label=_("What is it called?"), max_length=160)
    kind = forms.ChoiceField(label=_("What is it?"))
    parent = BodyChoice(
        label=_("Under which body does it stand?"),
        help_text=_("An outside party stands under nothing."),
        required=False,
    )

    def offer(self) -> None:
        kinds = [(kind.value, capfirst(str(kind.label))) for kind in BodyKind if kind.value not in ALWAYS_THERE]
        words = sorted(kinds, key=lambda kind: kind[1])
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("Choose")), *words]
        self.choose_among("parent", self.bodies.exclude(kind=BodyKind.OUTSIDE_PARTY))

    def change(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {"new": NewBody(name=answers["name"], kind=answers["kind"], parent=answers["parent"])}


class BodyChangeForm(ChangeForm):
    """A change of one body."""

    body: Body


class RenameForm(BodyChangeForm):
    """A new name."""

    asked = ("name",)
    name = forms.CharField(label=_("New name"), max_length=160)

    def change(self) -> dict[str, Any]:
        return {"body": self.body, "name": self.cleaned_data["name"]}


class MoveForm(BodyChangeForm):
    """Another place."""

    asked = ("parent",)
    parent = BodyChoice(label=_("Under which body will it stand?"))

    def offer(self) -> None:
        suitable = self.bodies.filter(kind__in=parents_of(self.body.kind))
        self.choose_among("parent", suitable.exclude(pk=self.body.pk))

    def change(self) -> dict[str, Any]:
        return {"body": self.body, "parent": self.cleaned_data["parent"]}


class CloseForm(BodyChangeForm):
    """An end, and who takes over."""

    asked = ("successor",)
    successor = BodyChoice(
        label=_("Which body takes over?"),
        help_text=_("It gets the cases, risks, plans, employees and whatever stands below."),
    )

    def offer(self) -> None:
        suitable = self.bodies.filter(kind__in=heirs_of(self.body.kind))
        self.choose_among("successor", suitable.exclude(pk=self.body.pk))

    def change(self) -> dict[str, Any]:
        return {"body": self.body, "successor": self.cleaned_data["successor"]}


class MergeForm(BodyChangeForm):
    """Several become one: this one, or a new one."""

    asked = ("others", "becomes", "name", "parent")
    others = BodyChoice(label=_("Which bodies are merged with it?"), several=True)
    becomes = forms.ChoiceField(label=_("What do they become?"), widget=ChoiceRows)
    name = forms.CharField(label=_("Name of the new body"), required=False, max_length=160)
    parent = BodyChoice(label=_("Under which body does the new one stand?"), required=False)

    def offer(self) -> None:
        suitable = self.bodies.filter(kind__in=heirs_of(self.body.kind)).exclude(kind__in=ALWAYS_THERE)
        self.choose_among("others", suitable.exclude(pk=self.body.pk))
        self.choose_among("parent", self.bodies.filter(kind__in=parents_of(self.body.kind)))
        cast(forms.ChoiceField, self.fields["becomes"]).choices = [
            (THIS, _("%(name)s stays and takes over from the others") % {"name": self.body.name}),
            (NEW, _("A new body of the same kind takes over from all of them")),
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("becomes") == NEW:
            if not answers.get("name"):
                self.add_error("name", _("Write the name of the new body."))
            if not answers.get("parent"):
                self.add_error("parent", _("Choose the body that the new one stands under."))
        return answers

    def change(self) -> dict[str, Any]:
        answers, into = self.cleaned_data, cast(Body | NewBody, self.body)
        if answers["becomes"] == NEW:
            into = NewBody(name=answers["name"], kind=self.body.kind, parent=answers["parent"])
        return {"bodies": [self.body, *answers["others"]], "into": into}


class SplitForm(BodyChangeForm):
    """The parts that a body becomes; who gets what is asked next, by ``SharesForm``."""

    asked = ("parts",)
    parts = forms.CharField(
        label=_("What are the parts called?"),
        help_text=_("Write each name on a line of its own."),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean_parts(self) -> list[str]:
        names = [name for line in self.cleaned_data["parts"].splitlines() if (name := " ".join(line.split()))]
        if len(names) < 2:
            raise ValidationError(_("Write at least two names, each on a line of its own."))
        return names

    def change(self) -> dict[str, Any]:
        return {"body": self.body, "parts": self.cleaned_data["parts"]}

    def children(self) -> list[Body]:
        """Return the bodies that stand under it on the day, under their names then."""
        on = self.cleaned_data["on"]
        names = names_on(self.body.municipality, on)
        below = self.body.placements_below.in_force(on).select_related("body")
        children = [placement.body for placement in below]
        for child in children:
            # As it is called that day; never saved.
            child.name = names.get(child.pk, child.name)
        return sorted(children, key=lambda child: (child.name, child.pk))


class SharesForm(PortalForm):
    """Which part of a split body gets what."""

    heir = forms.ChoiceField(label=_("Which part takes over cases, risks, plans and employees?"), widget=ChoiceRows)
    label_size = "s"

    def __init__(self, *args: Any, parts: Sequence[str], children: Sequence[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {f"child_{child.public_id}": child for child in children}
        choices = [(str(number), name) for number, name in enumerate(parts)]
        cast(forms.ChoiceField, self.fields["heir"]).choices = choices
        for name, child in self.children.items():
            self.fields[name] = forms.ChoiceField(
                label=child.name,
                choices=[("", _("Choose a part")), *choices],
                error_messages={"required": _("Choose a part for %(name)s.") % {"name": child.name}},
            )

    def change(self) -> dict[str, Any]:
        """Return who gets what, as the service's own arguments."""
        answers = self.cleaned_data
        return {
            "heir": int(answers["heir"]),
            "children": {child: int(answers[name]) for name, child in self.children.items()},
        }


def _not_closed(user: User) -> QuerySet[Body]:
    """Return the bodies that are there, or are to come."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today())
    return Scope.of(user).bodies(ADMINISTER).filter(lasting)
