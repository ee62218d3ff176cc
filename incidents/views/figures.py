"""The figures of cases: a page, and the same as a file."""

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents.figures.page import figures_of, figures_page, month_table
from incidents.figures.tables import header, lines, tables
from incidents.forms.figures import FiguresFilter
from incidents.permissions import VIEW_STATISTICS
from organisation.access import Scope, require
from organisation.export import csv_response
from organisation.requests import PersonRequest, municipality_of
from organisation.spreadsheets import xlsx_response

FILES = {"csv": csv_response, "xlsx": xlsx_response}


@login_required
@require_safe
def figures(request: PersonRequest) -> HttpResponseBase:
    """What has been reported during a year beside the one before, over the bodies that the person has figures of."""
    require(request.user, VIEW_STATISTICS)
    chosen = FiguresFilter(request.GET, scope=Scope.of(request.user))
    asked = chosen.asked(municipality_of(request))
    found = figures_of(asked)
    if respond := FILES.get(request.GET.get("as", "")):
        rows = lines(tables(found, asked), month_table(found, asked))
        name = _("figures")
        return respond(f"{name}-{asked.year}.{request.GET['as']}", header(), rows)
    query = request.GET.copy()
    files = {}
    for kind in FILES:
        query["as"] = kind
        files[kind] = f"?{query.urlencode()}"
    return render(
        request, "incidents/figures/page.html", {"filter": chosen, "files": files} | figures_page(found, asked)
    )
