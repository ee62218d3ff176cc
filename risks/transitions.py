"""From which state a risk may go where."""

from collections.abc import Mapping

from risks.models import RiskState

ALLOWED: Mapping[str, frozenset[str]] = {
    RiskState.OPEN: frozenset({RiskState.CLOSED}),
    RiskState.CLOSED: frozenset({RiskState.OPEN}),
}


def may_become(state: str, wanted: str) -> bool:
    """Tell whether a risk in ``state`` may become ``wanted``."""
    return wanted in ALLOWED[state]
