"""Duties to notify: the page of a case's duties, and the steps of each."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from incidents.case.clocks import notices_page
from incidents.case.way import way_to_part
from incidents.clocks.words import title_of
from incidents.forms.clocks import AwareForm, DecideForm, DoneForm, ReceiptForm, moment_parts
from incidents.models import Incident, NoticeState, StatutoryNotice
from incidents.services import notifying
from incidents.services.locking import require_handler
from incidents.sight import Sight
from incidents.views.fetching import case_seen, case_to_handle
from organisation import clock
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest

PAGE_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def notices(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What must be notified to whom, by when, and what has come of it."""
    found = case_seen(request, public_id)
    return render(request, "incidents/clocks/notices.html", notices_page(found, Sight.of(found, request.user)))


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("reason")
def notice_decide(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Decide, with a reason, whether the authority must be notified."""
    notice = _to_handle(request, public_id)
    form = DecideForm(request.POST or None)
    words = {
        "title": _("Is it notifiable?"),
        "text": _told(notice),
        "button": _("Save the decision"),
        "done": _("The decision is saved."),
    }

    def change() -> None:
        notifying.decide_notice(notice=notice, by=request.user, **form.cleaned_data)

    return _step(request, notice.incident, form, change, words)


@login_required
@require_http_methods(PAGE_METHODS)
def notice_done(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note when the authority was notified, and the number of its receipt."""
    notice = _to_handle(request, public_id)
    form = DoneForm(request.POST or None, initial=moment_parts(clock.now()), others=_same_report(notice))
    words = {
        "title": _("When was the authority notified?"),
        "text": _told(notice),
        "button": _("Save"),
        "done": _("It is noted that the authority was notified."),
    }

    def change() -> None:
        told = {"at": form.moment(), "receipt": form.cleaned_data["receipt"], "also": form.met_too()}
        notifying.note_notified(notice=notice, by=request.user, **told)

    return _step(request, notice.incident, form, change, words)


@login_required
@require_http_methods(PAGE_METHODS)
def notice_receipt(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down the number of the authority's receipt, which may come later."""
    notice = _to_handle(request, public_id)
    form = ReceiptForm(request.POST or None, initial={"receipt": notice.receipt})
    words = {
        "title": _("Number of the authority's receipt"),
        "text": _told(notice),
        "button": _("Save"),
        "done": _("The number is saved."),
    }

    def change() -> None:
        notifying.note_receipt(notice=notice, receipt=form.cleaned_data["receipt"], by=request.user)

    return _step(request, notice.incident, form, change, words)


@login_required
@require_http_methods(PAGE_METHODS)
@sensitive_post_parameters("reason")
def aware(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct when the municipality became aware of the event."""
    found = case_to_handle(request, public_id)
    form = AwareForm(request.POST or None, initial=moment_parts(found.became_aware_at))
    words = {
        "title": _("When did the municipality become aware of it?"),
        "text": _("The time for every notification is counted from then."),
        "button": _("Save"),
        "done": _("The time is corrected, and what must be notified is computed anew."),
    }

    def change() -> None:
        notifying.change_aware_at(incident=found, at=form.moment(), reason=form.cleaned_data["reason"], by=request.user)

    return _step(request, found, form, change, words)


def _to_handle(request: PersonRequest, public_id: uuid.UUID) -> StatutoryNotice:
    """Return a duty of a case that the person handles; a case that they don't see has none."""
    seen = StatutoryNotice.objects.filter(incident__in=Incident.objects.visible_to(request.user))
    rows = seen.select_related("rule", "incident__body", "incident__municipality")
    notice = get_object_or_404(rows, public_id=public_id)
    require_handler(notice.incident, request.user)
    return notice


def _told(notice: StatutoryNotice) -> str:
    return f"{title_of(notice.rule)} ({notice.rule.basis})."


def _same_report(notice: StatutoryNotice) -> list[StatutoryNotice]:
    """Return the other duties that the same report would meet, and that wait for it."""
    if not notice.rule.together:
        return []
    others = notice.incident.notices.filter(rule__together=notice.rule.together, state=NoticeState.DUE)
    return list(others.exclude(pk=notice.pk).select_related("rule"))


def _step(
    request: PersonRequest, found: Incident, form: Any, change: Callable[[], None], words: dict[str, str]
) -> HttpResponse:
    """Make one step from a form of its own, and return to the case's duties."""
    if request.method == "POST" and form.is_valid():
        try:
            change()
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words["done"])
            return redirect("incidents:notices", found.public_id)
    way = way_to_part(found, Sight.of(found, request.user))
    context = {"case": found, "form": form, "words": words, "way_here": way}
    return render(request, "incidents/clocks/step.html", context, status=422 if form.errors else 200)
