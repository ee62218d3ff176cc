"""Pages of reporting and of cases."""

from incidents.views.answers import answers
from incidents.views.assigning import hand_over
from incidents.views.attachments import file, files
from incidents.views.by_code import code, leave, receipt, receipt_pdf, status, withdraw
from incidents.views.by_code import support as report_support
from incidents.views.case_tasks import end_task, tasks
from incidents.views.cases import case, close, inbox, mine, reopen, serious
from incidents.views.clocks import aware, notice_decide, notice_done, notice_receipt, notices
from incidents.views.conversation import messages
from incidents.views.copying import again
from incidents.views.damage import claim, claim_new, claim_pay, damage
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
from incidents.views.entering import enter, enter_paper, enter_where, entered
from incidents.views.escalation import escalation, escalation_answer
from incidents.views.exports import export_csv, export_xlsx
from incidents.views.figures import figures
from incidents.views.fund import fund, fund_csv, fund_entry
from incidents.views.importing import import_errors, import_mapping, import_run, imports
from incidents.views.investigation import investigation
from incidents.views.merging import merge
from incidents.views.offline import offline, worker
from incidents.views.outcomes import outcome, outcome_take_back, outcomes
from incidents.views.posters import poster, poster_pdf, posters
from incidents.views.precautions import precautions, threat
from incidents.views.protection import (
    person_export,
    person_export_json,
    person_export_pdf,
    person_exports,
    protection,
)
from incidents.views.purge import purge, purge_ask
from incidents.views.register import case_register, register
from incidents.views.reporting import choose, form
from incidents.views.retention import retention
from incidents.views.secrecy import case_readings, lift_mark, readings, secrecy
from incidents.views.sharing import share, unshare
from incidents.views.support import crisis_group, support, support_answer, support_given, support_offer
from incidents.views.told import told

__all__ = [
    "again",
    "answers",
    "aware",
    "case",
    "case_readings",
    "case_register",
    "choose",
    "claim",
    "claim_new",
    "claim_pay",
    "close",
    "code",
    "crisis_group",
    "damage",
    "disclosure_file",
    "disclosure_new",
    "disclosures",
    "disposal",
    "disposal_carry_out",
    "disposal_decide",
    "disposal_keep",
    "disposal_log",
    "disposal_package",
    "disposals",
    "end_task",
    "enter",
    "enter_paper",
    "enter_where",
    "entered",
    "escalation",
    "escalation_answer",
    "export_csv",
    "export_xlsx",
    "figures",
    "file",
    "files",
    "form",
    "fund",
    "fund_csv",
    "fund_entry",
    "hand_over",
    "import_errors",
    "import_mapping",
    "import_run",
    "imports",
    "inbox",
    "investigation",
    "leave",
    "lift_mark",
    "merge",
    "messages",
    "mine",
    "notice_decide",
    "notice_done",
    "notice_receipt",
    "notices",
    "offline",
    "outcome",
    "outcome_take_back",
    "outcomes",
    "person_export",
    "person_export_json",
    "person_export_pdf",
    "person_exports",
    "poster",
    "poster_pdf",
    "posters",
    "precautions",
    "protection",
    "purge",
    "purge_ask",
    "readings",
    "receipt",
    "receipt_pdf",
    "register",
    "reopen",
    "report_support",
    "retention",
    "secrecy",
    "serious",
    "share",
    "status",
    "support",
    "support_answer",
    "support_given",
    "support_offer",
    "tasks",
    "threat",
    "told",
    "unshare",
    "withdraw",
    "worker",
]
