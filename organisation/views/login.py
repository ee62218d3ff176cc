"""How people log in, for the municipality's administrator."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation import permissions
from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.forms.login import SecondFactorForm
from organisation.login.overview import login_overview
from organisation.models import User
from organisation.requests import PersonRequest, municipality_of
from organisation.services.second_factor import choose_who_must, reset


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: PersonRequest) -> HttpResponse:
    """What is set up, without its secrets, and who must log in with a second factor."""
    require(request.user, permissions.ADMINISTER)
    municipality = municipality_of(request)
    found = login_overview(municipality)
    chosen: dict[str, Any] = {"kinds": municipality.second_factor_for}
    form = SecondFactorForm(request.POST or None, initial=chosen, offered=found.kinds)
    if request.method == "POST":
        # A form without a tick is an answer: nobody must.
        form = SecondFactorForm(request.POST, offered=found.kinds)
        if form.is_valid():
            try:
                choose_who_must(municipality=municipality, kinds=form.cleaned_data["kinds"], by=request.user)
            except DomainError as error:
                form.add_error("kinds", str(error))
            else:
                messages.success(request, _("Your choice is saved. It holds from the next page that people open."))
                return redirect("organisation:login")
    context = {"overview": found, "form": form, "municipality": municipality}
    return render(request, "organisation/login.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def reset_second_factor(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take away a lost second factor, at the person's own asking."""
    require(request.user, permissions.ADMINISTER)
    people = User.objects.filter(municipality=municipality_of(request))
    person = get_object_or_404(people, public_id=public_id)
    try:
        reset(person=person, by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The second factor is reset, and the person is logged out everywhere."))
    return redirect("organisation:person", person.public_id)
