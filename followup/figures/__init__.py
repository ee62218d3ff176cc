"""The report's figures: each chapter a pure function of municipality, year, edition and cut-off.

What a function returns is stored as it is; page and PDF read only what was stored, so that the same
version always gives the same numbers.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from followup.figures.damage import damage
from followup.figures.documents import documents
from followup.figures.goals import goals
from followup.figures.incidents import incidents
from followup.figures.measures import measures
from followup.figures.organisation import organisation
from followup.figures.plans import plans
from followup.figures.question import Question
from followup.figures.risks import risks
from followup.figures.summary import summarise
from organisation.models import Municipality

__all__ = ["CHAPTERS", "DEFINITIONS", "ChapterKind", "Question", "compute", "summarise"]

# Raised when a figure begins to mean something else: the next report is then a new version.
DEFINITIONS = 2


@dataclass(frozen=True)
class ChapterKind:
    """One chapter: its key, its title, and the function that computes its figures."""

    key: str
    title: str | Promise
    figures: Callable[[Question], Any]


CHAPTERS = (
    ChapterKind("documents", _("Governing documents"), documents),
    ChapterKind("organisation", _("Organisation and vacancies"), organisation),
    ChapterKind("plans", _("Action plans"), plans),
    ChapterKind("measures", _("Measures"), measures),
    ChapterKind("risks", _("Risks"), risks),
    ChapterKind("incidents", _("Incidents"), incidents),
    ChapterKind("damage", _("Damage and costs"), damage),
    ChapterKind("goals", _("Goals"), goals),
)
_by_key = {chapter.key: chapter for chapter in CHAPTERS}


def compute(key: str, *, municipality: Municipality, year: int, edition: str, cut_off: date) -> dict[str, Any]:
    """Return the figures of the chapter ``key`` as plain data for a JSON column."""
    question = Question(municipality=municipality, year=year, edition=edition, cut_off=cut_off)
    computed: dict[str, Any] = asdict(_by_key[key].figures(question))
    return computed


def title_of(key: str) -> str:
    """Return the title of a chapter in the language of the moment."""
    return str(_by_key[key].title)
