"""What is asked for: one page, who looks at it, what it may cost; F; and the place in the midst of a list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from bench.city import City
from bench.measure import Action, Result, get, ratios, result
from organisation.keyset import keyset_page
from organisation.models import User

# A list costs at most three times the bare page, and so many queries, whatever it holds.
LIST_COSTS, LIST_QUERIES = 3, 12


@dataclass(frozen=True)
class Page:
    """One page: its name in the addresses, who looks at it, and what it may cost (nothing said: no target)."""

    name: str
    view: str
    who: str = "coordinator"
    args: Callable[[City], tuple[Any, ...]] = lambda _city: ()
    query: str = ""
    query_of: Callable[[City], str] = lambda _city: ""
    at_most: float | None = None
    is_list: bool = False

    def address(self, city: City) -> str:
        """Return the page's address in ``city``."""
        return reverse(self.view, args=self.args(city)) + (self.query or self.query_of(city))

    def action(self, city: City) -> Action:
        """Return the action that asks for the page in ``city``."""
        return get(client_of(getattr(city, self.who)), self.address(city))


def client_of(person: User) -> Client:
    """Return a client in which ``person`` is logged in."""
    client = Client()
    client.force_login(person, backend="organisation.access.ScopeBackend")
    return client


def floor_of(city: City) -> Action:
    """Return F: the bare page, asked for by the coordinator."""
    return get(client_of(city.coordinator), f"/bench/floor/{city.units[0].pk}/")


def against(floor: Action, page: Page, city: City) -> Result:
    """Measure the page as a multiple of F."""
    action = page.action(city)
    at_most, queries = (LIST_COSTS, LIST_QUERIES) if page.is_list else (page.at_most, None)
    cost = ratios(action, floor)
    return result(page.name, city.scale, cost, at_most=at_most, unit="F", queries=queries, asked=action)


def half_way(rows: QuerySet[Any], order: tuple[str, ...]) -> str:
    """Return the cursor of the page that begins after the middle row."""
    middle = rows.count() // 2
    two = [row.pk for row in rows.order_by(*order).only("pk")[middle : middle + 2]]
    cursor = keyset_page(rows.filter(pk__in=two), order=order, size=1).older_cursor
    if cursor is None:
        raise RuntimeError("the list has no middle")
    return cursor
