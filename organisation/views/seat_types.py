"""Kinds of seat: the list, and adding or changing one, with what follows from where it sits shown before it is done."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import require
from organisation.errors import DomainError
from organisation.forms.seat_types import SeatTypeForm
from organisation.models import SeatType, Vacancy
from organisation.permissions import ADMINISTER
from organisation.requests import PersonRequest, municipality_of
from organisation.seat_words import actors_of, rule_of
from organisation.services import seat_types as services
from organisation.services.seat_types import SeatTypeValues

PAGE_METHODS = ["GET", "HEAD", "POST"]
# What the check page's buttons say.
SAVE, BACK = "save", "answers"


@login_required
@require_safe
def seat_types(request: PersonRequest) -> HttpResponse:
    """Every kind of seat with its rule, and how many seats of it are vacant."""
    require(request.user, ADMINISTER)
    municipality = municipality_of(request)
    types = list(SeatType.objects.filter(municipality=municipality).select_related("reports_to", "falls_back_to"))
    vacancies = Vacancy.objects.filter(municipality=municipality).order_by().values_list("seat__seat_type")
    vacant = dict(vacancies.annotate(Count("pk")))
    actors = actors_of(municipality, types)
    rows = [{"type": row, "rule": rule_of(row, actors), "vacant": vacant.get(row.pk, 0)} for row in types]
    return render(request, "organisation/seat_types.html", {"rows": rows})


@login_required
@require_http_methods(PAGE_METHODS)
def seat_type_new(request: PersonRequest) -> HttpResponse:
    """Add a kind of seat."""
    require(request.user, ADMINISTER)
    municipality = municipality_of(request)
    form = SeatTypeForm(request.POST or None, municipality=municipality)

    def save(values: SeatTypeValues) -> SeatType:
        return services.add_seat_type(municipality=municipality, values=values, by=request.user)

    return _page(request, form, SeatType(municipality=municipality), save)


@login_required
@require_http_methods(PAGE_METHODS)
def seat_type(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the rule of a kind of seat."""
    municipality = municipality_of(request)
    types = SeatType.objects.filter(municipality=municipality).select_related("reports_to", "falls_back_to")
    require(request.user, ADMINISTER)
    found = get_object_or_404(types, public_id=public_id)
    form = SeatTypeForm(request.POST or None, municipality=municipality, seat_type=found)

    def save(values: SeatTypeValues) -> SeatType:
        seen = form.cleaned_data["seen"]
        return services.change_seat_type(seat_type=found, values=values, seen=seen, by=request.user)

    return _page(request, form, found, save)


def _page(request: PersonRequest, form: SeatTypeForm, asked: SeatType, save: Any) -> HttpResponse:
    """Show the form; then what follows from where the seat sits, if anything; then do it."""
    context: dict[str, Any] = {"form": form, "seat_type": form.seat_type}
    step = request.POST.get("step")
    if request.method == "POST" and form.is_valid() and step != BACK:
        values = form.values()
        asked.sits_at = list(values.sits_at)
        effect = services.effect_of(asked)
        if effect and step != SAVE:
            return render(request, "organisation/seat_type_check.html", context | _shown(request, values, effect))
        try:
            saved = save(values)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
            return redirect("organisation:seat_types")
    return render(request, "organisation/seat_type.html", context, status=422 if form.errors else 200)


def _shown(request: PersonRequest, values: SeatTypeValues, effect: services.Effect) -> dict[str, Any]:
    """Return what the check page shows, and the answers that it carries along."""
    left_out = {"csrfmiddlewaretoken", "step"}
    carried = [(name, value) for name, sent in request.POST.lists() if name not in left_out for value in sent]
    return {"values": values, "made": effect.made, "ended": effect.ended, "carried": carried}
