"""Forms of secrecy: a mark and its lifting, the registry number, and content that must not be here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.disclosure.provisions import OTHER, provision_choices
from safety_portal.forms import LongSelect, PortalForm

TYPED_LENGTH = 60


class ProvisionForm(PortalForm):
    """A provision chosen from those that are usual here, or typed; ``provision()`` is what was meant."""

    label_size = "s"
    provision = forms.ChoiceField(
        label=_("Provision"),
        widget=LongSelect,
        error_messages={"required": _("Choose a provision."), "invalid_choice": _("Choose one of the provisions.")},
    )
    typed = forms.CharField(
        label=_("Another provision"),
        help_text=_("Only if you chose “Another provision”. For example OSL 40:5."),
        max_length=TYPED_LENGTH,
        required=False,
        error_messages={"max_length": _("Shorten it to 60 characters.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["provision"]
        field.choices = [("", _("Choose")), *provision_choices()]

    def clean(self) -> dict[str, Any]:
        """Another provision takes words."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("provision") == OTHER and not answers.get("typed") and "typed" not in self.errors:
            self.add_error("typed", _("Write the provision."))
        return answers

    def meant(self) -> str:
        """Return the provision that was chosen or typed; empty when none was."""
        chosen = str(self.cleaned_data.get("provision") or "")
        return str(self.cleaned_data["typed"]) if chosen == OTHER else chosen


class MarkForm(ProvisionForm):
    """A warning that secrecy may apply."""

    prefix = "mark"
    reason = forms.CharField(
        label=_("Why may secrecy apply?"),
        help_text=_("Read only by those who handle the case."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 500 characters.")},
    )


class LiftMarkForm(PortalForm):
    """Why a mark is lifted."""

    label_size = "s"
    prefix = "lift"
    provision = forms.ChoiceField(
        label=_("Which mark?"), error_messages={"required": _("Choose a mark."), "invalid_choice": _("Choose a mark.")}
    )
    reason = forms.CharField(
        label=_("Why is it lifted?"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 500 characters.")},
    )

    def __init__(self, *args: Any, marks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["provision"]
        field.choices = [(mark, mark) for mark in marks]
        if len(marks) == 1:
            self.initial.setdefault("provision", marks[0])


class RegistryForm(PortalForm):
    """The registry number, as the registry gave it."""

    label_size = "s"
    number = forms.CharField(
        label=_("Registry number (dnr)"),
        help_text=_("As the registry gave it, for example 2026.24. Leave it empty if the case has none."),
        max_length=60,
        required=False,
        error_messages={"max_length": _("Shorten it to 60 characters.")},
    )


class PurgeAskForm(PortalForm):
    """Where the content stands; never what it says."""

    label_size = "s"
    where = forms.ChoiceField(
        label=_("Where in the case is it?"),
        choices=(
            ("text", _("In the report's text or answers")),
            ("message", _("In a message")),
            ("file", _("In a file")),
            ("else", _("Somewhere else in the case")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it stands."), "invalid_choice": _("Choose one of the rows.")},
    )


class PurgeForm(PortalForm):
    """What is removed, and why."""

    label_size = "s"
    what = forms.MultipleChoiceField(
        label=_("What must be removed?"),
        help_text=_("What you choose is deleted for good, in every copy that the portal keeps."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what must be removed."),
            "invalid_choice": _("The case has changed meanwhile. Choose again."),
        },
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("This is kept. Don't write what the content said."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write why."), "max_length": _("Shorten it to 300 characters.")},
    )
    sure = forms.BooleanField(
        label=_("I know that it can't be brought back"),
        error_messages={"required": _("Tick that you know it can't be brought back.")},
    )

    def __init__(self, *args: Any, pieces: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["what"]
        field.choices = pieces
