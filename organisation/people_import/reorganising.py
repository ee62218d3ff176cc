"""Carries out what a file says of bodies that stand, by the same verbs as the pages: each with its record."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisation.errors import DomainError
from organisation.models import Body, Municipality, Reorganisation, User
from organisation.people_import.plan import ClosedBody, MovedBody, Plan, RenamedBody
from organisation.services.reorganising import Order, close_body, move_body, rename_body

Carried = Callable[[Any], Reorganisation]


class Reorganising:
    """The renamed, moved and closed bodies of one plan; what the rules of the tree refuse is kept in ``refused``."""

    def __init__(self, municipality: Municipality, plan: Plan, by: User | None) -> None:
        self.municipality, self.plan, self.by = municipality, plan, by
        self.refused: list[tuple[str, str]] = []

    def rename_and_move(self) -> None:
        """Rename and move from today."""
        self._carry_out(self.plan.renamed, self._rename)
        self._carry_out(self.plan.moved, self._move)

    def close(self) -> None:
        """Close bodies, each on its own day."""
        self._carry_out(self.plan.closed, self._close)

    def _carry_out(self, changes: Sequence[RenamedBody | MovedBody | ClosedBody], verb: Carried) -> None:
        """Carry out the changes; one that must wait for another is tried again as long as any of them succeeds."""
        left, why = list(changes), dict[str, str]()
        while left:
            again = []
            for change in left:
                try:
                    with transaction.atomic():
                        verb(change)
                except DomainError as error:
                    why[change.key] = str(error)
                    again.append(change)
            if len(again) == len(left):
                self.refused += [(change.key, why[change.key]) for change in again]
                return
            left = again

    def _rename(self, change: RenamedBody) -> Reorganisation:
        order = self._order(self.plan.on, change.reference)
        return rename_body(body=self._body(change.key), name=change.after, order=order)

    def _move(self, change: MovedBody) -> Reorganisation:
        order = self._order(self.plan.on, change.reference)
        return move_body(body=self._body(change.key), parent=self._body(change.after), order=order)

    def _close(self, change: ClosedBody) -> Reorganisation:
        order = self._order(change.valid_to, change.reference)
        return close_body(body=self._body(change.key), successor=self._body(change.successor), order=order)

    def _body(self, key: str) -> Body:
        return Body.objects.select_related("municipality").get(municipality=self.municipality, key=key)

    def _order(self, on: date, reference: str) -> Order:
        if self.by is None:
            raise ValueError("a reorganisation is somebody's")
        note = _("Imported from a file")
        return Order(on=on, by=self.by, submission_key=uuid.uuid4(), reference=reference, note=note, more_follow=True)
