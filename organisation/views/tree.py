"""The tree of bodies on any date."""

import uuid
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.forms.tree import TreeForm
from organisation.models import Body
from organisation.pages.tree import TreePage
from organisation.permissions import ADMINISTER, VIEW_BODY
from organisation.requests import PersonRequest, municipality_of


@login_required
@require_safe
def tree(request: PersonRequest) -> HttpResponse:
    """The authorities of a day, or all that lay below one body then, under the names of that day."""
    require(request.user, VIEW_BODY)
    municipality = municipality_of(request)
    form = TreeForm(request.GET or None)
    root = _root(request)
    page = TreePage(municipality, form.day(), everything=form.everything)
    context = {
        "form": form,
        "on": form.day(),
        "today": clock.today(),
        "root": root,
        "top_url": f"{reverse('organisation:tree')}?{urlencode(page.query())}",
        "nodes": page.authorities() if root is None else page.below(root),
        "count": Body.objects.of(municipality).in_force(form.day()).count(),
        "may_administer": Scope.of(request.user).holds(ADMINISTER),
    }
    return render(request, "organisation/tree.html", context, status=422 if form.errors else 200)


def _root(request: PersonRequest) -> Body | None:
    """Return the body that the address puts on top; raises ``Http404`` for one that the person can't see."""
    asked = request.GET.get("root")
    if not asked:
        return None
    try:
        public_id = uuid.UUID(asked)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Scope.of(request.user).bodies(VIEW_BODY), public_id=public_id)
