"""Pages of reporting and of cases."""

from incidents.views.cases import case, close, inbox, mine, reopen, serious
from incidents.views.reporting import choose, form, receipt

__all__ = ["case", "choose", "close", "form", "inbox", "mine", "receipt", "reopen", "serious"]
