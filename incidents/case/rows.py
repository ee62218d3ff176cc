"""The parts of a case as a task list on its first page: each one line, with where it stands and where it is done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from incidents.models import Incident
from incidents.sight import Sight


@dataclass(frozen=True)
class CaseRow:
    """One part of a case: what it is called, where it stands, and its page.

    ``tone`` colours the status: "late", "new", "go", "done", or "" for plain words. ``hint`` is a line below the title.
    """

    title: str | Promise
    url: str
    status: str | Promise
    tone: str = ""
    hint: str | Promise = ""


# A part that says nothing to this person in this case returns none.
Part = Callable[[Incident, Sight], CaseRow | None]

# In the order of the page. Each lives beside its own part: incidents/case/<part>.py.
PARTS: tuple[Part, ...] = ()


def rows_of(incident: Incident, sight: Sight) -> list[CaseRow]:
    """Return the rows that ``sight`` shows of the case."""
    return [row for part in PARTS if (row := part(incident, sight)) is not None]
