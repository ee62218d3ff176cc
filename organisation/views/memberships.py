"""Who sits in a group: somebody of the municipality, somebody from outside, and when it ends."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation import clock
from organisation.appointers import may_appoint
from organisation.errors import DomainError, NotAllowed
from organisation.forms.groups import EndMembershipForm, MemberForm, OutsideMemberForm
from organisation.groups import groups_seen
from organisation.models import Appointment, Body, Seat, SeatKind
from organisation.pages.group import seats_to_fill
from organisation.requests import PersonRequest
from organisation.services.appointing import end_appointment
from organisation.services.memberships import add_member, add_outside_member

PAGE_METHODS = ["GET", "HEAD", "POST"]


def _to_fill(request: PersonRequest, public_id: uuid.UUID, *, outside: bool) -> tuple[Body, list[Seat]]:
    """Return a group and its seats that the person may fill; 404 unseen, 403 when there are none."""
    group = get_object_or_404(groups_seen(request.user).select_related("municipality"), public_id=public_id)
    seats = seats_to_fill(group, request.user, clock.today())
    wanted = [seat for seat in seats if (seat.seat_type.kind == SeatKind.OUTSIDE_MEMBER) == outside]
    if not wanted:
        raise NotAllowed
    return group, wanted


@login_required
@require_http_methods(PAGE_METHODS)
def new_member(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let somebody of the municipality sit in the group."""
    group, seats = _to_fill(request, public_id, outside=False)
    form = MemberForm(request.POST or None, user=request.user, seats=seats)
    if request.method == "POST" and form.is_valid():
        person, days = form.cleaned_data["person"], form.days()
        try:
            add_member(seat=form.seat_chosen, person=person, by=request.user, **days)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s sits in the group.") % {"name": person.name})
            return redirect("organisation:group", group.public_id)
    context = {"form": form, "group": group}
    return render(request, "organisation/groups/member.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def new_outside_member(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let somebody from an authority or another party sit in the group, with an account and no other rights."""
    group, seats = _to_fill(request, public_id, outside=True)
    form = OutsideMemberForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        portal = request.build_absolute_uri("/")
        try:
            held = add_outside_member(seat=seats[0], portal=portal, by=request.user, **form.person(), **form.days())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            done = _("%(name)s sits in the group, and gets a mail that says how to log in.")
            messages.success(request, done % {"name": held.person.name})
            return redirect("organisation:group", group.public_id)
    context = {"form": form, "group": group}
    return render(request, "organisation/groups/outside_member.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def end_membership(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """End somebody's membership, now or after a last day."""
    ours = Appointment.objects.filter(seat__body__in=groups_seen(request.user), municipality=request.user.municipality)
    held = get_object_or_404(ours.with_seat(), public_id=public_id)
    group = held.seat.body
    if not may_appoint(request.user, held.seat):
        raise NotAllowed
    if held.valid_to is not None and held.valid_to <= clock.today():
        messages.info(request, _("The membership has ended."))
        return redirect("organisation:group", group.public_id)
    form = EndMembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_appointment(appointment=held, on=form.ends_on(held), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The end of the membership is noted."))
            return redirect("organisation:group", group.public_id)
    context = {"form": form, "group": group, "held": held}
    return render(request, "organisation/groups/end_member.html", context, status=422 if form.errors else 200)
