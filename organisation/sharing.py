"""What can be shared one object at a time, with a person or a group, and with whom each object is shared.

Rights come from seats; a share is the exception, with a reason and an end. The apps above register what can be
shared when they are ready; who may share, and what that gives, is theirs to say.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from organisation import clock
from organisation.access import GrantQuerySet, GroupShare, ObjectGrant, Scope
from organisation.models import AUTHORITIES, GROUPS, Appointment, Body, BodyClosure, User
from organisation.work import WorkItem

# Cases and plans are shared one by one; nobody has many.
MOST_SHOWN = 20


@dataclass(frozen=True)
class Shareable:
    """A noun of which one object at a time can be shared.

    ``permissions`` is what a share with a person gives, the right to see the object first. ``require_sharer`` raises
    ``NotAllowed`` for others than those who may share. ``name`` is what the object is called to someone who may not
    read it: of a case its number. ``note`` appends to the object's own story that a share began or ended.
    """

    key: str
    label: str | Promise
    model: type[models.Model]
    grant_model: type[ObjectGrant]
    permissions: tuple[str, ...]
    require_sharer: Callable[[Any, User], None]
    name: Callable[[Any], str]
    url_name: str
    share_model: type[GroupShare] | None = None
    # What has a reason that may itself be secret shows it only on the object.
    reason_is_open: bool = True
    note: Callable[[Any, bool, User], None] | None = None

    @property
    def view_permission(self) -> str:
        """What lets a person see the object at all."""
        return self.permissions[0]

    def url(self, obj: Any) -> str:
        """Where the object is read."""
        return reverse(self.url_name, args=[obj.public_id])

    def grants(self) -> GrantQuerySet:
        """Return one grant per share with a person: the one that lets them see the object."""
        app_label, codename = self.view_permission.split(".", 1)
        grants: GrantQuerySet = self.grant_model.objects.filter(
            permission__codename=codename, permission__content_type__app_label=app_label
        )
        return grants

    def beyond(self) -> GrantQuerySet:
        """Return grants that give more than a share does: written by a rule of the portal, never by a person."""
        codenames = [permission.split(".", 1)[1] for permission in self.permissions]
        grants: GrantQuerySet = self.grant_model.objects.exclude(permission__codename__in=codenames)
        return grants


_shareables: list[Shareable] = []


def register(shareable: Shareable) -> None:
    """Add a noun; called once per app when it is ready."""
    _shareables.append(shareable)
    _shareables.sort(key=lambda kept: kept.key)


def shareables() -> list[Shareable]:
    """Return all nouns that can be shared."""
    return list(_shareables)


def shareable_of(obj: models.Model) -> Shareable:
    """Return how objects of this kind are shared; raises ``LookupError`` for one that can't be."""
    for shareable in _shareables:
        if isinstance(obj, shareable.model):
            return shareable
    raise LookupError(type(obj).__name__)


@dataclass(frozen=True)
class Shared:
    """One object shared with one person or one group, as the object's own page tells it."""

    receiver: str
    receiver_id: UUID
    to_group: bool
    reason: str
    assessment: str
    given_by: str
    ended_by: str
    valid_from: date
    # The last day on which it gives anything.
    until: date
    in_force: bool
    # Written by a rule of the portal: the person also handles the case.
    by_rule: bool = field(default=False)


def write_grants(
    model: type[ObjectGrant], obj: Any, person: User, permissions: Iterable[str], **facts: Any
) -> list[ObjectGrant]:
    """Write one grant per permission; ``facts`` are reason, assessment, by whom, and the days."""
    grants: Any = model.objects
    return [
        grants.create(
            content_object=obj,
            user=person,
            permission=Permission.objects.get(
                content_type__app_label=permission.split(".", 1)[0], codename=permission.split(".", 1)[1]
            ),
            **facts,
        )
        for permission in permissions
    ]


def shares_of(obj: Any) -> list[Shared]:
    """Return with whom ``obj`` is and has been shared, those in force first; several rights of one are one share."""
    shareable, on = shareable_of(obj), clock.today()
    more = shareable.beyond().filter(
        content_object=obj.pk, user=OuterRef("user"), valid_from=OuterRef("valid_from"), reason=OuterRef("reason")
    )
    grants: Any = shareable.grants().filter(content_object=obj.pk).annotate(by_rule=Exists(more))
    found = [_shared(grant, grant.user, on) for grant in grants.select_related("user", "given_by", "ended_by")]
    if shareable.share_model is not None:
        shared: Any = shareable.share_model.objects
        shares = shared.filter(content_object=obj.pk)
        found += [_shared(share, share.group, on) for share in shares.select_related("group", "given_by", "ended_by")]
    return sorted(found, key=lambda one: (not one.in_force, -one.valid_from.toordinal(), one.receiver))


def share_with(person: User, shares: Iterable[Shared]) -> Shared | None:
    """Return the one of ``shares`` by which ``person`` reads the object today, if any."""
    own = (one for one in shares if one.in_force and not one.by_rule and one.receiver_id == person.public_id)
    return next(own, None)


def _shared(row: Any, receiver: Any, on: date) -> Shared:
    return Shared(
        receiver=receiver.name,
        receiver_id=receiver.public_id,
        to_group=isinstance(receiver, Body),
        reason=row.reason,
        assessment=getattr(row, "assessment", ""),
        given_by=row.given_by.name,
        ended_by=row.ended_by.name if row.ended_by else "",
        valid_from=row.valid_from,
        until=last_day(row),
        in_force=row.is_in_force(on),
        by_rule=getattr(row, "by_rule", False),
    )


def last_day(row: Any) -> date:
    """Return the last day on which a share gives anything; one that ended the day it began gave that day's part."""
    until: date = row.valid_to - timedelta(days=1)
    return max(until, row.valid_from)


def crosses_authorities(person: User, body: Body) -> bool:
    """Tell whether ``person`` works under no authority that ``body`` belongs to.

    What passes to them is then a disclosure from one authority to another, for which secrecy is assessed (OSL 8:1).
    """
    own = BodyClosure.objects.filter(descendant=body, ancestor__kind__in=AUTHORITIES).values("ancestor_id")
    held = Appointment.objects.in_force(clock.today()).filter(person=person)
    # Sitting in a group is no employment at the authority that the group stands under.
    works_at = held.exclude(seat__body__kind__in=GROUPS).values("seat__body_id")
    return not BodyClosure.objects.filter(ancestor_id__in=own, descendant_id__in=works_at).exists()


@dataclass(frozen=True)
class SharedObject:
    """An object that is shared with a person or a group: its name, where it is read, and until which day."""

    name: str
    url: str
    until: date


def shared_with_group(group: Body) -> list[SharedObject]:
    """Return what is shared with ``group`` today, what ends first at the top; bounded."""
    found: list[SharedObject] = []
    for shareable in _shareables:
        if shareable.share_model is not None:
            shares: Any = shareable.share_model.objects.in_force(clock.today()).filter(group=group)
            found += _objects(shareable, shares)
    return sorted(found, key=lambda one: (one.until, one.name))


def shared_with_me(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield what others have shared with ``user``, or with a group that the person sits in, while it lasts."""
    for shareable in _shareables:
        by_rule = shareable.beyond().filter(user=OuterRef("user"), content_object=OuterRef("content_object"))
        grants = shareable.grants().in_force(clock.today()).filter(user=user).exclude(Exists(by_rule))
        found = _objects(shareable, grants)
        if shareable.share_model is not None:
            found += _objects(shareable, shareable.share_model.objects.with_member(user.pk))
        for one in {one.url: one for one in found}.values():
            yield WorkItem(
                title=_("Read %(name)s") % {"name": one.name},
                url=one.url,
                why=_("Shared with you until %(day)s") % {"day": date_format(one.until, "DATE_FORMAT")},
            )


def _objects(shareable: Shareable, rows: Any) -> list[SharedObject]:
    shown: Iterable[Any] = rows.select_related("content_object__body").order_by("valid_to", "pk")[:MOST_SHOWN]
    return [
        SharedObject(shareable.name(row.content_object), shareable.url(row.content_object), last_day(row))
        for row in shown
    ]
