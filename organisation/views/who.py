"""Who answers, for what, where and on which day."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisation import permissions
from organisation.access import require
from organisation.answer_words import sentence_of
from organisation.forms.who import WhoForm
from organisation.requests import PersonRequest, municipality_of
from organisation.responsibility import who_answers


@login_required
@require_safe
def who(request: PersonRequest) -> HttpResponse:
    """Ask who answers; the address holds the question, so that the answer can be shown to others."""
    require(request.user, permissions.VIEW_BODY)
    form = WhoForm(request.GET or None, user=request.user, municipality=municipality_of(request))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        answer = who_answers(form.cleaned_data["body"], form.asked(), form.day())
        context |= {"answer": answer, "finding": sentence_of(answer), "asked": form.asked_in_words()}
    return render(request, "organisation/who.html", context, status=422 if form.errors else 200)
