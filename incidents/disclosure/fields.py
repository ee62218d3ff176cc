"""Every field of a case and its class; the one place that says what may stand in lists, exports, papers and mail.

``OPEN``       shown to all who see the case, and in lists, counts, exports, papers, mail, logs and history
``NARRATIVE``  in somebody's own words: read by those who may read the case's text, and nowhere else
``IDENTITY``   who is concerned: read by those who handle the case, and nowhere else
``INNER``      never shown to anybody: keys, digests, who a case is kept from

A model that belongs to a case and is not here, or a field without a class, fails a test.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from incidents.models import Incident


class FieldClass(Enum):
    """Who may read a field."""

    OPEN = "open"
    NARRATIVE = "narrative"
    IDENTITY = "identity"
    INNER = "inner"


OPEN, NARRATIVE, IDENTITY, INNER = FieldClass


def _fields(*, opened: str = "", narrative: str = "", identity: str = "", inner: str = "") -> Mapping[str, FieldClass]:
    classes = ((OPEN, opened), (NARRATIVE, narrative), (IDENTITY, identity), (INNER, inner))
    return {name: kind for kind, names in classes for name in names.split()}


# What an official does in a case is no secret of its own: who handles it and when is open to all who see it.
FIELDS: Mapping[str, Mapping[str, FieldClass]] = {
    "Incident": _fields(
        opened="municipality public_id body year number kind occurred_when occurred_on occurred_at reported_at "
        "became_aware_at answer_by state serious affects_persons cost_ore channel event_channel place affected "
        "other_party injury injury_degree injured_count absence_days working_alone happened_before threat_remains "
        "police_report wants_contact question_set read_at first_answered_at closed_at withdrawn_at disposed_at held "
        "secret merged_into copied_from registry_number foreign_system foreign_number",
        inner="submission_key",
    ),
    "IncidentStatus": _fields(opened="change from_state to_state by at", narrative="reason"),
    "Narrative": _fields(opened="key", narrative="text"),
    "NarrativeChange": _fields(opened="key by at", narrative="text"),
    "Identity": _fields(opened="role", identity="person name contact"),
    "Withheld": _fields(inner="person at"),
    # Who has read is told to the reporter and to the data-protection officer alone.
    "ReadLog": _fields(inner="what by at"),
    "IncidentGrant": _fields(
        opened="valid_from valid_to user permission given_by ended_by", narrative="reason assessment"
    ),
    "OpenAnswer": _fields(opened="key value"),
    "ReportCode": _fields(inner="code_hash"),
    "Message": _fields(opened="kind from_reporter at read_at", narrative="text", identity="by", inner="submission_key"),
    "CaseAttachment": _fields(opened="from_reporter at", narrative="attachment", identity="by"),
    "Assignment": _fields(
        opened="person title reason by assigned_at acknowledge_by acknowledged_at reminded_at ended_at"
    ),
    "CaseTask": _fields(
        opened="kind due_on assigned_to done_at done_by not_needed created_at", narrative="text outcome"
    ),
    "Escalation": _fields(
        opened="asked_by asked_at acknowledged_by acknowledged_at exhausted_at", narrative="reason answer"
    ),
    "EscalationCall": _fields(opened="step channel person title called_at answer_by"),
    "Precaution": _fields(opened="two_staff alarm by at", narrative="warned changed"),
    "SupportOffer": _fields(opened="day offered_at by answer answered_at given_at", narrative="given_by"),
    "Consequence": _fields(opened="municipality public_id dimension level cost_ore"),
    "Claim": _fields(
        opened="municipality public_id insurer number state sent_on claimed_ore paid_ore decided_on deductible_ore"
    ),
    "StatutoryNotice": _fields(
        opened="municipality public_id rule state started_at due_at decided_at decided_by done_at done_by receipt "
        "reminded_at overdue_told_at escalated_at"
    ),
    "NoticeChange": _fields(opened="from_state to_state due_at by at", narrative="reason"),
    "SecrecyMark": _fields(opened="by at lifted_at lifted_by", narrative="provision reason lifted_reason"),
    "Disclosure": _fields(
        opened="municipality public_id outcome decided_by decided_title decided_at asked_on",
        narrative="asked_for shown masked handed_out provision reason content file",
        identity="asked_by",
        inner="digest submission_key",
    ),
    # To those who work at the unit, in words that name nobody.
    "Outcome": _fields(opened="municipality public_id body text by published_at"),
    "Purge": _fields(opened="what by at", narrative="reason"),
    "DisposalItem": _fields(opened="proposal rule label closed_on disposed_at removed", narrative="kept_reason"),
}
# From a row to its case, where it is not by ``incident``.
PATHS: Mapping[str, str] = {
    "Incident": "pk",
    "IncidentGrant": "content_object",
    "NoticeChange": "notice__incident",
    "EscalationCall": "escalation__incident",
}
# Rows of a case that own rows in their turn.
OWNERS = ("StatutoryNotice", "Escalation")


def class_of(model: str, field: str) -> FieldClass:
    """Return the class of a field; raises ``KeyError`` for one that nobody has classed."""
    return FIELDS[model][field]


def names_of(model: str, *classes: FieldClass) -> list[str]:
    """Return the names of the model's fields of these classes, in order."""
    return [name for name, kind in FIELDS[model].items() if kind in classes]


def model_of(name: str) -> type[Model]:
    """Return the model by its name here."""
    return apps.get_model("incidents", name)


def rows_of(incident: Incident, name: str) -> QuerySet[Any]:
    """Return the case's rows of one model."""
    path = PATHS.get(name, "incident")
    value = incident.pk if path == "pk" else incident
    return model_of(name)._base_manager.filter(**{path: value}).order_by("pk")


def case_models() -> Iterator[str]:
    """Yield the name of each model that belongs to a case, also those that nobody has classed."""
    owners = {Incident, *(model_of(name) for name in OWNERS)}
    for model in apps.get_app_config("incidents").get_models():
        reached = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        if not model.__name__.startswith("Historical") and (model is Incident or reached & owners):
            yield model.__name__


def ties_of(name: str) -> set[str]:
    """Return the names of the fields by which a row hangs on its case; they are no content."""
    path = PATHS.get(name, "incident").split("__")[0]
    return {"id", path}
