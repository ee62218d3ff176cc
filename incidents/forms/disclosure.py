"""What is disclosed of a case: who asked, and for each piece whether it is shown or masked, and by which provision."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.disclosure.fields import OPEN
from incidents.disclosure.items import Item
from incidents.disclosure.provisions import PROVISIONS
from incidents.errors import NotYetHappened
from incidents.forms.secrecy import ProvisionForm
from organisation import clock
from safety_portal.forms import ChoiceRows, DateField, LongSelect, SubmissionKeyField

SHOW = "show"
# Masked by the provision that is chosen for the whole.
MASK = "mask"


def _ways() -> list[tuple[str, Any]]:
    """Return what can be done with a piece of words."""
    return [(SHOW, _("Show")), (MASK, _("Mask")), *((key, _("Mask, %s") % key) for key in PROVISIONS)]


def _file_ways(item: Item) -> list[tuple[str, Any]]:
    """Return what can be done with a file: one that is not scanned, or gone, is handed out to nobody."""
    kept = [(key, _("Keep secret, %s") % key) for key in PROVISIONS]
    if item.hindrance:
        return [(MASK, _("Can't be handed out: %s") % item.hindrance), *kept]
    return [(SHOW, _("Hand out")), (MASK, _("Keep secret")), *kept]


class DisclosureForm(ProvisionForm):
    """A decision about a copy of the case; nothing is shown that nobody chose to show."""

    DISCLOSE, REFUSE = "disclose", "refuse"
    # As the page asks; an error summary says what is wrong in that order too.
    field_order = ("asked_on", "asked_for", "asked_by", "decision", "provision", "typed", "reason")

    asked_on = DateField(label=_("When was it asked for?"), error_messages={"required": _("Enter the day.")})
    asked_for = forms.CharField(
        label=_("What was asked for?"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write what was asked for."), "max_length": _("Shorten it to 500 characters.")},
    )
    asked_by = forms.CharField(
        label=_("Who asked? (optional)"),
        help_text=_(
            "Nobody need say who they are or why they ask. Ask only if you can't assess secrecy otherwise, and say so."
        ),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Shorten it to 200 characters.")},
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(
            (DISCLOSE, _("Disclose a copy, as chosen below")),
            (REFUSE, _("Refuse: nothing can be disclosed")),
        ),
        widget=ChoiceRows,
        error_messages={"required": _("Choose a decision."), "invalid_choice": _("Choose one of the rows.")},
    )
    reason = forms.CharField(
        label=_("Reason for what is not disclosed"),
        help_text=_("Stands in the written decision. Don't write what is secret."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": _("Shorten it to 2,000 characters.")},
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, items: list[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["provision"].required = False
        self.fields["provision"].label = _("Provision for what is not disclosed")
        ways = _ways()
        for item in items:
            # What everybody who sees the case may read is shown unless somebody masks it; the rest the other way.
            usual = SHOW if item.kind is OPEN else MASK
            self.fields[item.key] = forms.ChoiceField(
                # Several files may have come at the same moment.
                label=f"{item.value}, {item.label}" if item.file else item.label,
                choices=_file_ways(item) if item.file else ways,
                widget=LongSelect,
                required=False,
                initial=usual,
                error_messages={"invalid_choice": _("Choose one of the rows.")},
            )

    def clean_asked_on(self) -> Any:
        day = self.cleaned_data["asked_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(NotYetHappened.message)
        return day

    def clean(self) -> dict[str, Any]:
        """What is not disclosed takes a reason and a provision."""
        answers = super().clean()
        refused = answers.get("decision") == self.REFUSE
        hidden = [item for item in self.items if answers.get(item.key) != SHOW]
        if refused or hidden:
            if not answers.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Write why it is not disclosed."))
            # What hinders a file stands in its place where nobody keeps it secret by a provision.
            by_whole = [item for item in hidden if not item.hindrance and answers.get(item.key) not in PROVISIONS]
            bare = refused or bool(by_whole)
            if bare and not answers.get("provision") and "provision" not in self.errors:
                self.add_error("provision", _("Choose the provision for what is not disclosed."))
        return answers

    def groups(self) -> Iterator[tuple[str, list[tuple[Item, Any]]]]:
        """Yield each heading with its pieces and their fields."""
        groups: dict[str, list[tuple[Item, Any]]] = {}
        for item in self.items:
            groups.setdefault(str(item.group), []).append((item, self[item.key]))
        yield from groups.items()

    @property
    def has_files(self) -> bool:
        """Tell whether the case holds any file."""
        return any(item.file for item in self.items)

    @property
    def refused(self) -> bool:
        """Tell whether nothing at all is disclosed."""
        return bool(self.cleaned_data["decision"] == self.REFUSE)

    def shown(self) -> frozenset[str]:
        """Return the keys of the pieces that somebody chose to show, and of the files to hand out."""
        return frozenset(item.key for item in self.items if self.cleaned_data.get(item.key) == SHOW)

    def masked(self) -> dict[str, str]:
        """Return key → provision of the pieces masked by a provision of their own; others take the whole's."""
        chosen = {item.key: str(self.cleaned_data.get(item.key) or "") for item in self.items}
        return {key: way for key, way in chosen.items() if way in PROVISIONS}
