"""The one door of access: what a person may see and do, from appointments in force today.

``Scope`` is read anew for each request and never stored, so that an ended appointment is without
effect on the next request, also when no worker runs. Guardian, imported nowhere else, holds only
exceptions for single objects, each with a reason and an end date.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import AUTHORITIES, Appointment, Body, BodyClosure, DatedModel, DatedQuerySet, User
from organisation.roles import Reach, rights_of


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
            .values_list("seat__body_id", "seat__body__kind", "seat__seat_type__kind")
        )
        for body_id, body_kind, seat_kind in held:
            for right in rights_of(seat_kind, body_kind):
                if right.reach is Reach.MUNICIPALITY:
                    everywhere.add(right.permission)
                else:
                    places[right.reach][right.permission].add(body_id)
        for permission, authorities in _authorities_of(upwards).items():
            own[permission] |= authorities
        return cls(
            user_id=user.pk,
            municipality_id=user.municipality_id,
            everywhere=frozenset(everywhere),
            own={permission: frozenset(ids) for permission, ids in own.items()},
            roots={permission: frozenset(ids) for permission, ids in roots.items()},
        )

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
            reach |= Q(**{f"{column}__in": own})
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
        if permission in self.everywhere or granted(self.user_id, permission, obj):
            return True
        body_id = obj.pk if isinstance(obj, Body) else getattr(obj, "body_id", None)
        if body_id is None:
            return False
        if body_id in self.own.get(permission, ()):
            return True
        roots = self.roots.get(permission, frozenset())
        return body_id in roots or (
            bool(roots) and BodyClosure.objects.filter(ancestor_id__in=roots, descendant_id=body_id).exists()
        )


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
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
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


def granted(user_id: int | None, permission: str, obj: models.Model) -> bool:
    """Tell whether a grant in force today gives the person ``permission`` on ``obj``."""
    grants: type[ObjectGrant] | None = getattr(obj, "grant_model", None)
    if grants is None or user_id is None:
        return False
    held: GrantQuerySet = grants.objects.held_by(user_id, permission)
    return held.filter(Q(content_object=obj.pk)).exists()


def require(user: Any, permission: str, obj: models.Model | None = None) -> None:
    """Raise ``NotAllowed`` unless ``user`` may do ``permission`` to ``obj`` (or anywhere, without one)."""
    if not Scope.of(user).allows(permission, obj):
        raise NotAllowed


def holders_of(permission: str, body: Body) -> Iterable[User]:
    """Return the people who hold ``permission`` for ``body`` today: those a notice about it goes to."""
    on = clock.today()
    above = set(BodyClosure.objects.filter(descendant=body).values_list("ancestor_id", flat=True))
    within = BodyClosure.objects.filter(ancestor=body).values_list("descendant_id", flat=True)
    below = set(within) if body.is_authority else set()
    held = Appointment.objects.in_force(on).filter(municipality_id=body.municipality_id).with_seat()
    people = {}
    for appointment in held.filter(person__is_active=True):
        seat = appointment.seat
        for right in rights_of(seat.seat_type.kind, seat.body.kind):
            reaches = (
                right.reach is Reach.MUNICIPALITY
                or (right.reach is Reach.OWN and seat.body_id == body.pk)
                or (right.reach is Reach.BELOW and seat.body_id in above)
                or (right.reach is Reach.AUTHORITY and seat.body_id in below)
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
