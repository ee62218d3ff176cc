"""The main menu: each app adds its entry from ``AppConfig.ready()``, shown to those who may see it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from organisation.access import Scope


@dataclass(frozen=True)
class Entry:
    """One entry of the menu: who sees it (a permission), where it leads and which URLs belong to it.

    ``unless`` is a permission of those who find the same page elsewhere: the entry is for others alone.
    """

    label: str | Promise
    url_name: str
    permission: str
    order: int
    prefix: str
    unless: str = ""
    count: Callable[[Scope], int] | None = None


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it on one page."""

    label: str | Promise
    url: str
    active: bool
    count: int | None = None


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    """Add an entry; called once per app when it is ready."""
    _entries.append(entry)
    _entries.sort(key=lambda kept: kept.order)


def links_for(scope: Scope, path: str) -> list[Link]:
    """Return the menu of one person on the page ``path``."""
    return [
        Link(
            label=entry.label,
            url=reverse(entry.url_name),
            active=path.startswith(entry.prefix) if entry.prefix != "/" else path == "/",
            count=entry.count(scope) if entry.count else None,
        )
        for entry in _entries
        if scope.holds(entry.permission) and not (entry.unless and scope.holds(entry.unless))
    ]
