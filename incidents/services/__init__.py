"""What is done with reports and cases."""

from incidents.services.asking import load_question_sets, set_for, set_of
from incidents.services.assigning import hand_over
from incidents.services.attaching import attach_file
from incidents.services.case_tasks import add_task, drop_task, finish_task
from incidents.services.codes import code_of, delete_old_lookups, grouped, incident_by_code, is_one_of_many
from incidents.services.conversation import (
    add_from_reporter,
    ask_reporter,
    mark_messages_read,
    open_question,
    withdraw_report,
)
from incidents.services.copying import report_again
from incidents.services.drafts import delete_ended_drafts, keep_draft
from incidents.services.escalating import answer_escalation, call_next, escalate, judge_no_escalation, require_called
from incidents.services.handling import close_case, mark_serious, open_case, reopen_case
from incidents.services.investigating import investigate
from incidents.services.locking import require_handler
from incidents.services.merging import merge_case
from incidents.services.outcomes import publish_outcome, take_back_outcome
from incidents.services.precautions import answer_whether_threat_remains, note_precaution
from incidents.services.reading import note_reading
from incidents.services.reporting import Unnamed, report_incident, sent_before, takes_without_login
from incidents.services.supporting import (
    answer_offer,
    call_crisis_group,
    crisis_group_for,
    note_support_given,
    offer_support,
    offer_support_again,
)

__all__ = [
    "Unnamed",
    "add_from_reporter",
    "add_task",
    "answer_escalation",
    "answer_offer",
    "answer_whether_threat_remains",
    "ask_reporter",
    "attach_file",
    "call_crisis_group",
    "call_next",
    "close_case",
    "code_of",
    "crisis_group_for",
    "delete_ended_drafts",
    "delete_old_lookups",
    "drop_task",
    "escalate",
    "finish_task",
    "grouped",
    "hand_over",
    "incident_by_code",
    "investigate",
    "is_one_of_many",
    "judge_no_escalation",
    "keep_draft",
    "load_question_sets",
    "mark_messages_read",
    "mark_serious",
    "merge_case",
    "note_precaution",
    "note_reading",
    "note_support_given",
    "offer_support",
    "offer_support_again",
    "open_case",
    "open_question",
    "publish_outcome",
    "reopen_case",
    "report_again",
    "report_incident",
    "require_called",
    "require_handler",
    "sent_before",
    "set_for",
    "set_of",
    "take_back_outcome",
    "takes_without_login",
    "withdraw_report",
]
