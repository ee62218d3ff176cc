"""The files of a case: the list with what can be added, and each file."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attachments.services import NotOpened, serve
from incidents import services
from incidents.case.attachments import files_page
from incidents.errors import FileNotTaken, TooManyFiles
from incidents.forms import AttachmentForm
from incidents.models import Incident, ReadLog
from incidents.sight import Sight
from incidents.views.fetching import case_seen, file_seen
from organisation.errors import NotAllowed, WrongState
from organisation.models import User
from organisation.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The case's files, and the form that adds one, for its reporter and its handlers."""
    case = case_seen(request, public_id)
    sight = Sight.of(case, request.user)
    if not sight.reads_text:
        raise NotAllowed
    form = AttachmentForm(request.POST, request.FILES) if request.method == "POST" else AttachmentForm()
    if request.method == "POST":
        if not sight.is_reporter:
            services.require_handler(case, request.user)
        if _added(case, form, request.user, from_reporter=sight.is_reporter):
            messages.success(request, _("The file is added."))
            return redirect("incidents:files", case.public_id)
    else:
        # What a file is called may tell as much as what is in it.
        case = services.open_case(incident=case, by=request.user)
    context = files_page(case, sight, form)
    return render(request, "incidents/attachments/files.html", context, status=422 if form.errors else 200)


def _added(case: Incident, form: AttachmentForm, by: User, *, from_reporter: bool) -> bool:
    """Add the file, or leave the reason in the form."""
    if not form.is_valid():
        return False
    try:
        services.attach_file(incident=case, upload=form.cleaned_data["upload"], by=by, from_reporter=from_reporter)
    except (FileNotTaken, TooManyFiles) as refusal:
        form.add_error("upload", str(refusal))
    except WrongState as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


@login_required
@require_safe
def file(request: PersonRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """One file, for those who may read the case's text. That somebody other than the reporter opens it is noted."""
    found = file_seen(request, public_id)
    if not Sight.of(found.incident, request.user).reads_text:
        raise NotAllowed
    try:
        response = serve(found.attachment)
    except NotOpened:
        messages.warning(request, _("The file can't be opened now. Its status says why."))
        return redirect("incidents:files", found.incident.public_id)
    services.note_reading(incident=found.incident, what=ReadLog.What.ATTACHMENT, by=request.user)
    return response
