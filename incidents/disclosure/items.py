"""What a case holds, piece by piece, as somebody who may read it all sees it; a disclosure chooses among these."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.disclosure.fields import IDENTITY, NARRATIVE, OPEN, FieldClass, rows_of
from incidents.disclosure.files import hindrance_of
from incidents.disclosure.questions import answer_words, question_words
from incidents.models import CaseAttachment, Incident


@dataclass(frozen=True)
class Item:
    """One piece of a case: its key, the heading it stands under, what it is, its words and its class.

    Of a file the words are its name; whoever is shown the name is handed ``file`` too.
    """

    key: str
    group: str | Promise
    label: str
    value: str
    kind: FieldClass
    file: CaseAttachment | None = None

    @property
    def hindrance(self) -> str:
        """Why the file can't be handed out to anybody; empty of words, and of a file that can."""
        return hindrance_of(self.file.attachment) if self.file else ""


def moment(at: Any) -> str:
    """Return day and time in words, in the municipality's time."""
    return str(date_format(localtime(at), "DATETIME_FORMAT")) if at else ""


# Facts with a fixed choice of answers or a day: what is counted, in the order of a paper.
FACTS: tuple[tuple[str, str | Promise], ...] = (
    ("kind", gettext_lazy("What")),
    ("body", gettext_lazy("Workplace")),
    ("occurred_on", gettext_lazy("Happened on")),
    ("occurred_at", gettext_lazy("At what time")),
    ("reported_at", gettext_lazy("Came in")),
    ("channel", gettext_lazy("How the report came")),
    ("event_channel", gettext_lazy("How it happened")),
    ("place", gettext_lazy("Kind of place")),
    ("affected", gettext_lazy("Who was affected")),
    ("other_party", gettext_lazy("The other party")),
    ("injury", gettext_lazy("Injury")),
    ("injury_degree", gettext_lazy("How grave the injury is")),
    ("injured_count", gettext_lazy("Number of injured")),
    ("absence_days", gettext_lazy("Days of absence")),
    ("working_alone", gettext_lazy("Worked alone")),
    ("happened_before", gettext_lazy("Has happened before")),
    ("threat_remains", gettext_lazy("The threat remains")),
    ("police_report", gettext_lazy("Police report")),
    ("state", gettext_lazy("Status")),
    ("closed_at", gettext_lazy("Closed")),
    ("registry_number", gettext_lazy("Registry number")),
)


def _shown(incident: Incident, name: str) -> str:
    value = getattr(incident, name)
    if value is None or value == "":
        return ""
    if value is True or value is False:
        return _("Yes") if value else _("No")
    if chosen := getattr(incident, f"get_{name}_display", None):
        return str(chosen())
    if name.endswith("_at") and hasattr(value, "tzinfo") and hasattr(value, "date"):
        return moment(value)
    return date_format(value, "j F Y") if name.endswith("_on") else str(value)


# A table of words: its model, the heading, what one row is called, and its fields with what each is called.
Name = Callable[[Any], str]
Told = Mapping[str, str | Promise]


def _by_kind(row: Any) -> str:
    return f"{capfirst(row.get_kind_display())}, {moment(getattr(row, 'at', None) or row.created_at)}"


def _status_name(row: Any) -> str:
    return f"{row.get_change_display()}, {moment(row.at)}"


@dataclass(frozen=True)
class Table:
    """The rows of one model as pieces of a paper."""

    model: str
    group: str | Promise
    name: Name
    fields: Told
    kind: FieldClass = NARRATIVE


IN_ORDER = (
    Table("Narrative", gettext_lazy("In own words"), lambda row: question_words(row.key), {"text": ""}),
    Table(
        "NarrativeChange",
        gettext_lazy("What the investigation said before"),
        lambda row: f"{question_words(row.key)}, {moment(row.at)}",
        {"text": ""},
    ),
    Table("OpenAnswer", gettext_lazy("Other answers"), lambda row: question_words(row.key), {"value": ""}, OPEN),
    Table(
        "Identity",
        gettext_lazy("People concerned"),
        lambda row: capfirst(row.get_role_display()),
        {"person": "", "name": gettext_lazy("name"), "contact": gettext_lazy("contact")},
        IDENTITY,
    ),
    Table("Message", gettext_lazy("Messages"), _by_kind, {"text": ""}),
    Table("CaseAttachment", gettext_lazy("Files"), lambda row: moment(row.at), {"attachment": ""}),
    Table(
        "CaseTask",
        gettext_lazy("Tasks"),
        _by_kind,
        {"text": "", "outcome": gettext_lazy("what was done")},
    ),
    Table("IncidentStatus", gettext_lazy("What has happened in the case"), _status_name, {"reason": ""}),
    Table(
        "Escalation",
        gettext_lazy("Escalation"),
        lambda row: moment(row.asked_at),
        {"reason": gettext_lazy("why"), "answer": gettext_lazy("answer")},
    ),
    Table(
        "Precaution",
        gettext_lazy("Precautions"),
        lambda row: moment(row.at),
        {"warned": gettext_lazy("who was warned"), "changed": gettext_lazy("what changed")},
    ),
    Table("SupportOffer", gettext_lazy("Support"), lambda row: moment(row.offered_at), {"given_by": ""}),
    Table("NoticeChange", gettext_lazy("Decisions about notifying"), lambda row: moment(row.at), {"reason": ""}),
)


def items_of(incident: Incident) -> list[Item]:
    """Return all that the case holds and that somebody could ask for, in the order of a paper.

    Not here: what the case's own protection is made of (marks, shares, readings, earlier disclosures).
    """
    facts = [
        Item(f"Incident-{name}", _("The case"), str(label), shown, OPEN)
        for name, label in FACTS
        if (shown := _shown(incident, name))
    ]
    number = Item("Incident-label", _("The case"), _("Number"), incident.label, OPEN)
    return [number, *facts, *(item for table in IN_ORDER for item in _of(incident, table))]


def _of(incident: Incident, table: Table) -> Iterator[Item]:
    rows = rows_of(incident, table.model)
    if table.model == "CaseAttachment":
        rows = rows.select_related("attachment")
    for row in rows:
        for name, told in table.fields.items():
            stored = getattr(row, name)
            value = _words(answer_words(row.key, stored) if table.model == "OpenAnswer" else stored)
            if value:
                label = table.name(row)
                yield Item(
                    f"{table.model}-{row.pk}-{name}",
                    table.group,
                    f"{label}: {told}" if told and label else label or str(told),
                    value,
                    table.kind,
                    row if isinstance(row, CaseAttachment) else None,
                )


def _words(value: Any) -> str:
    """Return what a value reads as: a list with commas, yes and no, a person's or a file's name."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    return str(getattr(value, "name", value)).strip()
