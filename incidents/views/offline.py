"""What a phone keeps for when there is no connection: one page with numbers to call, and the script that shows it."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page without a connection; the same for everybody."""
    return render(request, "incidents/offline.html")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows it: for the pages of the report alone, since it lies among them."""
    page = render_to_string("incidents/offline.html", request=request)
    version = hashlib.sha256(page.encode()).hexdigest()[:16]
    response = render(request, "incidents/worker.js", {"version": version}, content_type="text/javascript")
    # Asked for anew each time, so that a new page is noticed.
    response.headers["Cache-Control"] = "no-cache"
    return response
