"""Sharing one plan with one person or one group, and ending it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from actionplans.views.drafting import PAGE_METHODS
from actionplans.views.fetching import plan_seen
from organisation.requests import PersonRequest
from organisation.views.sharing import end_share, share_page


@login_required
@require_http_methods(PAGE_METHODS)
def share(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let one person, or the members of one group, read the plan until a day."""
    return share_page(request, plan_seen(request, public_id))


@login_required
@require_POST
def unshare(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """End what is shared with one person or one group."""
    return end_share(request, plan_seen(request, public_id))
