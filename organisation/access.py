"""The one door of access: what a person may see and do, from appointments in force today.

``Scope`` is read anew for each request and never stored, so that an ended appointment is without
effect on the next request, also when no worker runs. Guardian, imported nowhere else, holds only
exceptions for single objects, each with a reason and an end date.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import (
    AUTHORITIES,
    REPRESENTATIVES,
    Appointment,
    AreaBody,
    Body,
    BodyClosure,
    DatedModel,
    DatedQuerySet,
    User,
)
from organisation.roles import EVERYONE, Reach, kinds_with, rights_of


@dataclass(frozen=True)
class Scope:
    """What one person may do in one municipality today: per permission, the bodies it holds for."""

    user_id: int | None
    municipality_id: int | None
    everywhere: frozenset[str] = frozenset()
    own: Mapping[str, frozenset[int]] = field(default_factory=dict)
    roots: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, user: Any) -> "Scope":
        """Return the scope of ``user``, read once per request from appointments in force today."""
        if not user.is_authenticated or not user.is_active or user.municipality_id is None:
            return cls(user_id=user.pk, municipality_id=None)
        kept: Scope | None = getattr(user, "_scope", None)
        if kept is None:
            kept = user._scope = cls._read(user, clock.today())
        return kept

    @classmethod
    def _read(cls, user: User, on: date) -> "Scope":
        everywhere: set[str] = set()
        own: dict[str, set[int]] = defaultdict(set)
        roots: dict[str, set[int]] = defaultdict(set)
        upwards: dict[str, set[int]] = defaultdict(set)
        places = {Reach.OWN: own, Reach.BELOW: roots, Reach.AUTHORITY: upwards}
        held = (
            Appointment.objects.in_force(on)
            .filter(person=user, municipality=user.municipality, seat__not_needed_reason="")
            .filter(Q(seat__valid_to__isnull=True) | Q(seat__valid_to__gt=on), seat__valid_from__lte=on)
        )
        for body_id, body_kind, seat_kind in _where_held(held, on):
            for right in rights_of(seat_kind, body_kind):
                if right.reach is Reach.MUNICIPALITY:
                    everywhere.add(right.permission)
                else:
                    places[right.reach][right.permission].add(body_id)
        return cls(
            user_id=user.pk,
            municipality_id=user.municipality_id,
            everywhere=frozenset(everywhere),
            own=_Own({permission: frozenset(ids) for permission, ids in own.items()}, upwards),
            roots={permission: frozenset(ids) for permission, ids in roots.items()},
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether the person holds no seat that gives any right today."""
        return not (self.everywhere or self.own or self.roots)

    def holds(self, permission: str) -> bool:
        """Tell whether the person has ``permission`` anywhere at all (for menus and buttons)."""
        return permission in self.everywhere or permission in self.own or permission in self.roots

    def condition(self, permission: str, body: str = "body") -> Q:
        """Return the ONE condition that limits rows to those ``permission`` holds for.

        ``body`` is the path from the row to its body ("pk" for bodies themselves).
        """
        if self.municipality_id is None or not self.holds(permission):
            return Q(pk__in=())
        tenant = Q(municipality_id=self.municipality_id)
        if permission in self.everywhere:
            return tenant
        column = "pk" if body == "pk" else f"{body}_id"
        reach = Q(pk__in=())
        if own := self.own.get(permission):
            # What a closed body left is its successor's own.
            taken_over = BodyClosure.objects.filter(ancestor_id__in=own, taken_over=True).values("descendant_id")
            reach |= Q(**{f"{column}__in": own}) | Q(**{f"{column}__in": taken_over})
        if roots := self.roots.get(permission):
            below = BodyClosure.objects.filter(ancestor_id__in=roots).values("descendant_id")
            reach |= Q(**{f"{column}__in": below})
        return tenant & reach

    def bodies(self, permission: str) -> "models.QuerySet[Body]":
        """Return the bodies for which ``permission`` holds."""
        return Body.objects.filter(self.condition(permission, body="pk"))

    def allows(self, permission: str, obj: models.Model | None = None) -> bool:
        """Tell whether the person may do ``permission``: to ``obj`` (a body or a row with a body), or anywhere."""
        if obj is None:
            return self.holds(permission)
        if getattr(obj, "municipality_id", None) != self.municipality_id or self.municipality_id is None:
            return False
        # A noun of which single rows are kept from single people says so itself, before any seat counts.
        withheld = getattr(obj, "is_withheld_from", None)
        if withheld is not None and withheld(self.user_id):
            return False
        if permission in self.everywhere or granted(self.user_id, permission, obj):
            return True
        body_id = obj.pk if isinstance(obj, Body) else getattr(obj, "body_id", None)
        if body_id is None:
            return False
        own, roots = self.own.get(permission, frozenset()), self.roots.get(permission, frozenset())
        if body_id in own or body_id in roots:
            return True
        reaching = Q(ancestor_id__in=roots) | Q(ancestor_id__in=own, taken_over=True)
        return bool(own or roots) and BodyClosure.objects.filter(reaching, descendant_id=body_id).exists()


class _Own(Mapping[str, frozenset[int]]):
    """Per permission, the bodies themselves, and the authorities of those from which it reaches upwards.

    Which authorities those are is asked when such a permission is first used: most pages use none.
    """

    def __init__(self, own: Mapping[str, frozenset[int]], upwards: Mapping[str, set[int]]) -> None:
        self._own, self._upwards = own, upwards

    @cached_property
    def _authorities(self) -> Mapping[str, set[int]]:
        return _authorities_of(self._upwards)

    def __getitem__(self, permission: str) -> frozenset[int]:
        if permission not in self._upwards:
            return self._own[permission]
        return self._own.get(permission, frozenset()) | self._authorities[permission]

    def __contains__(self, permission: object) -> bool:
        return permission in self._own or permission in self._upwards

    def __iter__(self) -> Iterator[str]:
        return iter(self._own.keys() | self._upwards.keys())

    def __len__(self) -> int:
        return len(self._own.keys() | self._upwards.keys())


def _where_held(held: "models.QuerySet[Appointment]", on: date) -> Iterator[tuple[int, str, str]]:
    """Yield (body id, kind of body, kind of seat) of each place at which the appointments hold today.

    A safety representative's is the area that the union gave (AML 6:2), else the seat's own body.
    """
    rows = list(held.order_by().values_list("pk", "seat__body_id", "seat__body__kind", "seat__seat_type__kind"))
    # Few people stand for a union: the others' rights are read without a word about areas.
    areas = _areas_of([appointment_id for appointment_id, _id, _kind, seat in rows if seat in REPRESENTATIVES])
    for appointment_id, body_id, body_kind, seat_kind in rows:
        if appointment_id not in areas:
            yield body_id, body_kind, seat_kind
        for area in areas.get(appointment_id, ()):
            if area.is_in_force(on):
                yield area.body_id, area.body.kind, seat_kind


def _areas_of(appointments: Collection[int]) -> dict[int, list[AreaBody]]:
    """Return, per appointment that has any, the bodies of its area, in force or not; one query when any is asked."""
    found: dict[int, list[AreaBody]] = defaultdict(list)
    if appointments:
        for area in AreaBody.objects.filter(appointment__in=appointments).order_by().select_related("body"):
            found[area.appointment_id].append(area)
    return dict(found)


def _authorities_of(bodies: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """Return, per permission, the authorities (committee, board, company …) that ``bodies`` belong to."""
    every = set().union(*bodies.values())
    if not every:
        return {}
    above: dict[int, set[int]] = defaultdict(set)
    pairs = BodyClosure.objects.filter(descendant_id__in=every, ancestor__kind__in=AUTHORITIES)
    for body_id, authority_id in pairs.values_list("descendant_id", "ancestor_id"):
        above[body_id].add(authority_id)
    return {permission: set().union(*(above[body_id] for body_id in ids)) for permission, ids in bodies.items()}


class ScopedQuerySet(models.QuerySet):
    """Rows that know which permission makes them visible and how they reach their body."""

    view_permission: ClassVar[str]
    body_path: ClassVar[str] = "body"

    def visible_to(self, user: Any) -> Self:
        """Rows that ``user`` may see: by seat, as the one concerned, or by a grant in force."""
        scope = Scope.of(user)
        return self.filter(scope.condition(self.view_permission, self.body_path) | self._exceptions(scope))

    def permitted(self, user: Any, permission: str) -> Self:
        """Rows on which ``user`` holds ``permission`` by seat."""
        return self.filter(Scope.of(user).condition(permission, self.body_path))

    def _exceptions(self, scope: Scope) -> Q:
        """Rows that the person sees beside their seats; a noun with such rows overrides this."""
        return Q(pk__in=())


class GrantQuerySet(DatedQuerySet):
    """Questions about many grants."""

    def held_by(self, user_id: int | None, permission: str) -> Self:
        """Grants of ``permission`` to the person that are in force today."""
        app_label, codename = permission.split(".", 1)
        return self.in_force(clock.today()).filter(
            user_id=user_id, permission__codename=codename, permission__content_type__app_label=app_label
        )


class ObjectGrant(UserObjectPermissionBase, DatedModel):
    """One object is shared with one person, with a reason and an end date; carried by guardian.

    A noun that can be shared subclasses this with ``content_object``, its foreign key, and names the
    subclass in its own ``grant_model``.
    """

    reason = models.CharField(_("reason"), max_length=300)
    # Why secrecy does not stop it, where the object passes to a person of another authority: a disclosure.
    assessment = models.CharField(_("secrecy assessment"), max_length=500, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Guardian's own manager gives and takes without dates; grants are written by services.
    objects: ClassVar = GrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(DatedModel.Meta):
        abstract = True
        constraints = (
            *DatedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False), name="%(app_label)s_%(class)s_grant_has_an_end"
            ),
        )


class GroupShareQuerySet(DatedQuerySet):
    """Questions about many shares with groups."""

    def with_member(self, user_id: int | None) -> Self:
        """Shares in force today with a group in which the person sits today."""
        on = clock.today()
        groups = Appointment.objects.in_force(on).filter(person_id=user_id).values("seat__body_id")
        return self.in_force(on).filter(group__in=groups)


class GroupShare(DatedModel):
    """One object is shown to the members of a group, for as long as both the share and the membership last.

    A noun that can be shared so subclasses this with ``content_object``, its foreign key, and names the
    subclass in its own ``share_model``. A share lets the members see; it lets nobody change.
    """

    group = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    objects = GroupShareQuerySet.as_manager()

    class Meta(DatedModel.Meta):
        abstract = True
        constraints = (
            *DatedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False), name="%(app_label)s_%(class)s_share_has_an_end"
            ),
        )


def granted(user_id: int | None, permission: str, obj: models.Model) -> bool:
    """Tell whether a grant or a share in force today gives the person ``permission`` on ``obj``."""
    if user_id is None:
        return False
    grants: type[ObjectGrant] | None = getattr(obj, "grant_model", None)
    if grants is not None:
        held: GrantQuerySet = grants.objects.held_by(user_id, permission)
        if held.filter(Q(content_object=obj.pk)).exists():
            return True
    shares: type[GroupShare] | None = getattr(obj, "share_model", None)
    manager: Any = type(obj)._default_manager
    if shares is None or permission != manager.all().view_permission:
        return False
    return shares.objects.with_member(user_id).filter(Q(content_object=obj.pk)).exists()


def require(user: Any, permission: str, obj: models.Model | None = None) -> None:
    """Raise ``NotAllowed`` unless ``user`` may do ``permission`` to ``obj`` (or anywhere, without one)."""
    if not Scope.of(user).allows(permission, obj):
        raise NotAllowed


def holders_of(permission: str, body: Body) -> Iterable[User]:
    """Return the people who hold ``permission`` for ``body`` today: those a notice about it goes to."""
    on = clock.today()
    upwards = dict(BodyClosure.objects.filter(descendant=body).values_list("ancestor_id", "taken_over"))
    # The body itself, and whoever has taken over what it left.
    own = {body.pk, *(ancestor for ancestor, taken_over in upwards.items() if taken_over)}
    within = BodyClosure.objects.filter(ancestor__in=own).values_list("descendant_id", flat=True)
    below = set(within) if body.is_authority else set()
    held = Appointment.objects.in_force(on).filter(municipality_id=body.municipality_id, person__is_active=True)
    if permission not in {right.permission for right in EVERYONE}:
        held = held.filter(seat__seat_type__kind__in=kinds_with(permission))
    people: dict[int, User] = {}
    for appointment in held.with_seat().prefetch_related("area__body"):
        for body_id, body_kind in appointment.places(on):
            for right in rights_of(appointment.seat.seat_type.kind, body_kind):
                reaches = (
                    right.reach is Reach.MUNICIPALITY
                    or (right.reach is Reach.OWN and body_id in own)
                    or (right.reach is Reach.BELOW and body_id in upwards)
                    or (right.reach is Reach.AUTHORITY and body_id in below)
                )
                if right.permission == permission and reaches:
                    people[appointment.person_id] = appointment.person
    return people.values()


class ScopeBackend(BaseBackend):
    """Makes ``user.has_perm(permission, obj)`` answer by the same code as every list."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        return user_obj.is_active and Scope.of(user_obj).allows(perm, obj)

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
