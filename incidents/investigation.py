"""What an investigation of the cause consists of: people, technology, organisation, and what is changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from incidents.models import Incident, NarrativeChange

PEOPLE, TECHNOLOGY, ORGANISATION, CHANGE = "cause_people", "cause_technology", "cause_organisation", "cause_change"
# Keys of the narratives, in the order of the page.
PARTS = (PEOPLE, TECHNOLOGY, ORGANISATION, CHANGE)


def texts_of(incident: Incident) -> dict[str, str]:
    """Return each part's text as it stands, empty where nothing is written; costs one query."""
    written = dict(incident.narratives.filter(key__in=PARTS).values_list("key", "text"))
    return {part: written.get(part, "") for part in PARTS}


def token_of(texts: Mapping[str, str]) -> str:
    """Return a mark of the texts by which it is seen whether somebody has changed them meanwhile."""
    told = json.dumps([texts.get(part, "") for part in PARTS], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class EarlierWording:
    """What a part said before; ``written`` is the change that it came by, none where that was before changes were kept.

    ``replaced`` is the change that ended it.
    """

    part: str
    text: str
    written: NarrativeChange | None
    replaced: NarrativeChange


def earlier_wordings(incident: Incident) -> list[EarlierWording]:
    """Return what the parts have said before, what was replaced last first; costs one query."""
    found, before = [], dict[str, NarrativeChange]()
    for change in incident.narrative_changes.select_related("by").order_by("at", "pk"):
        if change.text:
            found.append(EarlierWording(change.key, change.text, before.get(change.key), change))
        before[change.key] = change
    return found[::-1]
