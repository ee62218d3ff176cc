"""The register of cases as OSL 5:2 asks for it: when it came in, its number, from whom, and in brief what about."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.case.secrecy import way_to
from incidents.forms.register import RegisterFilter
from incidents.forms.secrecy import RegistryForm
from incidents.models import Incident, IncidentQuerySet
from incidents.sight import Sight
from organisation.keyset import bounded_count, keyset_page, steps_around
from organisation.models import User

NEWEST_FIRST = ("-reported_at", "-pk")
PIECE = 500


def brief(incident: Incident) -> str:
    """Return in brief what the case concerns: kind and workplace, never a word of what was told."""
    return f"{incident.get_kind_display()}, {incident.body.name}"


def sender() -> str:
    """Return what the register says of the sender: who reported stands in the case, for those who handle it."""
    return _("The reporter, see the case")


def register_page(request: HttpRequest, cases: IncidentQuerySet, form: RegisterFilter) -> dict[str, Any]:
    """Return the context of the register's page, the latest first."""
    found = form.narrow(cases)
    page = keyset_page(found.select_related("body"), order=NEWEST_FIRST, cursor=request.GET.get("page"))
    count, exact = bounded_count(found) if page.is_part else (len(page.rows), True)
    seen = Incident.objects.visible_to(request.user).filter(pk__in=[case.pk for case in page.rows])
    linked = set(seen.values_list("pk", flat=True))
    return {
        "form": form,
        "rows": [{"case": case, "brief": brief(case), "linked": case.pk in linked} for case in page.rows],
        "sender": sender(),
        "count": count,
        "exact": exact,
        "csv_url": _as_csv(request),
    } | steps_around(request, page)


def _as_csv(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["as"] = "csv"
    return f"?{asked.urlencode()}"


def header() -> list[str]:
    """Return the names of the file's columns."""
    return [_("Came in"), _("Number"), _("Registry number"), _("From"), _("Concerns"), _("Status")]


def lines(cases: IncidentQuerySet) -> Iterator[list[Any]]:
    """Yield one line per case, the latest first, read piece by piece."""
    rows = cases.select_related("body").order_by(*NEWEST_FIRST).iterator(chunk_size=PIECE)
    told = sender()
    while piece := list(islice(rows, PIECE)):
        for case in piece:
            on = case.reported_on.isoformat()
            yield [on, case.label, case.registry_number, told, brief(case), case.get_state_display()]


def case_register_page(incident: Incident, person: User, form: RegistryForm) -> dict[str, Any]:
    """Return the context of one case's fields of the register, and the form of its registry number."""
    facts = [
        (_("Came in"), date_format(incident.reported_on, "j F Y")),
        (_("Number"), incident.label),
        (_("Registry number"), incident.registry_number),
        (_("From"), sender()),
        (_("Concerns"), brief(incident)),
    ]
    return {
        "case": incident,
        "facts": [{"key": key, "value": value} for key, value in facts],
        "form": form if Sight.of(incident, person).handles else None,
        "way_here": way_to(incident),
    }
