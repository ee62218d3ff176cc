"""A person's own account: how they log in, and where they are logged in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from organisation.login.account_page import account_rows
from organisation.login.sessions import end_other_visits, end_visit, visits_of
from organisation.requests import PersonRequest


@login_required
@require_safe
def account(request: PersonRequest) -> HttpResponse:
    """What the portal knows of the person's log-in, and where to change it."""
    return render(request, "account/account.html", {"rows": account_rows(request, request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: PersonRequest) -> HttpResponse:
    """Where the person is logged in; one or all others can be ended."""
    if request.method != "POST":
        return render(request, "account/sessions.html", {"visits": visits_of(request, request.user)})
    chosen = request.POST.get("session", "")
    if chosen == "others":
        ended = end_other_visits(request, request.user)
        told = ngettext("%(number)s other session is ended.", "%(number)s other sessions are ended.", ended)
        messages.success(request, told % {"number": ended})
    elif chosen.isascii() and chosen.isdigit() and end_visit(request, request.user, int(chosen)):
        messages.success(request, _("The session is ended."))
    else:
        messages.info(request, _("That session had ended already."))
    return redirect("my_sessions")
