"""From a number in the summary to the list behind it, for those who may see that list."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from actionplans.permissions import VIEW_PLAN
from followup.models import Report
from incidents.models import IncidentKind
from incidents.permissions import VIEW_INCIDENT
from organisation.access import Scope
from organisation.permissions import VIEW_BODY
from risks.permissions import VIEW_RISK

# number → permission, address, and the filter that picks out what was counted.
LISTS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "near_misses": (VIEW_INCIDENT, "incidents:inbox", {"kind": IncidentKind.NEAR_MISS.value, "state": "all"}),
    "high_risks": (VIEW_RISK, "risks:list", {}),
    "on_time": (VIEW_PLAN, "actionplans:list", {}),
    "vacant": (VIEW_BODY, "organisation:vacancies", {}),
}
OF_A_YEAR = frozenset({"near_misses", "on_time"})
# Two kinds together have no list of their own: the number leads to the table that parts them.
TABLE = {"threats_violence": "#kinds"}


def linked(numbers: list[dict[str, str]], report: Report, scope: Scope) -> list[dict[str, str]]:
    """Return the numbers with ``url`` where the person may see what was counted."""
    return [number | {"url": _url(number["key"], report, scope)} for number in numbers]


def kind_url(kind: str, report: Report, scope: Scope) -> str:
    """Return the address of the year's incidents of one kind, or nothing for those who may not see them."""
    if kind not in IncidentKind.values or not scope.holds(VIEW_INCIDENT):
        return ""
    query = urlencode({"kind": kind, "state": "all", "year": report.year})
    return f"{reverse('incidents:inbox')}?{query}"


def _url(key: str, report: Report, scope: Scope) -> str:
    if key in TABLE:
        return TABLE[key]
    permission, name, wanted = LISTS[key]
    if not scope.holds(permission):
        return ""
    query = urlencode({**wanted, **({"year": report.year} if key in OF_A_YEAR else {})})
    return f"{reverse(name)}?{query}" if query else reverse(name)
