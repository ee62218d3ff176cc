"""What a person may begin from the start page; each app adds its own when it is ready."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from organisation.access import Scope


@dataclass(frozen=True)
class Start:
    """A thing to begin: its words (verb first), where it leads, and the permission it takes."""

    label: str | Promise
    url_name: str
    permission: str

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.url_name)


_starts: list[Start] = []


def register(start: Start) -> None:
    """Add a start; called once per app when it is ready."""
    _starts.append(start)


def starts_for(scope: Scope) -> list[Start]:
    """Return what the person may begin."""
    return [start for start in _starts if scope.holds(start.permission)]
