"""Sharing one object, for the apps whose objects can be shared, and the administrator's list of all shares."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.forms.sharing import EndSharingForm, GroupSharingForm, PersonSharingForm, SharesFilter
from organisation.keyset import bounded_count, keyset_page, steps_around
from organisation.models import Body, User
from organisation.pages.shares import ORDER, kinds_of_shares, listed
from organisation.permissions import ADMINISTER
from organisation.requests import PersonRequest, municipality_of
from organisation.services import sharing as services
from organisation.sharing import shareable_of


def share_page(request: PersonRequest, obj: Any) -> HttpResponse:
    """Share ``obj``, which the caller has fetched within the person's view, with a person or (?with=group) a group."""
    shareable = shareable_of(obj)
    shareable.require_sharer(obj, request.user)
    to_group = shareable.share_model is not None and request.GET.get("with") == "group"
    form: Any = (GroupSharingForm if to_group else PersonSharingForm)(
        request.POST or None, municipality=obj.municipality
    )
    if request.method == "POST" and form.is_valid():
        share = services.share_with_group if to_group else services.share_with_person
        try:
            share(obj=obj, **form.cleaned_data, by=request.user)
        except services.AssessmentMissing as error:
            form.add_error("assessment", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is shared. Whoever it is shared with is told by mail."))
            return redirect(shareable.url(obj))
    context = {
        "form": form,
        "name": shareable.name(obj),
        "back": shareable.url(obj),
        "to_group": to_group,
        "with_groups": shareable.share_model is not None,
    }
    return render(request, "organisation/sharing/share.html", context, status=422 if form.errors else 200)


def end_share(request: PersonRequest, obj: Any) -> HttpResponse:
    """End what is shared of ``obj`` with the person or the group that is named, and return to it."""
    shareable = shareable_of(obj)
    shareable.require_sharer(obj, request.user)
    form = EndSharingForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        _end(obj, form.cleaned_data["person"], form.cleaned_data["group"], request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is no longer shared. What was shared is gone on the next page they open."))
    return redirect(shareable.url(obj))


def _end(obj: Any, person_id: uuid.UUID | None, group_id: uuid.UUID | None, by: User) -> None:
    if person_id:
        person = get_object_or_404(obj.municipality.people, public_id=person_id)
        services.end_sharing(obj=obj, person=person, by=by)
    elif group_id:
        group = get_object_or_404(Body.objects.filter(municipality=obj.municipality), public_id=group_id)
        services.end_sharing_with_group(obj=obj, group=group, by=by)
    else:
        raise WrongState


@login_required
@require_safe
def shares(request: PersonRequest) -> HttpResponse:
    """All shares of the municipality for its administrator, those in force first; never what is shared."""
    require(request.user, ADMINISTER)
    kinds = {kind.key: kind for kind in kinds_of_shares()}
    form = SharesFilter(request.GET, kinds=[(kind.key, kind.label) for kind in kinds.values()])
    kind, today = kinds[form.chosen], clock.today()
    rows: Any = kind.rows(municipality_of(request))
    in_force = bounded_count(rows.in_force(today))[0]
    if form.wanted != form.ALL:
        rows = rows.filter(valid_to__lte=today) if form.wanted == form.ENDED else rows.filter(valid_to__gt=today)
    page = keyset_page(rows, order=ORDER, cursor=request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "in_force": in_force,
        "rows": listed(kind, page.rows, today),
    }
    return render(request, "organisation/sharing/list.html", context | steps_around(request, page))
