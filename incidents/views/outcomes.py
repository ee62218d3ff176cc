"""How it went: what the handler tells a workplace, and what those who work there read."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import services
from incidents.case.outcome import outcome_page
from incidents.errors import WouldBeRecognised
from incidents.figures.at_work import counts_at_work
from incidents.forms.outcomes import OutcomeForm
from incidents.models import Outcome
from incidents.sight import Sight
from incidents.views.fetching import case_to_handle, refuse_strangers
from organisation.errors import DomainError, NotAllowed
from organisation.keyset import keyset_page, steps_around
from organisation.requests import PersonRequest


@login_required
@require_safe
def outcomes(request: PersonRequest) -> HttpResponse:
    """How cases at the person's own workplace went, newest first, and how many were reported there."""
    refuse_strangers(request)
    told = Outcome.objects.visible_to(request.user).select_related("incident", "body")
    page = keyset_page(told, order=("-published_at", "-pk"), cursor=request.GET.get("page"))
    context = {"page": page, "counts": counts_at_work(request.user)}
    return render(request, "incidents/outcomes/list.html", context | steps_around(request, page))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("outcome-text")
def outcome(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Tell the workplace how a closed case went."""
    found = case_to_handle(request, public_id)
    page = outcome_page(found, Sight.of(found, request.user))
    said = {"text": page["told"].text} if page["told"] else {}
    form = OutcomeForm(request.POST or None, initial=said, small=page["is_small"])
    if request.method == "POST" and form.is_valid():
        answers = {"nobody_recognised": False} | form.cleaned_data
        try:
            services.publish_outcome(incident=found, by=request.user, **answers)
        except NotAllowed:
            raise
        except WouldBeRecognised as error:
            form.add_error("nobody_recognised" if page["is_small"] else None, str(error))
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("Those who work there can read how it went."))
            return redirect("incidents:case", found.public_id)
    return render(request, "incidents/outcomes/form.html", page | {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def outcome_take_back(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back what the workplace was told."""
    found = case_to_handle(request, public_id)
    try:
        services.take_back_outcome(incident=found, by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The workplace no longer sees it."))
    return redirect("incidents:outcome", found.public_id)
