"""What happened, reported by staff; text and identities stand apart from what is listed and counted."""

from incidents.models.apart import TOLD, Identity, IncidentGrant, Narrative, NarrativeChange, ReadLog, Withheld
from incidents.models.arriving import CaseImport, ColumnMapping
from incidents.models.asking import CodeLookups, OpenAnswer, QuestionSet, ReportCode
from incidents.models.clocks import ClockRule, NoticeChange, NoticeState, StatutoryNotice
from incidents.models.conversation import CaseAttachment, Message
from incidents.models.damage import Claim, ClaimState, Consequence, FundEntry
from incidents.models.draft import ReportDraft, ReportDraftQuerySet
from incidents.models.handling import (
    Assignment,
    CaseTask,
    Escalation,
    EscalationCall,
    Precaution,
    SupportOffer,
)
from incidents.models.incident import (
    INJURIES,
    PROPERTY_KINDS,
    QUICK_KINDS,
    Affected,
    Channel,
    EventChannel,
    Incident,
    IncidentCounter,
    IncidentKind,
    IncidentQuerySet,
    IncidentState,
    IncidentStatus,
    Injury,
    InjuryDegree,
    OccurredWhen,
    OtherParty,
    Place,
    PoliceReport,
)
from incidents.models.outcomes import Outcome, OutcomeQuerySet
from incidents.models.protection import PersonExport
from incidents.models.retention import DisposalItem, DisposalProposal, ProposalState, RetentionRule
from incidents.models.secrecy import Disclosure, Purge, SecrecyMark

__all__ = [
    "INJURIES",
    "PROPERTY_KINDS",
    "QUICK_KINDS",
    "TOLD",
    "Affected",
    "Assignment",
    "CaseAttachment",
    "CaseImport",
    "CaseTask",
    "Channel",
    "Claim",
    "ClaimState",
    "ClockRule",
    "CodeLookups",
    "ColumnMapping",
    "Consequence",
    "Disclosure",
    "DisposalItem",
    "DisposalProposal",
    "Escalation",
    "EscalationCall",
    "EventChannel",
    "FundEntry",
    "Identity",
    "Incident",
    "IncidentCounter",
    "IncidentGrant",
    "IncidentKind",
    "IncidentQuerySet",
    "IncidentState",
    "IncidentStatus",
    "Injury",
    "InjuryDegree",
    "Message",
    "Narrative",
    "NarrativeChange",
    "NoticeChange",
    "NoticeState",
    "OccurredWhen",
    "OpenAnswer",
    "OtherParty",
    "Outcome",
    "OutcomeQuerySet",
    "PersonExport",
    "Place",
    "PoliceReport",
    "Precaution",
    "ProposalState",
    "Purge",
    "QuestionSet",
    "ReadLog",
    "ReportCode",
    "ReportDraft",
    "ReportDraftQuerySet",
    "RetentionRule",
    "SecrecyMark",
    "StatutoryNotice",
    "SupportOffer",
    "Withheld",
]
