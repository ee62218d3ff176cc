"""What the incidents app itself holds about a case. Read it as the list of what disposal removes."""

from incidents.disposal.held import Fate, Held
from incidents.models import (
    Assignment,
    CaseAttachment,
    CaseTask,
    Claim,
    Consequence,
    Disclosure,
    DisposalItem,
    Escalation,
    EscalationCall,
    Identity,
    IncidentGrant,
    IncidentStatus,
    Message,
    Narrative,
    NarrativeChange,
    NoticeChange,
    OpenAnswer,
    Outcome,
    Precaution,
    Purge,
    ReadLog,
    ReportCode,
    SecrecyMark,
    StatutoryNotice,
    SupportOffer,
    Withheld,
)

DISCLOSURES = "disclosures"
# Before what they point at.
FIRST = 10

TABLES = (
    Held(Narrative, Fate.REMOVED),
    Held(NarrativeChange, Fate.REMOVED),
    Held(Identity, Fate.REMOVED),
    Held(Message, Fate.REMOVED, message_key="case_message_id"),
    Held(OpenAnswer, Fate.REMOVED),
    Held(ReportCode, Fate.REMOVED),
    Held(Withheld, Fate.REMOVED),
    Held(ReadLog, Fate.REMOVED),
    Held(IncidentGrant, Fate.REMOVED, path="content_object"),
    Held(IncidentStatus, Fate.REMOVED, message_key="status_id"),
    Held(Assignment, Fate.REMOVED, message_key="assignment_id"),
    Held(CaseTask, Fate.REMOVED, message_key="task_id"),
    Held(EscalationCall, Fate.REMOVED, path="escalation__incident", first=FIRST, message_key="call_id"),
    Held(Escalation, Fate.REMOVED, message_key="escalation_id"),
    Held(Precaution, Fate.REMOVED),
    Held(NoticeChange, Fate.REMOVED, path="notice__incident", first=FIRST),
    Held(SecrecyMark, Fate.REMOVED),
    Held(Disclosure, Fate.REMOVED, folder=DISCLOSURES, message_key="disclosure_id"),
    Held(Purge, Fate.REMOVED),
    Held(Outcome, Fate.REMOVED, message_key="outcome_id"),
    # The file itself goes with its row: see ``removing``.
    Held(CaseAttachment, Fate.REMOVED, message_key="attachment_id", message_names="attachment_id"),
    # Counted: punctuality of what is notified, support that was offered, what the event led to and cost.
    Held(StatutoryNotice, Fate.EMPTIED, emptied={"receipt": ""}, message_key="notice_id"),
    Held(SupportOffer, Fate.EMPTIED, emptied={"given_by": "", "by": None}, message_key="offer_id"),
    Held(Consequence, Fate.EMPTIED),
    Held(Claim, Fate.EMPTIED, emptied={"insurer": "", "number": ""}, message_key="claim_id"),
    # The log of the disposal itself.
    Held(DisposalItem, Fate.KEPT),
)
