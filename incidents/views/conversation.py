"""What the reporter and the handlers write to each other."""

import uuid

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.case.messages import messages_page
from incidents.forms import MessageForm
from incidents.models import Incident
from incidents.sight import Sight
from incidents.views.fetching import case_seen
from organisation.errors import DomainError, NotAllowed
from organisation.form_keys import form_key, submission_key
from organisation.models import User
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def messages(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The messages of a case, and the form of one more. Looking at them marks the other side's as read."""
    found = case_seen(request, public_id)
    sight = Sight.of(found, request.user)
    takes_part = sight.is_reporter or sight.handles
    if not sight.reads_text or (request.method == "POST" and not takes_part):
        raise NotAllowed
    form = MessageForm(request.POST or None, initial={"submission_key": form_key(request)})
    if request.method == "POST" and _written(found, sight, form, request):
        notes.success(request, _("The message is sent."))
        return redirect("incidents:messages", found.public_id)
    if request.method == "GET":
        _note_opened(found, sight, request.user)
    context = messages_page(found, sight, form)
    return render(request, "incidents/messages/messages.html", context, status=422 if form.errors else 200)


def _written(found: Incident, sight: Sight, form: MessageForm, request: PersonRequest) -> bool:
    """Send the message to the other side, or leave the reason in the form."""
    if not form.is_valid():
        return False
    message = {
        "incident": found,
        "text": form.cleaned_data["text"],
        "submission_key": submission_key(form.cleaned_data["submission_key"], request.POST),
    }
    try:
        if sight.is_reporter:
            services.add_from_reporter(**message)
        else:
            services.ask_reporter(**message, by=request.user)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def _note_opened(found: Incident, sight: Sight, person: User) -> None:
    """Note that the case was opened, and the messages from the other side read."""
    services.open_case(incident=found, by=person)
    if sight.is_reporter or sight.handles:
        services.mark_messages_read(incident=found, by=None if sight.is_reporter else person)
