"""Sharing one case with one person, and ending it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from incidents.views.fetching import case_to_handle
from organisation.requests import PersonRequest
from organisation.views.sharing import end_share, share_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason", "assessment")
def share(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let one person read the case until a day."""
    return share_page(request, case_to_handle(request, public_id))


@login_required
@require_POST
def unshare(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """End what is shared with one person."""
    return end_share(request, case_to_handle(request, public_id))
