"""The answers that rules may ask about; a question set can't drop any of those that can be asked.

Columns carry the name of their column in ``Incident``. The others are kept as ``OpenAnswer`` under the same key.
The heading (``kind``) is none of them: what must be notified never depends on which one the reporter chose.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from incidents.models import (
    Affected,
    EventChannel,
    Injury,
    InjuryDegree,
    OtherParty,
    Place,
    PoliceReport,
)

# Yes or no, kept as ``OpenAnswer``: may personal data have come into wrong hands or been lost?
PERSONAL_DATA = "personal_data"
# Yes or no: did an IT system that the municipality depends on fail, or was it attacked, so that service suffered?
SIGNIFICANT_IT = "significant_it"
# Yes or no: could somebody have died or been badly hurt, although nobody was?
SERIOUS_DANGER = "serious_danger"

OPEN_KEYS = (PERSONAL_DATA, SIGNIFICANT_IT, SERIOUS_DANGER)
# Derived from ``injured_count``: two or more at once.
SEVERAL_INJURED = "several_injured"
SEVERAL = 2

# What a reporter answers when they can't or won't: to a rule, the same as no answer.
UNSAID = "unsaid"


@dataclass(frozen=True)
class Key:
    """One key of a condition: what its values are (of ``choices``, whole numbers, or yes and no)."""

    name: str
    type: type
    choices: frozenset[str] = frozenset()


def _choice(name: str, choices: list[str]) -> Key:
    return Key(name, str, frozenset(choices))


_ALL = (
    _choice("affected", Affected.values),
    _choice("injury", Injury.values),
    _choice("injury_degree", InjuryDegree.values),
    _choice("place", Place.values),
    _choice("event_channel", EventChannel.values),
    _choice("other_party", OtherParty.values),
    _choice("police_report", PoliceReport.values),
    Key("injured_count", int),
    Key("absence_days", int),
    Key("working_alone", bool),
    Key("happened_before", bool),
    Key("threat_remains", bool),
    Key("affects_persons", bool),
    Key(SEVERAL_INJURED, bool),
    *(Key(name, bool) for name in OPEN_KEYS),
)
KEYS: Mapping[str, Key] = {key.name: key for key in _ALL}

# What the packaged rules rest on: a question set must ask these where the kind of event makes them possible.
REQUIRED = frozenset({"affected", "injury", "injury_degree", "injured_count", *OPEN_KEYS})
