"""Writes a plan in the caller's transaction: each row with its history, the tree and the vacancies once at last."""

import secrets
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils.translation import gettext as _

from organisation import clock
from organisation.bulk import Signature, change_rows, create_rows
from organisation.database import reserve_ids
from organisation.errors import TreeError
from organisation.login.sessions import end_all_visits
from organisation.models import Appointment, Body, Headcount, Municipality, Placement, Seat, User
from organisation.people_import.plan import PersonRef, Plan, SeatRef
from organisation.people_import.reorganising import Reorganising
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies


class Writer:
    """One plan being written by one person (none: the operator); ids of what is new are learnt on the way."""

    def __init__(self, municipality: Municipality, plan: Plan, by: User | None) -> None:
        self.municipality, self.plan = municipality, plan
        self.signed = Signature(by=by, reason=_("Imported from a file"), at=clock.now())
        self.same: dict[str, Any] = {"municipality_id": municipality.pk}
        self.bodies: dict[str, int] = dict(Body.objects.of(municipality).values_list("key", "pk"))
        self.people: dict[str, int] = {}
        self.seats: dict[tuple[int, str], int] = {}

    def write(self) -> None:
        """Write all of it. The caller holds the municipality's lock, and has seen ``refusals`` say nothing."""
        self._begin_bodies()
        self._begin_seats()
        reorganising = Reorganising(self.municipality, self.plan, self.signed.by)
        reorganising.rename_and_move()
        self._change_people()
        self._begin_people()
        self._change_appointments()
        self._begin_appointments()
        # Whoever works at a body that closes follows to its successor, as the rest of the plan leaves them.
        reorganising.close()
        self._count()
        plan = self.plan
        if reorganising.refused:
            raise TreeError(reorganising.refused[0][1])
        if plan.new_bodies or plan.reorganises:
            rebuild_closure(self.municipality)
        if plan.new_seats or plan.new_appointments or plan.changed_appointments or plan.leaving or plan.returning:
            rebuild_vacancies(self.municipality)

    def refusals(self) -> list[tuple[str, str]]:
        """Return (body's key, why) of each reorganisation that the tree's rules refuse; leaves nothing written."""
        if not self.plan.reorganises:
            return []
        with transaction.atomic():
            self._begin_bodies()
            self._begin_seats()
            rehearsed = Reorganising(self.municipality, self.plan, self.signed.by)
            rehearsed.rename_and_move()
            rehearsed.close()
            transaction.set_rollback(True)
        return rehearsed.refused

    # --- Bodies and seats ------------------------------------------------------------------

    def _begin_bodies(self) -> None:
        new = self.plan.new_bodies
        if not new:
            return
        ids = reserve_ids(Body, len(new))
        self.bodies |= {body.key: pk for body, pk in zip(new, ids, strict=True)}
        columns = ("key", "name", "kind", "valid_from", "valid_to", "successor_id")
        rows = [(*body[:3], body.valid_from, body.valid_to, self.bodies.get(body.successor)) for body in new]
        create_rows(Body, columns, rows, signed=self.signed, same=self.same, ids=ids)
        placed = ("body_id", "parent_id", "valid_from", "valid_to")
        places = [
            (self.bodies[body.key], self.bodies[body.parent], body.valid_from, body.valid_to)
            for body in new
            if body.parent
        ]
        create_rows(Placement, placed, places, signed=self.signed, same=self.same)

    def _begin_seats(self) -> None:
        columns = ("seat_type_id", "body_id", "valid_from", "valid_to")
        new = list(self.plan.new_seats.values())
        rows = [(seat.seat_type, self.bodies[seat.body], seat.valid_from, seat.valid_to) for seat in new]
        ids = create_rows(Seat, columns, rows, signed=self.signed, same=self.same)
        self.seats = {(seat.seat_type, seat.body): pk for seat, pk in zip(new, ids, strict=True)}

    # --- People ----------------------------------------------------------------------------

    def _begin_people(self) -> None:
        new = self.plan.new_people
        columns = ("external_id", "name", "email", "password")
        rows = [(*person, _no_password()) for person in new]
        ids = create_rows(User, columns, rows, signed=self.signed, same=self.same)
        self.people = {person.personnel_id: pk for person, pk in zip(new, ids, strict=True)}

    def _change_people(self) -> None:
        self._free_addresses()
        changed = {person.id: (person.name, person.email) for person in self.plan.changed_people}
        change_rows(User, ("name", "email"), changed, signed=self.signed)
        back = dict.fromkeys(self.plan.returning, (True, None))
        change_rows(User, ("is_active", "left_at"), back, signed=self.signed)
        # Whatever proved who they were proves nothing any more, also if they come back one day.
        left = {pk: (False, self.signed.at, _no_password()) for pk in self.plan.leaving}
        change_rows(User, ("is_active", "left_at", "password"), left, signed=self.signed)
        end_all_visits(User.objects.filter(pk__in=self.plan.leaving))

    def _free_addresses(self) -> None:
        """Let go of addresses that pass from one person of the file to another, for the moment between the two."""
        wanted = {person.email: person.id for person in self.plan.changed_people}
        for pk, email in User.objects.filter(pk__in=wanted.values()).values_list("pk", "email"):
            if wanted.get(email, pk) != pk:
                User.objects.filter(pk=pk).update(email=f"{secrets.token_hex(16)}@passing.invalid")

    # --- Who sits where --------------------------------------------------------------------

    def _change_appointments(self) -> None:
        """Those that end come first, so that no two periods of one person in one seat ever meet."""
        columns = ("valid_from", "valid_to", "is_deputy", "reference")
        changed = {one.id: one[2:] for one in self.plan.changed_appointments.values()}
        change_rows(Appointment, columns, changed, signed=self.signed)

    def _begin_appointments(self) -> None:
        columns = ("person_id", "seat_id", "valid_from", "valid_to", "is_deputy", "reference")
        rows = [(self._person(one.person), self._seat(one.seat), *one[2:]) for one in self.plan.new_appointments]
        create_rows(Appointment, columns, rows, signed=self.signed, same=self.same)

    def _person(self, person: PersonRef) -> int:
        return person if isinstance(person, int) else self.people[person]

    def _seat(self, seat: SeatRef) -> int:
        return seat if isinstance(seat, int) else self.seats[seat]

    def _count(self) -> None:
        new = [(self.bodies[one.body], one.counted_on, one.employees) for one in self.plan.new_headcounts]
        create_rows(Headcount, ("body_id", "counted_on", "employees"), new, signed=self.signed, same=self.same)
        changed = {one.id: (one.employees,) for one in self.plan.changed_headcounts}
        change_rows(Headcount, ("employees",), changed, signed=self.signed)


def _no_password() -> str:
    """Return what Django writes for a password that nobody knows; a person sets one by "forgotten password"."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
