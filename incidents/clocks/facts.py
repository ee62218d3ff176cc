"""The answers of a case as conditions read them."""

from collections.abc import Mapping
from typing import Any

from incidents.clocks.keys import KEYS, OPEN_KEYS, SEVERAL, SEVERAL_INJURED
from incidents.models import Incident

_COLUMNS = tuple(name for name in KEYS if name not in (*OPEN_KEYS, SEVERAL_INJURED))


def facts_of(incident: Incident, open_answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return key → answer; what is not answered is none or empty.

    ``open_answers`` are those that have no column, when the caller holds them; else they are read: one query.
    """
    facts = {name: getattr(incident, name) for name in _COLUMNS}
    facts[SEVERAL_INJURED] = None if incident.injured_count is None else incident.injured_count >= SEVERAL
    if open_answers is None:
        open_answers = dict(incident.open_answers.filter(key__in=OPEN_KEYS).values_list("key", "value"))
    facts |= {key: yes_or_no(open_answers.get(key)) for key in OPEN_KEYS}
    return facts


def yes_or_no(answer: Any) -> bool | None:
    """Return a kept answer as yes, no or none, in whichever of the usual ways it was kept."""
    if isinstance(answer, bool):
        return answer
    return {"yes": True, "true": True, "no": False, "false": False}.get(str(answer).lower())
