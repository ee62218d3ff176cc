"""The case inbox: its pages against F, against a hundredth of the cases, against the first page, against one body."""

from dataclasses import replace
from urllib.parse import urlencode

from bench.city import City
from bench.measure import Result, get, ratios, result
from bench.pages import LIST_QUERIES, Page, against, client_of, floor_of, half_way
from incidents.inbox import OLDEST_FIRST
from incidents.models import Incident, IncidentQuerySet

EVERY = {"state": "all"}
# The first opens with the open cases, a fiftieth of all; the last holds them all.
OPEN = Page("case inbox, whole city", "incidents:inbox", is_list=True)
ALL = replace(OPEN, name="case inbox, whole city, closed cases too", query=f"?{urlencode(EVERY)}")
PAGES = (
    OPEN,
    replace(OPEN, name="case inbox, one department", who="head"),
    replace(OPEN, name="case inbox, one unit", who="manager"),
    ALL,
    replace(ALL, name="case inbox, one department, closed cases too", who="head"),
)


def case_inbox(city: City, small: City) -> list[Result]:
    """All of the inbox's measurements; ``small`` has a hundredth of the cases."""
    floor = floor_of(city)
    return [*(against(floor, page, city) for page in PAGES), *_by_size(city, small), _by_place(city), _by_scope(city)]


def _by_size(city: City, small: City) -> list[Result]:
    found = []
    for words, page in (("open", OPEN), ("all", ALL)):
        counts = [_cases(one).count() if page is ALL else _cases(one).open().count() for one in (city, small)]
        workload = f"case inbox, {words} cases: {counts[0]:,} ÷ {counts[1]:,}"
        found.append(result(workload, city.scale, ratios(page.action(city), page.action(small)), at_most=1.2))
    return found


def _by_place(city: City) -> Result:
    """The page half way down all cases against the first one."""
    cases = _cases(city)
    client, address = client_of(city.coordinator), OPEN.address(city)
    deep = get(client, f"{address}?{urlencode(EVERY | {'page': half_way(cases.ranked(), OLDEST_FIRST)})}")
    found = ratios(deep, ALL.action(city))
    workload = f"case inbox: row {cases.count() // 2:,} ÷ first page"
    return result(workload, city.scale, found, at_most=1.5, queries=LIST_QUERIES, asked=deep)


def _by_scope(city: City) -> Result:
    """Someone with many bodies against someone with one."""
    many, one = replace(OPEN, who="head").action(city), replace(OPEN, who="manager").action(city)
    workload = f"case inbox: {len(city.units_of(0)) + 1} bodies ÷ 1 body"
    return result(workload, city.scale, ratios(many, one), at_most=2)


def _cases(city: City) -> IncidentQuerySet:
    return Incident.objects.filter(municipality=city.municipality)
