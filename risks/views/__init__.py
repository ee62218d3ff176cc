"""Pages of the risks."""

from risks.views.changing import assess, close, edit, reopen
from risks.views.logging import level, new
from risks.views.reading import matrix, risk, risk_list

__all__ = ["assess", "close", "edit", "level", "matrix", "new", "reopen", "risk", "risk_list"]
