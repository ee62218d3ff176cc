"""What is measured: every page against F, lists against size and place, writing a report, the yearly report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from actionplans.models import Measure, Plan, VersionState
from bench.case_importing import importing_cases
from bench.city import LAST_YEAR, City
from bench.importing import importing
from bench.inbox import case_inbox
from bench.measure import Result, get, ratios, result
from bench.pages import LIST_QUERIES, Page, against, client_of, floor_of, half_way
from bench.writing import plain_writer, report, rows_written
from bench.yearly import measure_report
from followup.models import Report
from incidents.models import Incident
from organisation.access import Scope
from organisation.keyset import PAGE_SIZE
from organisation.models import (
    Appointment,
    Assignment,
    Body,
    BodyKind,
    CoordinationMatter,
    GroupAction,
    GroupMeeting,
    SeatKind,
    User,
    WorkEnvironmentRequest,
    WorkStop,
)
from policies.models import GoverningDocument
from risks.models import Risk


def _own(model: Any, **wanted: Any) -> Callable[[City], tuple[Any, ...]]:
    """The public id of one row of the city."""
    return lambda city: (model.objects.filter(municipality=city.municipality, **wanted).first().public_id,)


def _of_department(model: Any, **wanted: Any) -> Callable[[City], tuple[Any, ...]]:
    """The public id of one row at a unit of the first department."""
    return lambda city: (model.objects.filter(body__in=city.units_of(0), **wanted).first().public_id,)


def _of_committee(city: City) -> tuple[Any, ...]:
    return (Plan.objects.get(body=city.committees[0], year=LAST_YEAR).public_id,)


def _of_measure(city: City) -> tuple[Any, ...]:
    measures: Any = Measure.objects.filter(plan__body=city.committees[0], version__state=VersionState.IN_FORCE)
    return (measures.first().public_id,)


def _seat(city: City) -> tuple[Any, ...]:
    return (city.seats[SeatKind.UNIT_OMBUD, city.units[0].pk].public_id,)


def _representative(city: City) -> tuple[Any, ...]:
    kind = SeatKind.SAFETY_REPRESENTATIVE
    return (Appointment.objects.filter(municipality=city.municipality, seat__seat_type__kind=kind)[0].public_id,)


def _root(city: City) -> str:
    return f"?root={city.departments[0].public_id}"


def _who(city: City) -> str:
    return f"?body={city.units[0].public_id}&responsibility=seat:unit_ombud"


RISKS = Page("risk list, whole city", "risks:list", is_list=True)
PAGES = (
    Page("my work, coordinator", "home", at_most=2),
    Page("my work, head of a department", "home", "head", at_most=2),
    Page("one case, read by its handler", "incidents:case", "head", _of_department(Incident)),
    Page("figures of cases, whole city", "incidents:figures", query=f"?year={LAST_YEAR}", at_most=2),
    Page("figures of cases, one department", "incidents:figures", "head", query=f"?year={LAST_YEAR}", at_most=2),
    Page("figures of cases, one unit", "incidents:figures", "manager", query=f"?year={LAST_YEAR}", at_most=2),
    Page("how it went at one's workplace", "incidents:outcomes", "manager", is_list=True),
    Page("own reports", "incidents:mine", "manager", is_list=True),
    Page("register of cases, whole city", "incidents:register", is_list=True),
    Page("choose a workplace to report, by search", "report:choose", query="?q=enhet"),
    Page("report form", "report:form", "manager", lambda city: (city.units[0].report_code,)),
    Page("risk matrix, whole city", "risks:matrix", at_most=2),
    Page("risk matrix, one department", "risks:matrix", "head", at_most=2),
    RISKS,
    Page("risk list, one department", "risks:list", "head", is_list=True),
    Page("one risk", "risks:risk", "coordinator", _of_department(Risk)),
    Page("form of a new risk", "risks:new", "head"),
    Page("form of a judgement", "risks:assess", "head", _of_department(Risk)),
    Page("plans of a year", "actionplans:list", is_list=True),
    Page("plans of a year, one department", "actionplans:list", "head", is_list=True),
    Page("one plan", "actionplans:plan", "head", _of_committee),
    Page("governing documents", "policies:list"),
    Page("one document", "policies:document", "coordinator", _own(GoverningDocument)),
    Page("responsibility map, first screen", "organisation:map", at_most=3),
    Page("responsibility map, one branch", "organisation:map", query_of=_root),
    Page("responsibility map, another day", "organisation:map", query="?on=2024-06-01"),
    Page("vacant seats", "organisation:vacancies", at_most=3),
    Page("vacant seats, one department's head", "organisation:vacancies", "head", at_most=3),
    Page("one seat", "organisation:seat", "head", _seat),
    Page("who answers", "organisation:who", query_of=_who),
    Page("one measure", "actionplans:measure", "head", _of_measure),
    Page("tree of bodies, first screen", "organisation:tree", at_most=3),
    Page("tree of bodies, one department", "organisation:tree", query_of=_root),
    Page("tree of bodies, another day", "organisation:tree", query="?on=2024-06-01"),
    Page("what has been reorganised", "organisation:changes", "administrator"),
    Page("organisation chart", "organisation:chart"),
    Page("kinds of seat", "organisation:seat_types", "administrator"),
    Page("one body", "organisation:body", "coordinator", lambda city: (city.units[0].public_id,)),
    Page("safety representatives", "organisation:representatives", is_list=True),
    Page("safety representatives, by search", "organisation:representatives", query="?q=enhet 12"),
    Page("workplaces without a safety representative", "organisation:unrepresented"),
    Page("one safety representative", "organisation:mandate", args=_representative),
    Page("requests, whole city", "organisation:requests", is_list=True),
    Page("requests, one department", "organisation:requests", "head", is_list=True),
    Page("one request", "organisation:request", "coordinator", _own(WorkEnvironmentRequest)),
    Page("stops of work", "organisation:stops", is_list=True),
    Page("one stop", "organisation:stop", "coordinator", _own(WorkStop)),
    Page("what is shared", "organisation:grants", "administrator", is_list=True),
    Page("groups", "organisation:groups", is_list=True),
    Page("one group", "organisation:group", "coordinator", _own(Body, kind=BodyKind.RISK_GROUP)),
    Page("one meeting of a group", "organisation:group_meeting", "coordinator", _own(GroupMeeting)),
    Page("one assignment of a group", "organisation:assignment", "coordinator", _own(Assignment)),
    Page("one action of a group", "organisation:group_action", "coordinator", _own(GroupAction)),
    Page("matters between chairs", "organisation:matters", is_list=True),
    Page("matters between chairs, one department", "organisation:matters", "head", is_list=True),
    Page("one matter between chairs", "organisation:matter", "coordinator", _own(CoordinationMatter)),
    Page("the board's overview", "organisation:oversight"),
    Page("what the administrator runs", "organisation:administer", "administrator"),
    Page("people", "organisation:people", "administrator", is_list=True),
    Page("people, by search", "organisation:people", "administrator", query="?q=modellgren 12"),
    Page("one person", "organisation:person", "administrator", lambda city: (city.people[-1].public_id,)),
    Page("imports", "organisation:imports", "administrator", is_list=True),
    Page("yearly reports", "followup:reports", is_list=True),
    Page("progress of a report", "followup:report", "coordinator", _own(Report)),
    Page("summary of the year", "followup:summary", "coordinator", _own(Report)),
    Page("figures as CSV", "followup:figures_csv", "coordinator", _own(Report)),
    Page("figures as JSON", "followup:figures_json", "coordinator", _own(Report)),
)


def pages(city: City, small: City, chosen: Sequence[Page] = PAGES) -> list[Result]:
    """Every page as a multiple of F, or those ``chosen``."""
    floor = floor_of(city)
    return [against(floor, page, city) for page in chosen]


def by_size(city: City, small: City) -> list[Result]:
    """The first page of risks, in the city and in one a hundredth of its size."""
    large, little = RISKS.action(city), RISKS.action(small)
    return [result("risk list: city ÷ hundredth", city.scale, ratios(large, little), at_most=1.2)]


def by_place(city: City, small: City) -> list[Result]:
    """The page half way down the risks against the first page."""
    risks = Risk.objects.filter(municipality=city.municipality)
    client, url = client_of(city.coordinator), reverse(RISKS.view)
    first = get(client, f"{url}?state=all")
    deep = get(client, f"{url}?{urlencode({'state': 'all', 'page': half_way(risks, ('-sort_key', '-pk'))})}")
    place = f"risk list: row {risks.count() // 2} ÷ first page"
    return [result(place, city.scale, ratios(deep, first), at_most=1.5, queries=LIST_QUERIES, asked=deep)]


def by_scope(city: City, small: City) -> list[Result]:
    """The risks of someone with many bodies against those of someone with one."""
    many, one = replace(RISKS, who="head").action(city), replace(RISKS, who="manager").action(city)
    workload = f"risk list: {len(city.units_of(0)) + 1} bodies ÷ 1 body"
    return [result(workload, city.scale, ratios(many, one), at_most=2)]


def scope(city: City, small: City) -> list[Result]:
    """Reading what a person may see, and the first page of risks that it leaves, without any page around."""
    floor, found = floor_of(city), []
    for words, person in (("whole city", city.coordinator), ("one department", city.head), ("one unit", city.manager)):
        asked = partial(_first_within_scope, person.pk)
        workload = f"scope at {len(city.units)} units, {words}"
        found.append(result(workload, city.scale, ratios(asked, floor), at_most=1, unit="F", asked=asked))
    return found


def _first_within_scope(person_id: int) -> list[int]:
    """Read the person and the scope anew, as each request does, and the newest risks within it."""
    may = Scope.of(User.objects.get(pk=person_id)).condition("risks.view_risk")
    return list(Risk.objects.filter(may).order_by("-sort_key", "-pk").values_list("pk", flat=True)[:PAGE_SIZE])


def submission(city: City, small: City) -> list[Result]:
    """Reporting an incident, against plain ORM that writes as many rows."""
    rows = rows_written(city)
    found = ratios(partial(report, city), plain_writer(city, rows))
    asked = partial(report, city)
    name = f"reporting an incident ({len(rows)} rows) ÷ plain ORM"
    return [result(name, city.scale, found, at_most=round(1 / 0.45, 2), asked=asked)]


def yearly_report(city: City, small: City) -> list[Result]:
    """The yearly report: processor time against WeasyPrint alone, and memory."""
    return measure_report(city)


ALL: tuple[Callable[[City, City], list[Result]], ...] = (
    pages,
    case_inbox,
    by_size,
    by_place,
    by_scope,
    scope,
    submission,
    importing_cases,
    importing,
    yearly_report,
)

# What reads nothing of the city but its organisation and its cases.
CASES_ALONE = (case_inbox,)


def named(words: Sequence[str]) -> Iterator[tuple[str, Callable[[City, City], list[Result]]]]:
    """Yield (name, workload) of all workloads, or of those that ``words`` name; of the pages, those so named."""
    for workload in ALL:
        name = workload.__name__.replace("_", " ")
        if not words or any(word in name for word in words):
            yield name, workload
        elif workload is pages and (some := [page for page in PAGES if any(word in page.name for word in words)]):
            yield name, partial(pages, chosen=some)
