"""Reorganising, verb by verb: each asks, shows what it would do, and makes the change when that is confirmed."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation import clock
from organisation.access import Scope, require
from organisation.form_keys import form_key
from organisation.forms.reorganising import (
    ChangeForm,
    CloseForm,
    CreateForm,
    MergeForm,
    MoveForm,
    RenameForm,
    SharesForm,
    SplitForm,
)
from organisation.models import Body, ReorganisationKind
from organisation.pages.reorganising import may_be_done, verbs_for
from organisation.permissions import ADMINISTER, VIEW_BODY
from organisation.requests import PersonRequest
from organisation.services import reorganising as services
from organisation.views.reorganising_flow import Flow

PAGE_METHODS = ["GET", "HEAD", "POST"]
Kind = ReorganisationKind


@login_required
@require_http_methods(PAGE_METHODS)
def body_new(request: PersonRequest) -> HttpResponse:
    """Begin a new body."""
    require(request.user, ADMINISTER)
    begun = _begun(request) | {"parent": request.GET.get("parent", "")}
    form = CreateForm(request.POST or None, user=request.user, initial=begun)
    return Flow(request, form, services.create_body, _("Create a body")).answer()


@login_required
@require_safe
def reorganise(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What can be done to the body."""
    body = _body_to_change(request, public_id)
    context = {"body": body, "verbs": verbs_for(body, clock.today())}
    return render(request, "organisation/reorganising/choose.html", context)


@login_required
@require_http_methods(PAGE_METHODS)
def rename(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the body another name."""
    body = _body_to_change(request, public_id)
    form = _form(RenameForm, request, body, name=body.name)
    return _answer(
        request, Kind.RENAME, Flow(request, form, services.rename_body, _("Rename %(name)s") % {"name": body.name})
    )


@login_required
@require_http_methods(PAGE_METHODS)
def move(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let the body stand elsewhere."""
    body = _body_to_change(request, public_id)
    flow = Flow(request, _form(MoveForm, request, body), services.move_body, _("Move %(name)s") % {"name": body.name})
    return _answer(request, Kind.MOVE, flow)


@login_required
@require_http_methods(PAGE_METHODS)
def merge(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make one body of several."""
    body = _body_to_change(request, public_id)
    above = body.placements.in_force(clock.today()).select_related("parent").first()
    form = _form(MergeForm, request, body, parent=above.parent if above else None)
    flow = Flow(request, form, services.merge_bodies, _("Merge %(name)s with other bodies") % {"name": body.name})
    return _answer(request, Kind.MERGE, flow)


@login_required
@require_http_methods(PAGE_METHODS)
def split(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make several bodies of one."""
    body = _body_to_change(request, public_id)
    flow = SplitFlow(
        request, _form(SplitForm, request, body), services.split_body, _("Split %(name)s") % {"name": body.name}
    )
    return _answer(request, Kind.SPLIT, flow)


@login_required
@require_http_methods(PAGE_METHODS)
def close(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let the body end."""
    body = _body_to_change(request, public_id)
    flow = Flow(
        request, _form(CloseForm, request, body), services.close_body, _("Close %(name)s") % {"name": body.name}
    )
    return _answer(request, Kind.CLOSE, flow)


class SplitFlow(Flow):
    """Splitting asks twice: what the parts are, and which of them gets what."""

    form: SplitForm

    def _shares_are_told(self) -> bool:
        told = self.request.POST if "heir" in self.request.POST or self.request.POST.get("asked") else None
        self.shares = SharesForm(told, parts=self.form.cleaned_data["parts"], children=self.form.children())
        return self.shares.is_valid()


def _body_to_change(request: PersonRequest, public_id: uuid.UUID) -> Body:
    """Return a body that the person sees, if they may change it; else 404 or ``NotAllowed``."""
    seen = Scope.of(request.user).bodies(VIEW_BODY).select_related("municipality")
    body = get_object_or_404(seen, public_id=public_id)
    require(request.user, ADMINISTER, body)
    return body


def _begun(request: PersonRequest) -> dict[str, object]:
    return {"submission_key": form_key(request), "on": clock.today()}


def _form(kind: type[ChangeForm], request: PersonRequest, body: Body, **begun: object) -> ChangeForm:
    return kind(request.POST or None, user=request.user, body=body, initial=_begun(request) | begun)


def _answer(request: PersonRequest, kind: str, flow: Flow) -> HttpResponse:
    """Answer, unless this can't be done to the body: then say so where one chooses."""
    body = flow.form.body
    if body is not None and request.method != "POST" and not may_be_done(kind, body, clock.today()):
        messages.error(request, _("That can't be done to %(name)s.") % {"name": body.name})
        return redirect("organisation:reorganise", body.public_id)
    return flow.answer()
