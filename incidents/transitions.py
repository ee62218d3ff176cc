"""Which state of a case leads to which; read it as the rule."""

from collections.abc import Mapping

from incidents.models import IncidentState

TRANSITIONS: Mapping[str, frozenset[str]] = {
    # A case is read before it is answered: opening it is what makes it read.
    IncidentState.NEW: frozenset({IncidentState.READ}),
    IncidentState.READ: frozenset({IncidentState.CLOSED}),
    IncidentState.CLOSED: frozenset({IncidentState.READ}),
}


def may_become(state: str, wanted: str) -> bool:
    """Tell whether a case in ``state`` can become ``wanted``."""
    return wanted in TRANSITIONS[state]
