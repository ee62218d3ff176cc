"""Pages of reporting and of cases."""

from incidents.views.attachments import file, files
from incidents.views.cases import case, close, inbox, mine, reopen, serious
from incidents.views.disclosure import disclosure_file, disclosure_new, disclosures
from incidents.views.disposal import (
    disposal,
    disposal_carry_out,
    disposal_decide,
    disposal_keep,
    disposal_log,
    disposal_package,
    disposals,
)
from incidents.views.escalation import escalation, escalation_answer
from incidents.views.figures import figures
from incidents.views.investigation import investigation
from incidents.views.outcomes import outcome, outcome_take_back, outcomes
from incidents.views.precautions import precautions, threat
from incidents.views.protection import person_export, person_export_file, person_exports, protection
from incidents.views.purge import purge, purge_ask
from incidents.views.register import case_register, register
from incidents.views.reporting import choose, form, receipt
from incidents.views.retention import retention
from incidents.views.secrecy import case_readings, lift_mark, readings, secrecy
from incidents.views.sharing import share, unshare
from incidents.views.support import crisis_group, support, support_answer, support_given, support_offer

__all__ = [
    "disclosure_file",
    "disclosure_new",
    "disclosures",
    "person_export",
    "person_export_file",
    "person_exports",
    "protection",
    "purge",
    "purge_ask",
    "case_register",
    "register",
    "case_readings",
    "lift_mark",
    "readings",
    "secrecy",
    "case",
    "choose",
    "close",
    "crisis_group",
    "disposal",
    "disposal_carry_out",
    "disposal_decide",
    "disposal_keep",
    "disposal_log",
    "disposal_package",
    "disposals",
    "escalation",
    "escalation_answer",
    "figures",
    "file",
    "files",
    "form",
    "inbox",
    "investigation",
    "mine",
    "outcome",
    "outcome_take_back",
    "outcomes",
    "precautions",
    "receipt",
    "reopen",
    "retention",
    "serious",
    "share",
    "support",
    "support_answer",
    "support_given",
    "support_offer",
    "threat",
    "unshare",
]
