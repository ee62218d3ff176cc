"""One reorganisation while it is written: begun under the municipality's lock, ended with its record."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed
from organisation.holdings import Held, held_by
from organisation.models import Appointment, Body, Municipality, Placement, Reorganisation, ReorganisedBody
from organisation.permissions import ADMINISTER
from organisation.roles import kinds_with
from organisation.services.reorganising.errors import ChangeRefused, CountsChanged, DecisionMissing
from organisation.services.reorganising.order import Order, carried_out
from organisation.tree import lock_municipality, rebuild_closure, refuse_loops
from organisation.tree_on import TreeOn
from organisation.vacancies import refresh_vacancies

Part = ReorganisedBody.Part
BATCH = 500


class Change:
    """The steps that all verbs share. ``before`` is the tree of the day as it stood before the change."""

    # The same on the later days on which it matters whose a body is: today, and where something is decided already.
    _later: dict[date, TreeOn]

    def __init__(self, municipality: Municipality, kind: str, order: Order) -> None:
        self.municipality, self.kind, self.order, self.on = municipality, kind, order, order.on
        self.before = TreeOn(municipality, order.on)
        self._later = {day: TreeOn(municipality, day) for day in self._later_days()}
        # Seats to be looked at anew for vacancies, and bodies that end with this change.
        self.seats: set[int] = set()
        self.closing: set[int] = set()
        self._concerned: set[int] = set()
        self._moved: list[Held] = []
        self._parts: dict[tuple[int, str], str] = {}

    @classmethod
    def begin(cls, at: Body | None, kind: str, order: Order) -> "Self | Reorganisation":
        """Check the right, lock the municipality and return a change, or the one that the same order made before.

        ``at`` is the body that is changed, or under which one begins (none: under nothing). Raises ``NotAllowed``.
        """
        require(order.by, ADMINISTER, at)
        municipality = at.municipality if at is not None else order.by.municipality
        if municipality is None:
            raise NotAllowed
        municipality = lock_municipality(municipality)
        return carried_out(order) or cls(municipality, kind, order)

    def standing(self, body: Body, field: str = "") -> Body:
        """Return the body as it stands now; raises ``ChangeRefused`` for one that is not there on the day."""
        if body.municipality_id != self.municipality.pk:
            raise ChangeRefused(_("A body of another municipality can't take part."), field=field)
        body = Body.objects.get(pk=body.pk, municipality=self.municipality)
        if not body.is_in_force(self.on):
            message = _("%(name)s doesn't exist on %(day)s.")
            raise ChangeRefused(message % {"name": body.name, "day": in_words(self.on)}, field=field)
        body.name = self.before.bodies[body.pk].name
        return body

    def takes_along(self, *bodies: Body) -> None:
        """Count what the bodies hold, and what lies below them, before anything is written."""
        ids = {body.pk for body in bodies}
        below = self.before.below(ids)
        self._concerned = ids | below
        self._concerned |= {pk for tree in self._later.values() for pk in tree.below(ids)}
        self._moved = held_by(ids, below, self.on)

    def part(self, part: str, *bodies: Body) -> None:
        """Note which part the bodies have in the change, under their names of the day."""
        self._parts |= {(body.pk, part): body.name for body in bodies}

    def create(self, model: type[Model], rows: Sequence[Any]) -> None:
        """Create many rows, with history."""
        if rows:
            bulk_create_with_history(rows, model, batch_size=BATCH, default_user=self.order.by)

    def update(self, model: type[Model], rows: Sequence[Any], fields: Iterable[str]) -> None:
        """Write the ``fields`` of many rows, with history."""
        if rows:
            bulk_update_with_history(rows, model, list(fields), batch_size=BATCH, default_user=self.order.by)

    def finish(self) -> Reorganisation:
        """Refuse what can't be, record the change, and make tree, names and vacancies true for today.

        Raises ``TreeError`` for a loop on any later day, ``DecisionMissing`` when cases pass to another authority
        without a decision, ``CountsChanged`` when what goes along is not what was confirmed.
        """
        refuse_loops(self.municipality, since=self.on)
        self._refuse_to_leave_no_administrator()
        crosses = self._crosses_authorities()
        if crosses and not self.order.reference.strip():
            raise DecisionMissing(field="reference")
        made = Reorganisation.objects.create(
            municipality=self.municipality,
            kind=self.kind,
            takes_effect_on=self.on,
            reference=self.order.reference.strip(),
            note=self.order.note.strip(),
            moved=[[held.key, held.here, held.below] for held in self._moved],
            crosses_authorities=crosses,
            submission_key=self.order.submission_key,
            by=self.order.by,
            at=clock.now(),
        )
        for (body_id, part), name in self._parts.items():
            ReorganisedBody.objects.create(
                municipality=self.municipality, reorganisation=made, body_id=body_id, part=part, name=name
            )
        if self.order.confirmed not in ("", fingerprint(made)):
            raise CountsChanged
        if not self.order.more_follow:
            rebuild_closure(self.municipality)
        refresh_vacancies(self.municipality, self.seats)
        return made

    def _later_days(self) -> set[date]:
        """Return today, if the change is of a past day, and the days to come on which a place begins or ends."""
        today = clock.today()
        since, days = max(self.on, today), {today} if self.on < today else set()
        places = Placement.objects.filter(municipality=self.municipality)
        days |= set(places.filter(valid_from__gt=since).values_list("valid_from", flat=True))
        ends = places.filter(valid_to__gt=since).values_list("valid_to", flat=True)
        return days | {end for end in ends if end is not None}

    def _refuse_to_leave_no_administrator(self) -> None:
        """Nobody could mend it: an administrator's seat ends with its body like any other."""
        held = Appointment.objects.filter(municipality=self.municipality, person__is_active=True)
        held = held.filter(seat__seat_type__kind__in=kinds_with(ADMINISTER))
        if not held.filter(seat__body__in=self.closing, valid_to=self.on).exists():
            return
        if not held.in_force(max(self.on, clock.today())).exists():
            message = _(
                "Nobody would be left who administers the municipality. Appoint an administrator elsewhere first."
            )
            raise ChangeRefused(message)

    def _crosses_authorities(self) -> bool:
        """Tell whether a body that is concerned is another authority's than it was, on the day or a later one."""
        if not self._concerned:
            return False
        for day, before in {self.on: self.before, **self._later}.items():
            after = TreeOn(self.municipality, day)
            if any(before.authority(pk) != after.authority(pk) for pk in self._concerned):
                return True
        return False


def fingerprint(made: Reorganisation) -> str:
    """Return what tells whether a change is still the one that was confirmed: what goes along, and across what."""
    parts = sorted(made.parts.values_list("part", "name"))
    told = json.dumps([made.kind, made.takes_effect_on.isoformat(), made.moved, made.crosses_authorities, parts])
    return hashlib.sha256(told.encode()).hexdigest()


def in_words(day: date) -> str:
    """Return a day as it stands in a sentence."""
    return date_format(day, "j F Y")
