"""Pages of reporting and of cases."""

from incidents.views.cases import case, close, inbox, mine, reopen, serious
from incidents.views.reporting import choose, form, receipt
from incidents.views.sharing import share, unshare

__all__ = [
    "case",
    "choose",
    "close",
    "form",
    "inbox",
    "mine",
    "receipt",
    "reopen",
    "serious",
    "share",
    "unshare",
]
