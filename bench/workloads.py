"""What is measured: every page against F, the lists against size and place, writing a report, the yearly report."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from actionplans.models import Plan
from bench.city import LAST_YEAR, City
from bench.measure import Action, Result, get, ratios, result
from bench.writing import report, rows_written, write_plainly
from bench.yearly import measure_report
from followup.models import Report
from incidents.models import Incident
from organisation.keyset import keyset_page
from organisation.models import User
from policies.models import GoverningDocument
from risks.models import Risk

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
    at_most: float | None = None
    is_list: bool = False

    def action(self, city: City) -> Action:
        """Return the action that asks for the page in ``city``."""
        return get(client_of(getattr(city, self.who)), reverse(self.view, args=self.args(city)) + self.query)


def _own(model: Any, **wanted: Any) -> Callable[[City], tuple[Any, ...]]:
    """The public id of one row of the city."""
    return lambda city: (model.objects.filter(municipality=city.municipality, **wanted).first().public_id,)


def _of_department(model: Any, **wanted: Any) -> Callable[[City], tuple[Any, ...]]:
    """The public id of one row at a unit of the first department."""
    return lambda city: (model.objects.filter(body__in=city.units_of(0), **wanted).first().public_id,)


def _of_committee(city: City) -> tuple[Any, ...]:
    return (Plan.objects.get(body=city.committees[0], year=LAST_YEAR).public_id,)


PAGES = (
    Page("my work, coordinator", "home", at_most=2),
    Page("my work, head of a department", "home", "head", at_most=2),
    Page("case inbox, whole city", "incidents:inbox", is_list=True),
    Page("case inbox, one department", "incidents:inbox", "head", is_list=True),
    Page("one case, read by its handler", "incidents:case", "head", _of_department(Incident)),
    Page("own reports", "incidents:mine", "manager", is_list=True),
    Page("choose a workplace to report, by search", "report:choose", query="?q=enhet"),
    Page("report form", "report:form", "manager", lambda city: (city.units[0].report_code,)),
    Page("risk matrix, whole city", "risks:matrix", at_most=2),
    Page("risk matrix, one department", "risks:matrix", "head", at_most=2),
    Page("risk list, whole city", "risks:list", is_list=True),
    Page("risk list, one department", "risks:list", "head", is_list=True),
    Page("one risk", "risks:risk", "coordinator", _of_department(Risk)),
    Page("form of a new risk", "risks:new", "head"),
    Page("form of a judgement", "risks:assess", "head", _of_department(Risk)),
    Page("plans of a year", "actionplans:list", is_list=True),
    Page("plans of a year, one department", "actionplans:list", "head", is_list=True),
    Page("one plan", "actionplans:plan", "head", _of_committee),
    Page("governing documents", "policies:list"),
    Page("one document", "policies:document", "coordinator", _own(GoverningDocument)),
    Page("responsibility map", "organisation:map"),
    Page("vacant seats", "organisation:vacancies"),
    Page("one body", "organisation:body", "coordinator", lambda city: (city.units[0].public_id,)),
    Page("yearly reports", "followup:reports", is_list=True),
    Page("progress of a report", "followup:report", "coordinator", _own(Report)),
    Page("summary of the year", "followup:summary", "coordinator", _own(Report)),
    Page("figures as CSV", "followup:figures_csv", "coordinator", _own(Report)),
    Page("figures as JSON", "followup:figures_json", "coordinator", _own(Report)),
)


def client_of(person: User) -> Client:
    """Return a client in which ``person`` is logged in."""
    client = Client()
    client.force_login(person, backend="organisation.access.ScopeBackend")
    return client


def floor_of(city: City) -> Action:
    """Return F: the bare page, asked for by the coordinator."""
    return get(client_of(city.coordinator), f"/bench/floor/{city.units[0].pk}/")


def pages(city: City, small: City) -> list[Result]:
    """Every page as a multiple of F."""
    floor, found = floor_of(city), []
    for page in PAGES:
        action = page.action(city)
        at_most, queries = (LIST_COSTS, LIST_QUERIES) if page.is_list else (page.at_most, None)
        cost = ratios(action, floor)
        found.append(result(page.name, city.scale, cost, at_most=at_most, unit="F", queries=queries, asked=action))
    return found


def by_size(city: City, small: City) -> list[Result]:
    """First pages of lists, in the city and in one a hundredth of its size."""
    lists = {"risk list": "risks:list", "case inbox": "incidents:inbox"}
    found = []
    for name, view in lists.items():
        large, little = Page(name, view).action(city), Page(name, view).action(small)
        found.append(result(f"{name}: city ÷ hundredth", city.scale, ratios(large, little), at_most=1.2))
    return found


def by_place(city: City, small: City) -> list[Result]:
    """The page half way down a list against its first page."""
    risks = Risk.objects.filter(municipality=city.municipality)
    cases = Incident.objects.filter(municipality=city.municipality)
    everything = {"state": "all"}
    lists = (
        ("risk list", "risks:list", risks, ("-sort_key", "-pk")),
        ("case inbox", "incidents:inbox", cases, ("-serious", "reported_at", "pk")),
    )
    found = []
    for name, view, rows, order in lists:
        client, url = client_of(city.coordinator), reverse(view)
        deep = get(client, f"{url}?{urlencode(everything | {'page': _half_way(rows, order)})}")
        first = get(client, f"{url}?{urlencode(everything)}")
        place = f"{name}: row {rows.count() // 2} ÷ first page"
        found.append(result(place, city.scale, ratios(deep, first), at_most=1.5, queries=LIST_QUERIES, asked=deep))
    return found


def _half_way(rows: QuerySet[Any], order: tuple[str, ...]) -> str:
    """Return the cursor of the page that begins after the middle row."""
    middle = rows.count() // 2
    two = [row.pk for row in rows.order_by(*order).only("pk")[middle : middle + 2]]
    cursor = keyset_page(rows.filter(pk__in=two), order=order, size=1).older_cursor
    if cursor is None:
        raise RuntimeError("the list has no middle")
    return cursor


def by_scope(city: City, small: City) -> list[Result]:
    """Lists of someone with many bodies against someone with one."""
    found = []
    for name, view in (("risk list", "risks:list"), ("case inbox", "incidents:inbox")):
        many, one = Page(name, view, "head").action(city), Page(name, view, "manager").action(city)
        workload = f"{name}: {len(city.units_of(0)) + 1} bodies ÷ 1 body"
        found.append(result(workload, city.scale, ratios(many, one), at_most=2))
    return found


def submission(city: City, small: City) -> list[Result]:
    """Reporting an incident, against plain ORM that writes as many rows."""
    rows = rows_written(city)
    found = ratios(partial(report, city), partial(write_plainly, city, rows))
    return [result("reporting an incident ÷ plain ORM", city.scale, found, at_most=round(1 / 0.45, 2))]


def yearly_report(city: City, small: City) -> list[Result]:
    """The yearly report: processor time against WeasyPrint alone, and memory."""
    return measure_report(city)


ALL: tuple[Callable[[City, City], list[Result]], ...] = (pages, by_size, by_place, by_scope, submission, yearly_report)
