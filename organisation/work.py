"""My work: what waits for a person, gathered from the apps above through one registry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from organisation import clock
from organisation.access import Scope


@dataclass(frozen=True)
class WorkItem:
    """Something a person is expected to do: verb first, why, and by when (none: when there is time)."""

    title: str
    url: str
    why: str = ""
    due_on: date | None = None
    status: str | Promise = ""
    tone: str = "new"

    @property
    def late(self) -> bool:
        """Tell whether the day has passed."""
        return self.due_on is not None and self.due_on < clock.today()

    @property
    def due(self) -> str:
        """The day in words, with its year when it is another one."""
        if self.due_on is None:
            return ""
        if self.due_on == clock.today():
            return _("Today")
        this_year = self.due_on.year == clock.today().year
        return date_format(self.due_on, "MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT")


Source = Callable[[Any, Scope], Iterable[WorkItem]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source; called by an app when it is ready. Each source returns a bounded list."""
    _sources.append(source)


def work_for(user: Any) -> list[WorkItem]:
    """Return what waits for ``user``, the most urgent first."""
    scope = Scope.of(user)
    items = [item for source in _sources for item in source(user, scope)]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or date.max))


def in_groups(items: list[WorkItem]) -> list[tuple[str, list[WorkItem]]]:
    """Return the items under "Now", "This week" and "Later"; empty groups are left out."""
    today = clock.today()
    end_of_week = today + timedelta(days=7)
    now = [item for item in items if item.due_on is not None and item.due_on <= today]
    week = [item for item in items if item.due_on is not None and today < item.due_on <= end_of_week]
    later = [item for item in items if item.due_on is None or item.due_on > end_of_week]
    groups = [(_("Now"), now), (_("This week"), week), (_("Later"), later)]
    return [(heading, kept) for heading, kept in groups if kept]
