"""Vacant seats."""

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisation import permissions
from organisation.access import require
from organisation.export import csv_response
from organisation.forms.vacancies import VacancyFilter
from organisation.keyset import keyset_page
from organisation.pages.vacancies import ORDER, Asked, counted, header, lines, shown
from organisation.requests import PersonRequest, municipality_of


@login_required
@require_safe
def vacancies(request: PersonRequest) -> HttpResponseBase:
    """The vacant seats of a day, oldest first, filtered by the address; as a page or as a CSV file."""
    require(request.user, permissions.VIEW_BODY)
    municipality = municipality_of(request)
    form = VacancyFilter(request.GET, user=request.user, municipality=municipality)
    form.is_valid()
    chosen = form.cleaned_data
    asked = Asked(municipality, form.day(), body=chosen.get("body"), seat_type=chosen.get("seat_type"))
    if request.GET.get("as") == "csv":
        return csv_response(_("vacancies") + ".csv", header(), lines(asked, request.user))
    rows = asked.rows()
    number, oldest = counted(rows)
    with_seat = rows.select_related("seat") if asked.is_today else rows
    page = keyset_page(with_seat, order=ORDER, cursor=request.GET.get("page"))
    context = {
        "form": form,
        "on": asked.on,
        "is_today": asked.is_today,
        "narrowed": bool(asked.body or asked.seat_type),
        "number": number,
        "days": (asked.on - oldest).days if oldest else None,
        "seats": municipality.seats_to_hold,
        "rows": shown(page.rows, asked, request.user),
        "csv_url": _with(request, **{"as": "csv"}),
        "older_url": _with(request, page=page.older_cursor),
        "newer_url": _with(request, page=page.newer_cursor),
    }
    return render(request, "organisation/vacancies.html", context, status=422 if form.errors else 200)


def _with(request: PersonRequest, **wanted: str | None) -> str:
    """Return the list's address with the same filter and ``wanted``; nothing when it is none."""
    if None in wanted.values():
        return ""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in wanted.items():
        query[name] = str(value)
    return f"{reverse('organisation:vacancies')}?{query.urlencode()}"
