"""A plan is submitted for decision, which freezes its content, or withdrawn before the meeting has decided."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from actionplans.content import PlanContent, changes
from actionplans.models import Plan, PlanVersion, VersionState, content_hash
from actionplans.permissions import SUBMIT_PLAN
from actionplans.services.errors import AlreadyDecided, Incomplete, PlanChanged
from actionplans.services.versions import lock_plan, move, open_version
from actionplans.snapshot import content_of_rows
from notifications.mail import send_mail_to
from organisation import clock
from organisation.access import require
from organisation.errors import WrongState
from organisation.models import Appointment, SeatKind, User


def missing_in(version: PlanVersion) -> list[str]:
    """Return what a draft lacks before it can be submitted, one sentence each (R93)."""
    measures = list(version.measures.select_related("responsible").prefetch_related("resources"))
    if not measures:
        return [_("The plan has no measures yet.")]
    today = clock.today()
    found = []
    for measure in measures:
        if not measure.how.strip():
            found.append(_("“%(what)s” does not say how it is done.") % {"what": measure.what})
        if not measure.resources.all():
            found.append(_("“%(what)s” does not say which resources it needs.") % {"what": measure.what})
        if not measure.responsible.is_in_force(today):
            found.append(_("“%(what)s” is given to a seat that no longer exists.") % {"what": measure.what})
    return found


@transaction.atomic
def submit_plan(*, plan: Plan, by: User, seen: PlanContent | None = None) -> PlanVersion:
    """Freeze the draft's content with its hash and hand it in for decision; those who meet are told by mail.

    ``seen`` is what the person checked. Raises ``NotAllowed``, ``WrongState`` without a draft,
    ``PlanChanged`` when the plan is no longer what was seen, ``Incomplete``.
    """
    plan = lock_plan(plan)
    require(by, SUBMIT_PLAN, plan)
    version = open_version(plan)
    if version is None or version.state != VersionState.DRAFT:
        raise WrongState
    content = content_of_rows(version)
    if seen is not None and content != seen:
        raise PlanChanged(changes(seen, content))
    if problems := missing_in(version):
        raise Incomplete(problems)
    version.content = content.to_json()
    version.content_hash = content_hash(version.content)
    version.submitted_by, version.submitted_at = by, clock.now()
    move(version, VersionState.SUBMITTED, by=by)
    _tell_the_meeting(version)
    return version


@transaction.atomic
def withdraw_plan(*, plan: Plan, by: User, reason: str = "") -> PlanVersion:
    """Take a submitted version back to draft before the meeting has decided about it.

    Raises ``NotAllowed``, ``AlreadyDecided``.
    """
    plan = lock_plan(plan)
    require(by, SUBMIT_PLAN, plan)
    version = open_version(plan)
    if version is None or version.state != VersionState.SUBMITTED:
        raise AlreadyDecided
    version.content, version.content_hash = None, ""
    version.submitted_by, version.submitted_at = None, None
    move(version, VersionState.DRAFT, by=by, reason=reason)
    return version


def those_who_meet(plan: Plan) -> Iterable[User]:
    """Return chair, members and secretary of the body whose plan it is."""
    kinds = (SeatKind.CHAIR, SeatKind.MEMBER, SeatKind.SECRETARY)
    held = Appointment.objects.in_force(clock.today()).filter(
        seat__body=plan.body, seat__seat_type__kind__in=kinds, person__is_active=True
    )
    return {appointment.person_id: appointment.person for appointment in held.with_seat()}.values()


def _tell_the_meeting(version: PlanVersion) -> None:
    """Mail the paper's address to those who meet; the content stays behind log-in."""
    plan = version.plan
    address = reverse("actionplans:plan", args=[plan.public_id])
    with override("sv"):
        subject = _("Action plan to read: %(title)s") % {"title": plan.title}
        body = _("The action plan is submitted for decision. Log in and read it: %(address)s") % {"address": address}
    for person in those_who_meet(plan):
        once_key = f"plan-submitted-{version.public_id}-{version.content_hash[:16]}"
        send_mail_to(person=person, subject=subject, body=body, once_key=once_key)
