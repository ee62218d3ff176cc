"""The inbox, one's own reports, and one case with what its handler can do."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from incidents import services
from incidents.case.page import case_page
from incidents.forms import ClosingForm, InboxFilter, ReopeningForm, SeriousForm
from incidents.inbox import (
    OLDEST_FIRST,
    as_rows,
    by_seat,
    first_shared,
    granted_to,
    inbox_page,
    own_reports,
    shared,
)
from incidents.listed import as_listed, listed
from incidents.models import Incident
from incidents.views.fetching import case_seen, case_to_handle, refuse_strangers
from organisation.access import Scope
from organisation.errors import DomainError, NotAllowed
from organisation.keyset import bounded_count, keyset_page, steps_around
from organisation.requests import PersonRequest

NEWEST_FIRST = ("-reported_at", "-pk")


@login_required
@require_safe
def inbox(request: PersonRequest) -> HttpResponse:
    """The cases that the person sees by seat, serious ones pinned, then oldest first; those shared come before."""
    person = request.user
    refuse_strangers(request, shared)
    chosen, granted = InboxFilter(request.GET, scope=Scope.of(person), person=person), granted_to(person)
    # By seat alone, which an index answers however many cases there are; what is shared stands apart.
    cases = chosen.narrow(by_seat(person))
    count, exact = bounded_count(cases)
    rows = as_rows(cases, person, granted, by_seat=True)
    page = keyset_page(rows, order=OLDEST_FIRST, cursor=request.GET.get("page"))
    context = inbox_page(request, chosen, page, first_shared(chosen, person, granted)) | steps_around(request, page)
    return render(request, "incidents/inbox.html", context | {"count": count, "exact": exact})


@login_required
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """What the person has reported, newest first."""
    refuse_strangers(request, own_reports)
    page = keyset_page(as_listed(own_reports(request.user)), order=NEWEST_FIRST, cursor=request.GET.get("page"))
    context = {"page": page, "rows": listed(page.rows)}
    return render(request, "incidents/mine.html", context | steps_around(request, page))


@login_required
@require_safe
def case(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One case. That somebody other than the reporter opens its text is noted."""
    found = case_seen(request, public_id)
    if request.method == "GET":
        found = services.open_case(incident=found, by=request.user)
    return render(request, "incidents/case.html", case_page(found, request.user))


@login_required
@require_POST
def serious(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Mark the case as serious, or take the mark away."""
    found = case_to_handle(request, public_id)
    wanted = request.POST.get("serious") == "yes"
    done = _("The case stands above the others.") if wanted else _("The case is no longer marked as serious.")

    def change(answers: dict[str, Any]) -> None:
        services.mark_serious(incident=found, serious=wanted, reason=answers["reason"], by=request.user)

    return _changed(request, found, SeriousForm(request.POST), change, done)


@login_required
@require_POST
@sensitive_post_parameters("close-feedback", "close-why")
def close(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close the case with an answer to the reporter."""
    found = case_to_handle(request, public_id)

    def change(answers: dict[str, Any]) -> None:
        why = answers["why"] if answers["unanswered"] else ""
        services.close_case(incident=found, feedback=answers["feedback"], unanswered_because=why, by=request.user)

    return _changed(request, found, ClosingForm(request.POST), change, _("The case is closed. The reporter is told."))


@login_required
@require_POST
@sensitive_post_parameters("reopen-reason")
def reopen(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a closed case up again."""
    found = case_to_handle(request, public_id)

    def change(answers: dict[str, Any]) -> None:
        services.reopen_case(incident=found, reason=answers["reason"], by=request.user)

    return _changed(request, found, ReopeningForm(request.POST), change, _("The case is open again."))


def _changed(
    request: PersonRequest, found: Incident, form: Any, change: Callable[[dict[str, Any]], None], done: str
) -> HttpResponse:
    """Make the change and return to the case; on a mistake or a refusal show the case with what was typed."""
    if form.is_valid():
        try:
            change(form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("incidents:case", found.public_id)
    found.refresh_from_db()
    return render(request, "incidents/case.html", case_page(found, request.user, sent=form), status=422)
