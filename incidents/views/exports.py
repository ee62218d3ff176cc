"""The inbox as a file, filtered as it is shown."""

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from incidents.forms import InboxFilter
from incidents.inbox import HEADER, file_rows, shared
from incidents.views.fetching import refuse_strangers
from organisation import clock
from organisation.access import Scope
from organisation.export import csv_response
from organisation.requests import PersonRequest
from organisation.spreadsheets import xlsx_response


@login_required
@require_safe
def export_csv(request: PersonRequest) -> HttpResponseBase:
    """The filtered list as CSV, sent as it is read."""
    return csv_response(f"{_name()}.csv", HEADER, file_rows(_chosen(request), request.user))


@login_required
@require_safe
def export_xlsx(request: PersonRequest) -> HttpResponseBase:
    """The filtered list as an Excel file."""
    return xlsx_response(f"{_name()}.xlsx", HEADER, file_rows(_chosen(request), request.user))


def _chosen(request: PersonRequest) -> InboxFilter:
    refuse_strangers(request, shared)
    return InboxFilter(request.GET, scope=Scope.of(request.user), person=request.user)


def _name() -> str:
    return f"cases-{clock.today():%Y-%m-%d}"
