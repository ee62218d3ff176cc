"""Who has opened what is kept apart: to the reporter by title, to the data-protection officer by name."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.disclosure.items import moment
from incidents.forms.readings import ReadingsFilter
from incidents.models import Incident, ReadLog, Withheld
from incidents.titles import titles_of
from organisation.keyset import keyset_page, steps_around
from organisation.pages.people import seats_of_each

NEWEST_FIRST = ("-at", "-pk")
# A case is opened by few people, but for years.
MOST_SHOWN = 200


def case_readings_page(incident: Incident) -> dict[str, Any]:
    """Return what the reporter is told: title, what was opened and when; names stand with the municipality."""
    found = list(incident.readings.order_by("-at", "-pk")[:MOST_SHOWN])
    by_day: dict[Any, set[int]] = {}
    for one in found:
        by_day.setdefault(localtime(one.at).date(), set()).add(one.by_id)
    titles = {day: titles_of(people, incident.body, day) for day, people in by_day.items()}
    return {
        "case": incident,
        "rows": [
            {
                "who": titles[localtime(one.at).date()].get(one.by_id) or _("Somebody without a seat that day"),
                "what": capfirst(one.get_what_display()),
                "when": moment(one.at),
            }
            for one in found
        ],
        "more": len(found) == MOST_SHOWN,
    }


def readings_page(request: HttpRequest, form: ReadingsFilter) -> dict[str, Any]:
    """Return the context of the officer's page: readings of the municipality's cases, newest first.

    A case that is kept from the officer is not there: they may be the one whom it is about.
    """
    kept_from = Withheld.objects.filter(incident=OuterRef("incident"), person_id=request.user.pk)
    readings = ReadLog.objects.filter(incident__municipality=form.municipality).exclude(Exists(kept_from))
    rows = form.narrow(readings).select_related("incident", "by")
    page = keyset_page(rows, order=NEWEST_FIRST, cursor=request.GET.get("page"))
    seats = seats_of_each([one.by for one in page.rows])
    told = [
        {
            "number": one.incident.label,
            "who": one.by.name,
            "seats": seats[one.by_id],
            "what": capfirst(one.get_what_display()),
            "when": one.at,
        }
        for one in page.rows
    ]
    return {"form": form, "rows": told, "page": page} | steps_around(request, page)
