"""What is done with reports and cases."""

from incidents.services.attaching import attach_file
from incidents.services.asking import load_question_sets, set_for, set_of
from incidents.services.codes import code_of, delete_old_lookups, grouped, incident_by_code, is_one_of_many
from incidents.services.conversation import (
    add_from_reporter,
    ask_reporter,
    mark_messages_read,
    open_question,
    withdraw_report,
)
from incidents.services.drafts import delete_ended_drafts, keep_draft
from incidents.services.handling import close_case, mark_serious, open_case, reopen_case
from incidents.services.locking import require_handler
from incidents.services.reading import note_reading
from incidents.services.reporting import Unnamed, report_incident, sent_before, take_number, takes_without_login

__all__ = [
    "attach_file",
    "Unnamed",
    "add_from_reporter",
    "ask_reporter",
    "close_case",
    "code_of",
    "delete_ended_drafts",
    "delete_old_lookups",
    "grouped",
    "incident_by_code",
    "is_one_of_many",
    "keep_draft",
    "load_question_sets",
    "mark_messages_read",
    "mark_serious",
    "note_reading",
    "open_case",
    "open_question",
    "reopen_case",
    "report_incident",
    "require_handler",
    "sent_before",
    "set_for",
    "set_of",
    "take_number",
    "takes_without_login",
    "withdraw_report",
]
