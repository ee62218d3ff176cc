"""What is done with reports and cases."""

from incidents.services.drafts import delete_ended_drafts, keep_draft
from incidents.services.handling import close_case, mark_serious, open_case, reopen_case
from incidents.services.locking import require_handler
from incidents.services.reporting import report_incident, sent_before, take_number

__all__ = [
    "close_case",
    "delete_ended_drafts",
    "keep_draft",
    "mark_serious",
    "open_case",
    "reopen_case",
    "report_incident",
    "require_handler",
    "sent_before",
    "take_number",
]
