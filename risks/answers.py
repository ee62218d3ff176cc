"""What answers a risk: the floor above registers a source from ``AppConfig.ready()``, the risk's page shows its rows.

Risks know nothing of plans. A source takes the risk and the reader's scope, and returns what that
reader may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from organisation.access import Scope
from risks.models import Risk


@dataclass(frozen=True)
class Answer:
    """Something that is done about a risk: a measure of a plan.

    ``tone`` is a status tag's: new, go, wait, done, late or off.
    """

    title: str
    url: str
    responsible: str
    due_on: date | None
    status: str | Promise
    tone: str = "new"
    where: str = ""


Source = Callable[[Risk, Scope], Sequence[Answer]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source; the same one twice is kept once."""
    if source not in _sources:
        _sources.append(source)


def answers_to(risk: Risk, scope: Scope) -> list[Answer]:
    """Return what answers ``risk`` and the person may see, the earliest due first."""
    found = [answer for source in _sources for answer in source(risk, scope)]
    return sorted(found, key=lambda answer: (answer.due_on or date.max, answer.title))
