"""Groups beside the line: all that the person may see, and one with everything of it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.groups import groups_seen
from organisation.keyset import keyset_page, steps_around
from organisation.pages.group import group_page, listed_groups, open_actions_of
from organisation.permissions import VIEW_BODY, VIEW_GROUP
from organisation.requests import PersonRequest


@login_required
@require_safe
def groups(request: PersonRequest) -> HttpResponse:
    """The groups that the person may see: kind, members, what is due next, what is open."""
    require(request.user, VIEW_GROUP)
    today = clock.today()
    page = keyset_page(listed_groups(request.user, today), order=("name", "pk"), cursor=request.GET.get("page"))
    waiting = open_actions_of(request.user)
    heading = ngettext("%(number)s action waits in the groups", "%(number)s actions wait in the groups", waiting)
    context = {
        "page": page,
        "today": today,
        "heading": heading % {"number": waiting},
        "is_own": not Scope.of(request.user).holds(VIEW_BODY),
    }
    return render(request, "organisation/groups/list.html", context | steps_around(request, page))


@login_required
@require_safe
def group(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One group: members, assignments, open actions, meetings, and what is shared with it."""
    found = get_object_or_404(groups_seen(request.user).select_related("municipality"), public_id=public_id)
    context = group_page(found, request.user, cursor=request.GET.get("page"))
    return render(request, "organisation/groups/group.html", context | steps_around(request, context["meetings"]))
