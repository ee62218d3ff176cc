"""What is measured: pages against F, and the yearly report against WeasyPrint alone."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from bench.city import City
from bench.measure import Result, get, median_and_p95, ratios, sql_of
from organisation.models import User

RUNS = 40


def client_of(person: User) -> Client:
    """Return a client in which ``person`` is logged in."""
    client = Client()
    client.force_login(person, backend="organisation.access.ScopeBackend")
    return client


def against_floor(name: str, city: City, person: User, url: str, *, at_most: float, queries: int, scale: float) -> Result:
    """Measure one page as a multiple of F; its queries must stay within ``queries``."""
    client = client_of(person)
    page, floor = get(client, url), get(client, f"/bench/floor/{city.units[0].pk}/")
    median, p95 = median_and_p95(ratios(page, floor, runs=RUNS))
    asked, size = sql_of(page)
    return Result(
        workload=name,
        scale=scale,
        ratio_median=round(median, 2),
        ratio_p95=round(p95, 2),
        queries=asked,
        sql_bytes=size,
        target=f"≤ {at_most:g} F, ≤ {queries} queries",
        met=median <= at_most and asked <= queries,
    )


def lists(city: City, scale: float) -> list[Result]:
    """First pages of the long lists, for someone who sees all and someone who sees one department."""
    pages = [
        ("risk list, all", city.coordinator, reverse("risks:list")),
        ("risk list, one department", city.head, reverse("risks:list")),
        ("case inbox, all", city.coordinator, reverse("incidents:inbox")),
        ("case inbox, one department", city.head, reverse("incidents:inbox")),
    ]
    return [
        against_floor(name, city, person, url, at_most=3, queries=12, scale=scale) for name, person, url in pages
    ]


ALL: tuple[Callable[[City, float], list[Result]], ...] = (lists,)
