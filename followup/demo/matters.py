"""Questions between chairs: two that nobody has taken, and one that a body has taken over (R22)."""

from datetime import date, datetime
from typing import Any

from followup.demo.bulk import append, dated, write
from followup.demo.chance import Chance, days, texts
from followup.demo.people import People, in_one_order
from organisation import clock
from organisation.models import (
    AUTHORITIES,
    Body,
    BodyKind,
    CoordinationMatter,
    MatterBody,
    MatterState,
    MatterStatus,
    Municipality,
    SeatKind,
    User,
)

# Days ago that the questions of the text were raised; and that the last was taken over.
RAISED_AGO = (47, 12, 63)
TAKEN_AGO = 22


class BetweenChairs:
    """Invents what lies between departments; ``write`` writes it."""

    def __init__(self, municipality: Municipality, year: int, people: People) -> None:
        self.municipality, self.people = municipality, people
        # Draws of its own: what else the demo holds stays as it was.
        self.chance = Chance(f"{municipality.key}-{year}-matters")
        self.today = clock.today()

    def write(self) -> int:
        """Write the matters between departments that have a head each; return how many there are."""
        standing = Body.objects.of(self.municipality).in_force(self.today).filter(kind=BodyKind.DEPARTMENT)
        # One department of each authority: what is one department's own is no question between chairs.
        standing = standing.filter(placements__parent__kind__in=AUTHORITIES).distinct()
        led = [body for body in in_one_order(standing) if self.people.holders(SeatKind.HEAD, body.pk)]
        if len(led) < 2:
            return 0
        matters = texts("groups")["matters"]
        for words, ago in zip(matters, RAISED_AGO, strict=True):
            self._raise(words, self.today - days(ago), self.chance.some(led, 2))
        return len(matters)

    def _raise(self, words: dict[str, Any], on: date, bodies: list[Body]) -> None:
        at, by = self.chance.moment(on), self._head(bodies[0])
        taken_at = self.chance.moment(self.today - days(TAKEN_AGO)) if "taken" in words else None
        matter = CoordinationMatter(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            question=words["question"],
            background=words["background"],
            raised_by=by,
            raised_at=at,
            state=MatterState.TAKEN_OVER if taken_at else MatterState.OPEN,
            taken_over_by=bodies[1] if taken_at else None,
            settled_at=taken_at,
            submission_key=self.chance.key(),
        )
        write([dated(matter, at, by)])
        write([dated(MatterBody(municipality=self.municipality, matter=matter, body=body), at, by) for body in bodies])
        append(MatterStatus, self._steps(matter, words, bodies, taken_at))

    def _steps(
        self, matter: CoordinationMatter, words: dict[str, Any], bodies: list[Body], taken_at: datetime | None
    ) -> list[MatterStatus]:
        opened = MatterState.OPEN
        steps = [MatterStatus(matter=matter, to_state=opened, by=matter.raised_by, at=matter.raised_at)]
        by = self._head(bodies[1])
        if taken_at is not None:
            taken = MatterState.TAKEN_OVER
            last = {"from_state": opened, "to_state": taken, "body": bodies[1], "note": words["taken"]}
            return [*steps, MatterStatus(matter=matter, by=by, at=taken_at, **last)]
        noted_at = self.chance.moment(self.today - days(RAISED_AGO[1] // 2))
        note = {"from_state": opened, "to_state": opened, "note": words["note"]}
        return [*steps, MatterStatus(matter=matter, by=by, at=noted_at, **note)]

    def _head(self, body: Body) -> User:
        return self.people.holders(SeatKind.HEAD, body.pk)[0]
