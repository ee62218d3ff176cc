"""The municipality's fund for deductibles: its balance, its entries, and as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents.errors import FundWouldBeNegative
from incidents.forms.fund import EntryForm
from incidents.fund_page import NEWEST_FIRST, fund_lines, fund_page
from incidents.models import FundEntry
from incidents.permissions import KEEP_FUND, VIEW_FUND
from incidents.services import fund as services
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.export import csv_response
from organisation.form_keys import form_key, submission_key
from organisation.keyset import keyset_page, steps_around
from organisation.requests import PersonRequest, municipality_of


@login_required
@require_safe
def fund(request: PersonRequest) -> HttpResponse:
    """The fund's balance, what was paid in and out each year, and its entries, newest first."""
    require(request.user, VIEW_FUND)
    municipality = municipality_of(request)
    entries = FundEntry.objects.filter(municipality=municipality).select_related("claim__incident")
    page = keyset_page(entries, order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context = fund_page(municipality, request.user, page) | steps_around(request, page)
    return render(request, "incidents/fund/fund.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fund_entry(request: PersonRequest) -> HttpResponse:
    """Pay in, pay a contribution to prevention, or correct the balance."""
    require(request.user, KEEP_FUND)
    municipality = municipality_of(request)
    if not services.has_fund(municipality, clock.today()):
        return redirect("incidents:fund")
    form = EntryForm(request.POST or None, initial={"submission_key": form_key(request), "on": clock.today()})
    if request.method == "POST" and form.is_valid():
        key = submission_key(form.cleaned_data["submission_key"], request.POST)
        try:
            services.enter(municipality=municipality, by=request.user, submission_key=key, **form.values())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
            if isinstance(error, FundWouldBeNegative):
                form.ask_again()
        else:
            messages.success(request, _("The entry is written."))
            return redirect("incidents:fund")
    context = {"form": form, "way_here": [(_("Deductible fund"), reverse("incidents:fund"))]}
    return render(request, "incidents/fund/entry.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def fund_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The entries as a file, oldest first, each with the balance after it."""
    require(request.user, VIEW_FUND)
    header = (_("Day"), _("What"), _("Amount, SEK"), _("Balance, SEK"), _("Note"))
    return csv_response("fund.csv", header, fund_lines(municipality_of(request)))
