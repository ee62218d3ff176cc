"""Posters of workplaces: which there are, and each as a paper in two sizes."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents.forms import WorkplaceSearch
from incidents.permissions import PRINT_POSTER
from incidents.posters import SIZES, poster_of
from organisation import clock
from organisation.access import Scope, require
from organisation.keyset import keyset_page, steps_around
from organisation.models import Body
from organisation.permissions import VIEW_BODY
from organisation.requests import PersonRequest
from organisation.searching import holding
from safety_portal.pdf import render_pdf

BY_NAME = ("name", "pk")


@login_required
@require_safe
def posters(request: PersonRequest) -> HttpResponse:
    """The workplaces whose posters the person may print, by name."""
    require(request.user, PRINT_POSTER)
    search = WorkplaceSearch(request.GET or None)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    bodies: Any = Scope.of(request.user).bodies(PRINT_POSTER)
    bodies = bodies.in_force(clock.today()).workplaces()
    found = bodies.filter(holding(words, "name")) if words else bodies
    page = keyset_page(found, order=BY_NAME, cursor=request.GET.get("page"))
    context = {"search": search, "words": words, "page": page} | steps_around(request, page)
    return render(request, "incidents/posters/list.html", context)


@login_required
@require_safe
def poster(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One workplace's poster: its address, and the papers to print."""
    body = _workplace(request, public_id)
    context = poster_of(body, _address(request, body)) | {"way_here": [(_("Posters"), reverse("incidents:posters"))]}
    return render(request, "incidents/posters/poster.html", context)


@login_required
@require_safe
def poster_pdf(request: PersonRequest, public_id: uuid.UUID, size: str) -> HttpResponse:
    """The poster to print: A4 for the wall, A6 for the locker."""
    body = _workplace(request, public_id)
    context = poster_of(body, _address(request, body)) | {"sheet": SIZES[size]}
    title = _("Report at %(body)s") % {"body": body.name}
    content = render_pdf("print/poster.html", context, title=title, lang=get_language() or "sv")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{body.report_code}-{size}.pdf"'
    return response


def _workplace(request: PersonRequest, public_id: uuid.UUID) -> Body:
    """Return the workplace, 404 when the person may not see it, and refuse when they may not print for it."""
    seen: Any = Scope.of(request.user).bodies(VIEW_BODY)
    standing = seen.in_force(clock.today()).workplaces().select_related("municipality")
    body: Body = get_object_or_404(standing, public_id=public_id)
    require(request.user, PRINT_POSTER, body)
    return body


def _address(request: PersonRequest, body: Body) -> str:
    return request.build_absolute_uri(reverse("report:form", args=[body.report_code]))
