"""The page on which a case's answers are corrected or completed."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents.case.answers import answers_page
from incidents.errors import AnswersChanged
from incidents.forms.answers import AnswersForm
from incidents.services.answers import answers_of, change_answers
from incidents.views.fetching import case_to_handle
from organisation.errors import DomainError, NotAllowed
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason")
def answers(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct or complete the answers; what must be notified follows. A closed case is taken up again first."""
    found = case_to_handle(request, public_id)
    if found.is_closed:
        messages.error(request, _("The case is closed. Take it up again to correct its answers."))
        return redirect("incidents:case", found.public_id)
    form = AnswersForm(request.POST or None, standing=answers_of(found))
    conflict: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            told = {"seen": form.opened_with(), "reason": form.cleaned_data["reason"]}
            change_answers(incident=found, answers=form.answers(), by=request.user, **told)
        except NotAllowed:
            raise
        except AnswersChanged as error:
            conflict = error.keys
            form.add_error(None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answers are saved, and what must be notified is computed anew."))
            return redirect("incidents:notices", found.public_id)
    context = answers_page(found, request.user, form, conflict)
    return render(request, "incidents/answers/answers.html", context, status=422 if form.errors else 200)
