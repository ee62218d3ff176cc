"""The board's overview of all authorities (KL 6:1)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from organisation.access import require
from organisation.oversight import overview_of
from organisation.permissions import OVERSEE
from organisation.requests import PersonRequest, municipality_of


@login_required
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    """The finding, the matters that nobody has taken, and a row per authority."""
    require(request.user, OVERSEE)
    context = overview_of(municipality_of(request), request.user)
    return render(request, "organisation/oversight.html", context | {"heading": finding(context)})


def finding(context: dict[str, Any]) -> str:
    """Return the sentence that heads the page: what lies between chairs, and how many seats are vacant."""
    matters, vacant = context["matters_open"], context["vacant"]
    if not matters and not vacant:
        return _("Every question has an owner, and every seat that must be held has a holder")
    seats = ngettext("%(number)s seat is vacant", "%(number)s seats are vacant", vacant) % {"number": vacant}
    if not matters:
        return _("Every question has an owner; %(seats)s") % {"seats": seats}
    between = ngettext("%(number)s matter lies between chairs", "%(number)s matters lie between chairs", matters)
    if not vacant:
        return between % {"number": matters}
    return _("%(matters)s, and %(seats)s") % {"matters": between % {"number": matters}, "seats": seats}
