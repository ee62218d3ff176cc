"""Sharing one object with one person or one group until a day, and ending it; each is told by mail."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from notifications.mail import send_mail_to
from organisation import clock
from organisation.access import Scope
from organisation.errors import DomainError, WrongState
from organisation.models import Appointment, Body, User
from organisation.sharing import Shareable, crosses_authorities, last_day, shareable_of, write_grants


class ShareRefused(DomainError):
    """The share can't be given so."""

    message = gettext_lazy("This can't be shared so.")


class AssessmentMissing(ShareRefused):
    """It would pass to another authority without an assessment of secrecy."""

    message = gettext_lazy(
        "The person belongs to another authority. Write why secrecy does not stop it: it is then a recorded disclosure."
    )


@transaction.atomic
def share_with_person(*, obj: Any, person: User, reason: str, until: date, by: User, assessment: str = "") -> None:
    """Let ``person`` see ``obj`` up to and including the day ``until``, at most a year ahead.

    To a person of another authority it is a disclosure, which takes an ``assessment`` of secrecy (OSL 8:1, 10:27).
    Shared again in the same words it is the same share. Raises ``NotAllowed``, ``ShareRefused``, ``AssessmentMissing``.
    """
    shareable, obj = _locked(obj, by)
    if person.municipality_id != obj.municipality_id or not person.is_active or person == by:
        raise ShareRefused(_("Choose somebody else in the municipality who has not left."))
    _refuse_words(reason, until)
    if crosses_authorities(person, obj.body) and not assessment.strip():
        raise AssessmentMissing
    today, reason = clock.today(), reason.strip()
    standing = shareable.grants().in_force(today).filter(content_object=obj, user=person).first()
    if standing is not None:
        _refuse_other(standing, reason, until, by)
        return
    if all(Scope.of(person).allows(permission, obj) for permission in shareable.permissions):
        raise ShareRefused(_("%(name)s sees this already, by seat.") % {"name": person.name})
    grants = write_grants(
        shareable.grant_model,
        obj,
        person,
        shareable.permissions,
        reason=reason,
        assessment=assessment.strip(),
        given_by=by,
        valid_from=today,
        valid_to=until + timedelta(days=1),
    )
    _note(shareable, obj, begins=True, by=by)
    _tell(shareable, grants[0], [person])


@transaction.atomic
def end_sharing(*, obj: Any, person: User, by: User) -> None:
    """End what was shared with ``person``, effective at once. Raises ``NotAllowed``, ``WrongState`` when nothing is.

    What a rule of the portal gives, to the one who reads because nearer seats are vacant, is not ended by hand.
    """
    shareable, obj = _locked(obj, by)
    today = clock.today()
    grants: Any = shareable.grant_model.objects
    held = grants.in_force(today).filter(content_object=obj, user=person)
    by_rule = shareable.beyond().in_force(today).filter(content_object=obj, user=person)
    if not held.exists() or by_rule.exists():
        raise WrongState
    held.update(valid_to=today, ended_by=by)
    _note(shareable, obj, begins=False, by=by)


@transaction.atomic
def share_with_group(*, obj: Any, group: Body, reason: str, until: date, by: User) -> None:
    """Show ``obj`` to those who sit in ``group``, while they do, up to and including the day ``until``.

    Raises ``NotAllowed``, ``ShareRefused``; shared again in the same words it is the same share.
    """
    shareable, obj = _locked(obj, by)
    model, today, reason = shareable.share_model, clock.today(), reason.strip()
    if model is None or group.municipality_id != obj.municipality_id or not group.is_in_force(today):
        raise ShareRefused(_("Choose a group of the municipality."))
    _refuse_words(reason, until)
    shares: Any = model.objects
    standing = shares.in_force(today).filter(content_object=obj, group=group).first()
    if standing is not None:
        _refuse_other(standing, reason, until, by)
        return
    share = shares.create(
        content_object=obj,
        group=group,
        reason=reason,
        given_by=by,
        valid_from=today,
        valid_to=until + timedelta(days=1),
    )
    _note(shareable, obj, begins=True, by=by)
    members = Appointment.objects.in_force(today).filter(seat__body=group, person__is_active=True)
    _tell(shareable, share, User.objects.filter(pk__in=members.values("person_id")).order_by("pk"))


@transaction.atomic
def end_sharing_with_group(*, obj: Any, group: Body, by: User) -> None:
    """End what was shared with ``group``, effective at once. Raises ``NotAllowed``, ``WrongState`` when nothing is."""
    shareable, obj = _locked(obj, by)
    today = clock.today()
    shares: Any = shareable.share_model.objects if shareable.share_model is not None else None
    held = shares.in_force(today).filter(content_object=obj, group=group) if shares is not None else None
    if held is None or not held.exists():
        raise WrongState
    held.update(valid_to=today, ended_by=by)
    _note(shareable, obj, begins=False, by=by)


def latest_end() -> date:
    """Return the last day until which something can be shared from today: a year ahead."""
    today = clock.today()
    return today.replace(year=today.year + 1, day=28 if (today.month, today.day) == (2, 29) else today.day)


def _locked(obj: Any, by: User) -> tuple[Shareable, Any]:
    """Lock the object, check that ``by`` may share it, and return it as it stands."""
    shareable = shareable_of(obj)
    rows: Any = shareable.model._default_manager
    obj = rows.select_for_update(of=("self",)).select_related("body", "municipality").get(pk=obj.pk)
    shareable.require_sharer(obj, by)
    return shareable, obj


def _refuse_words(reason: str, until: date) -> None:
    if not reason.strip():
        raise ShareRefused(_("Write why it is shared."))
    if not clock.today() <= until <= latest_end():
        day = date_format(latest_end(), "DATE_FORMAT")
        raise ShareRefused(_("Choose a last day from today up to %(day)s.") % {"day": day})


def _refuse_other(standing: Any, reason: str, until: date, by: User) -> None:
    """The same share sent twice is one; another one waits until the first has ended."""
    same = (standing.reason, standing.valid_to, standing.given_by_id) == (reason, until + timedelta(days=1), by.pk)
    if not same:
        raise ShareRefused(_("It is shared there already. End that first, then share it anew."))


def _note(shareable: Shareable, obj: Any, *, begins: bool, by: User) -> None:
    if shareable.note is not None:
        shareable.note(obj, begins, by)


def _tell(shareable: Shareable, share: Any, people: Iterable[User]) -> None:
    """Mail the address of what is shared; its content, and why it is shared, stay behind log-in."""
    with override(settings.LANGUAGE_CODE):
        facts = {
            "name": shareable.name(share.content_object),
            "path": shareable.url(share.content_object),
            "day": date_format(last_day(share), "DATE_FORMAT"),
        }
        subject = _("%(name)s is shared with you") % facts
        body = _("You can read it until %(day)s. Log in to the safety portal and open %(path)s") % facts
    for person in people:
        send_mail_to(person=person, subject=subject, body=body, once_key=f"{share._meta.label_lower}:{share.pk}")
