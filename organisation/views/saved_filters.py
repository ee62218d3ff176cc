"""A person's own saved filters: the list, one more, one less."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import require
from organisation.errors import DomainError, NotAllowed
from organisation.forms.saved_filters import FilterNameForm
from organisation.models import SavedFilter
from organisation.permissions import VIEW_BODY
from organisation.requests import PersonRequest, municipality_of
from organisation.saved_filters import address_of, filters_of, list_of, query_of
from organisation.services import saved_filters as services


@login_required
@require_safe
def filters(request: PersonRequest) -> HttpResponse:
    """All filters that the person has saved, each with its list."""
    require(request.user, VIEW_BODY)
    rows = [
        {"saved": saved, "url": address_of(saved), "of": listed.label}
        for saved in filters_of(request.user)
        if (listed := list_of(saved.page)) is not None
    ]
    return render(request, "organisation/saved_filters/list.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filter_new(request: PersonRequest) -> HttpResponse:
    """Give a name to a list as it is filtered: ``?of=`` names the list, all else is its filter."""
    require(request.user, VIEW_BODY)
    asked = request.GET.copy()
    page = asked.pop("of", [""])[-1]
    form = FilterNameForm(request.POST or None, initial={"of": page, "query": query_of(asked)})
    listed = list_of(str(form["of"].value()))
    if listed is None:
        return redirect("organisation:filters")
    if request.method == "POST" and form.is_valid():
        query = query_of(QueryDict(form.cleaned_data["query"]))
        name = form.cleaned_data["name"]
        try:
            saved = services.save_filter(page=listed.page, name=name, query=query, person=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The filter is saved."))
            return redirect(address_of(saved))
    context = {"form": form, "of": listed}
    return render(request, "organisation/saved_filters/new.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def filter_delete(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Delete one of the person's own filters."""
    own = SavedFilter.objects.filter(person=request.user, municipality=municipality_of(request))
    services.delete_filter(saved=get_object_or_404(own, public_id=public_id), by=request.user)
    messages.success(request, _("The filter is deleted."))
    return redirect("organisation:filters")
