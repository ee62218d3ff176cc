"""Forms of the incidents app, one file per page or part."""

from incidents.forms.assigning import HandOverForm
from incidents.forms.attachments import AttachmentForm
from incidents.forms.by_code import CodeForm, GoAlongForm, ReporterForm, WithdrawalForm
from incidents.forms.case_tasks import OutcomeForm, TaskForm
from incidents.forms.conversation import MessageForm
from incidents.forms.copying import AgainForm
from incidents.forms.details import DetailsForm
from incidents.forms.handling import ClosingForm, ReopeningForm, SeriousForm
from incidents.forms.inbox import InboxFilter
from incidents.forms.merging import MergeForm
from incidents.forms.report import ReportForm, WorkplaceSearch

__all__ = [
    "AgainForm",
    "AttachmentForm",
    "ClosingForm",
    "CodeForm",
    "DetailsForm",
    "GoAlongForm",
    "HandOverForm",
    "InboxFilter",
    "MergeForm",
    "MessageForm",
    "OutcomeForm",
    "ReopeningForm",
    "ReportForm",
    "ReporterForm",
    "SeriousForm",
    "TaskForm",
    "WithdrawalForm",
    "WorkplaceSearch",
]
