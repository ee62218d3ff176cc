"""People, for the municipality's administrator: the list, one person, and the changes that can be made."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import Scope, require
from organisation.administering import people_run_by
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.export import csv_response
from organisation.forms.people import PeopleFilter, PersonForm
from organisation.handover import answered_by, hand_overs
from organisation.keyset import bounded_count, keyset_page, steps_around
from organisation.models import User
from organisation.pages.people import header, lines, seats_of_each
from organisation.pages.person import changes_of, facts_of, seats_of
from organisation.permissions import ADMINISTER
from organisation.requests import PersonRequest, municipality_of
from organisation.services import people as services
from organisation.services.second_factor import has_second_factor

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def people(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """The municipality's people by name, with the seats that they hold."""
    require(request.user, ADMINISTER)
    form = PeopleFilter(request.GET, municipality=municipality_of(request))
    found = form.narrowed(people_run_by(request.user)).select_related(None)
    if request.GET.get("as") == "csv":
        return csv_response(_("people") + ".csv", header(), lines(found))
    page = keyset_page(found, order=("name", "pk"), cursor=request.GET.get("page"))
    seats = seats_of_each(page.rows)
    count, exact = bounded_count(found) if page.is_part else (len(page.rows), True)
    context = {
        "form": form,
        "rows": [{"person": person, "seats": seats[person.pk]} for person in page.rows],
        "count": count,
        "exact": exact,
        "csv_url": _as_csv(request),
    }
    return render(request, "organisation/people/list.html", context | steps_around(request, page))


def _as_csv(request: PersonRequest) -> str:
    """Return the address of the same list as a file."""
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["as"] = "csv"
    return f"?{asked.urlencode()}"


@login_required
@require_safe
def person(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One person: what is known, their seats, what they leave behind, and what has been changed."""
    shown = get_object_or_404(people_run_by(request.user), public_id=public_id)
    context = {
        "person": shown,
        "facts": facts_of(shown),
        "seats": seats_of(shown),
        "changes": changes_of(shown),
        "has_second_factor": shown != request.user and has_second_factor(shown),
        "handover": None if shown.is_active else _handover_of(request, shown),
    }
    return render(request, "organisation/people/person.html", context)


def _handover_of(request: PersonRequest, shown: User) -> Any:
    return hand_overs(municipality_of(request), [shown.pk])[0]


@login_required
@require_http_methods(PAGE_METHODS)
def person_new(request: PersonRequest) -> HttpResponse:
    """Add somebody who is in no staff list: an elected person, or a member from outside."""
    require(request.user, ADMINISTER)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_person(municipality=municipality_of(request), by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("%(person)s is added.") % {"person": added.name})
            return redirect("organisation:person", added.public_id)
    return render(request, "organisation/people/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def person_edit(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct what is known of a person."""
    shown = get_object_or_404(people_run_by(request.user), public_id=public_id)
    known = {"name": shown.name, "email": shown.email, "external_id": shown.external_id}
    form = PersonForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_person(person=shown, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("organisation:person", shown.public_id)
    context = {"form": form, "person": shown}
    return render(request, "organisation/people/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def person_end(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what ends and what is to be handed over, then let the person leave."""
    shown = get_object_or_404(people_run_by(request.user), public_id=public_id)
    if request.method == "POST":
        return _carry_out(request, shown, services.end_person, _("%(person)s has left, and is logged out everywhere."))
    running = [one for one in seats_of(shown) if one.appointment.valid_to is None or one.tone != "off"]
    context = {"person": shown, "seats": running, "handover": _handover_of(request, shown)}
    return render(request, "organisation/people/end.html", context)


@login_required
@require_http_methods(PAGE_METHODS)
def person_back(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a person who left log in again."""
    shown = get_object_or_404(people_run_by(request.user), public_id=public_id)
    if request.method == "POST":
        return _carry_out(request, shown, services.take_back, _("%(person)s is back, so far without a seat."))
    return render(request, "organisation/people/back.html", {"person": shown})


def _carry_out(request: PersonRequest, shown: User, verb: Any, done: str) -> HttpResponse:
    """Carry out a change that has no answers; the same button pressed twice is one change."""
    try:
        verb(person=shown, by=request.user)
    except NotAllowed:
        raise
    except WrongState:
        messages.info(request, _("That is done already."))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"person": shown.name})
    return redirect("organisation:person", shown.public_id)


@login_required
@require_safe
def handover(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What somebody who left leaves to whoever answers for it now."""
    left = get_object_or_404(User.objects.filter(municipality=request.user.municipality), public_id=public_id)
    mine = next(iter(answered_by(request.user, Scope.of(request.user), left)), None)
    if mine is None:
        raise Http404
    _all, seats = mine
    return render(request, "organisation/people/handover.html", {"person": left, "seats": seats})
