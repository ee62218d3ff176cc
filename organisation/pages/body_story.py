"""What has become of a body: its names and places over time, what it took over and who took over from it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from organisation.models import ALWAYS, Body, Reorganisation, names_on
from organisation.pages.reorganising import told

MOST_TOLD = 20


@dataclass(frozen=True)
class Spell:
    """Something that was true of a body during a period: a name, or the body that it stood under."""

    words: str
    valid_from: date | None
    valid_to: date | None
    body: Body | None = None


def called_on(body: Body, on: date) -> str:
    """Return what the body was called on the day ``on``."""
    return names_on(body.municipality, on).get(body.pk, body.name)


def body_story(body: Body) -> dict[str, Any]:
    """Return the body's names and places over time, its predecessors and successor, and what changed it."""
    names = body.names.exclude(valid_to=F("valid_from")).order_by("valid_from")
    places = body.placements.exclude(valid_to=F("valid_from")).select_related("parent").order_by("valid_from")
    changes = Reorganisation.objects.filter(pk__in=body.reorganisations.values("reorganisation"))
    changes = changes.select_related("by").prefetch_related("parts__body").order_by("-takes_effect_on", "-pk")
    return {
        "names": [Spell(row.name, _known(row.valid_from), row.valid_to) for row in names],
        "places": [Spell(row.parent.name, _known(row.valid_from), row.valid_to, row.parent) for row in places],
        "predecessors": list(body.predecessors.order_by("-valid_to", "name")),
        "changes": told(changes[:MOST_TOLD]),
    }


def _known(day: date) -> date | None:
    """Return the day, or none for what has been true as long as anybody knows."""
    return None if day == ALWAYS else day
