"""Lists whose filter can be saved under a name: each app registers its own when it is ready."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from organisation.models import SavedFilter

# Where in the list one is, is no part of the filter.
NOT_KEPT = ("page",)
MOST_KEPT = 30


@dataclass(frozen=True)
class FilteredList:
    """A list with a filter in its address: the name of its URL and what it is called."""

    page: str
    label: str | Promise


_lists: dict[str, FilteredList] = {}


def register(one: FilteredList) -> None:
    """Add a list; called once per list when its app is ready."""
    _lists[one.page] = one


def list_of(page: str) -> FilteredList | None:
    """Return the list with that name of URL; none when its filter can't be saved."""
    return _lists.get(page)


def filters_of(person: Any, page: str | None = None) -> list[SavedFilter]:
    """Return the filters that the person has saved, of one list or of all that there still are; one query."""
    found = SavedFilter.objects.filter(person=person, page__in=[page] if page else list(_lists))
    return list(found.order_by("page", "name", "pk"))


def address_of(saved: SavedFilter) -> str:
    """Return where the list is shown as it was filtered."""
    return f"{reverse(saved.page)}?{saved.query}" if saved.query else reverse(saved.page)


def query_of(asked: QueryDict) -> str:
    """Return the filter of an address: what was chosen, without what was left empty and without the place in it."""
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name not in NOT_KEPT and (chosen := [value for value in values if value]):
            kept.setlist(name, chosen)
    return kept.urlencode()
