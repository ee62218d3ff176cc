"""What happened, reported by staff; text and identities stand apart from what is listed and counted."""

from incidents.models.apart import Identity, IncidentGrant, Narrative, ReadLog
from incidents.models.draft import ReportDraft, ReportDraftQuerySet
from incidents.models.incident import (
    PROPERTY_KINDS,
    QUICK_KINDS,
    Incident,
    IncidentCounter,
    IncidentKind,
    IncidentQuerySet,
    IncidentState,
    IncidentStatus,
    OccurredWhen,
)

__all__ = [
    "PROPERTY_KINDS",
    "QUICK_KINDS",
    "Identity",
    "Incident",
    "IncidentCounter",
    "IncidentGrant",
    "IncidentKind",
    "IncidentQuerySet",
    "IncidentState",
    "IncidentStatus",
    "Narrative",
    "OccurredWhen",
    "ReadLog",
    "ReportDraft",
    "ReportDraftQuerySet",
]
