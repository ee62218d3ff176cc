"""From which state the organisation's nouns may go where."""

from collections.abc import Mapping

from organisation.models import MatterState, RequestState

# A matter between chairs (R22): the safety unit's until a body has taken it over, or there is no question any more.
MATTER: Mapping[str, frozenset[str]] = {
    MatterState.OPEN: frozenset({MatterState.TAKEN_OVER, MatterState.CLOSED}),
    MatterState.TAKEN_OVER: frozenset({MatterState.OPEN, MatterState.CLOSED}),
    MatterState.CLOSED: frozenset({MatterState.OPEN}),
}

# A representative's request (AML 6:6a): answered, and referred when the employer does not answer or does not heed it.
REQUEST: Mapping[str, frozenset[str]] = {
    RequestState.FILED: frozenset(
        {
            RequestState.ACCEPTED,
            RequestState.PARTLY,
            RequestState.REJECTED,
            RequestState.REFERRED,
            RequestState.WITHDRAWN,
        }
    ),
    RequestState.ACCEPTED: frozenset({RequestState.REFERRED}),
    RequestState.PARTLY: frozenset({RequestState.REFERRED}),
    RequestState.REJECTED: frozenset({RequestState.REFERRED}),
    # The employer's answer may come while the authority examines.
    RequestState.REFERRED: frozenset(
        {RequestState.ACCEPTED, RequestState.PARTLY, RequestState.REJECTED, RequestState.WITHDRAWN}
    ),
    RequestState.WITHDRAWN: frozenset(),
}
