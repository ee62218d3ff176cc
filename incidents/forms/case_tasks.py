"""What is to be done in a case: added, and what came of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import CaseTask
from organisation.employer import Acting
from organisation.models import User
from safety_portal.forms import DateField, LongSelect, PortalForm


class TaskForm(PortalForm):
    """Something to be done."""

    label_size = "s"
    prefix = "new"
    kind = forms.ChoiceField(label=_("What is to be done?"), choices=CaseTask.Kind.choices)
    text = forms.CharField(
        label=_("In more detail"),
        help_text=_("Needed only when it is something else. Write no names of clients or relatives."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": _("Shorten it to 500 characters.")},
    )
    due_on = DateField(label=_("By when? (optional)"), required=False)
    assigned_to = forms.ChoiceField(label=_("Who does it?"), required=False, widget=LongSelect)

    def __init__(self, *args: Any, among: Sequence[Acting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(one.person.public_id): one.person for one in among}
        field: Any = self.fields["assigned_to"]
        named = [(public_id, person.name) for public_id, person in self._people.items()]
        field.choices = [("", _("Whoever handles the case")), *named]

    def clean(self) -> dict[str, Any]:
        """Something else says what."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("kind") == CaseTask.Kind.OTHER and not answers.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write what is to be done."))
        return answers

    def person(self) -> User | None:
        """Return who was chosen, after valid answers."""
        return self._people.get(self.cleaned_data["assigned_to"])


class OutcomeForm(PortalForm):
    """What came of a task, or why it is not needed."""

    label_size = "s"
    police_number = forms.CharField(
        label=_("Number of the police report"),
        help_text=_("As the police wrote it, for example 5000-K123456-26."),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": _("Shorten it to 60 characters.")},
    )
    outcome = forms.CharField(
        label=_("What came of it, or why is it not needed?"),
        required=False,
        max_length=430,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": _("Shorten it to 430 characters.")},
    )

    def __init__(self, *args: Any, task: CaseTask, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"task-{task.pk}", **kwargs)
        self.of = task
        if task.kind != CaseTask.Kind.POLICE:
            del self.fields["police_number"]
