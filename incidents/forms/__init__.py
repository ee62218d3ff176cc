"""Forms of the incidents app, one file per page or part."""

from incidents.forms.handling import ClosingForm, ReopeningForm, SeriousForm
from incidents.forms.inbox import InboxFilter
from incidents.forms.report import ReportForm, WorkplaceSearch

__all__ = ["ClosingForm", "InboxFilter", "ReopeningForm", "ReportForm", "SeriousForm", "WorkplaceSearch"]
