"""What a person says of a measure, before it is a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actionplans.models import ResourceKind
from organisation.models import GroupAction, Seat
from policies.models import Area
from risks.models import Risk


@dataclass(frozen=True)
class ResourceValues:
    """A resource in one budget year: money in öre, or working hours."""

    budget_year: int
    amount_ore: int | None = None
    hours: int | None = None
    note: str = ""

    @property
    def kind(self) -> str:
        """What the line counts."""
        return ResourceKind.HOURS if self.amount_ore is None else ResourceKind.MONEY


@dataclass(frozen=True)
class MeasureValues:
    """A measure in words: what, how, when, who and with which resources (R93).

    ``from_action`` is the group's action that a new measure is made of (R209); it stays with the measure.
    """

    what: str
    how: str
    due_on: date
    responsible: Seat
    type: str
    starts_on: date | None = None
    area: Area | None = None
    risks: Sequence[Risk] = ()
    resources: Sequence[ResourceValues] = ()
    from_action: GroupAction | None = None
