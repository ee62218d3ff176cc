"""What has been reorganised: who, when, on which decision, and what went along."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import require
from organisation.keyset import bounded_count, keyset_page
from organisation.models import Reorganisation
from organisation.pages.reorganising import found_in_words, told
from organisation.permissions import ADMINISTER
from organisation.requests import PersonRequest, municipality_of

NEWEST_FIRST = ("-at", "-pk")


@login_required
@require_safe
def changes(request: PersonRequest) -> HttpResponse:
    """Every change of the tree, the last one made first."""
    require(request.user, ADMINISTER)
    made = Reorganisation.objects.filter(municipality=municipality_of(request))
    count, exact = bounded_count(made)
    shown = made.select_related("by").prefetch_related("parts__body")
    page = keyset_page(shown, order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context = {
        "heading": found_in_words(count, exact=exact),
        "changes": told(page.rows),
        "newer_url": f"?page={page.newer_cursor}" if page.newer_cursor else "",
        "older_url": f"?page={page.older_cursor}" if page.older_cursor else "",
        "today": clock.today(),
    }
    return render(request, "organisation/changes.html", context)
