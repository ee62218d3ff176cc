"""How the measures in force have gone: most are done, some late, some not at all."""

from collections.abc import Sequence
from datetime import date

from actionplans.models import Measure, MeasureState, MeasureStatus, VersionState
from followup.demo.bulk import append, dated, rewrite
from followup.demo.chance import Chance, days, not_to_come, texts
from followup.demo.people import People
from organisation import clock


class Progress:
    """Invents how measures in force have gone; ``note`` writes it."""

    def __init__(self, chance: Chance, people: People) -> None:
        self.chance, self.people, self.today = chance, people, clock.today()
        self.words = texts("measures")
        self.notes: list[MeasureStatus] = []

    def note(self, measures: Sequence[Measure]) -> None:
        """Write the progress of measures in force."""
        for measure in measures:
            if measure.version.state == VersionState.IN_FORCE and measure.starts_on:
                self._go(measure, measure.starts_on)
        rewrite([measure for measure in measures if measure.state != MeasureState.PLANNED], "state", "done_on")
        append(MeasureStatus, self.notes)

    def _go(self, measure: Measure, starts: date) -> None:
        if starts > self.today or self.chance.happens(0.06):
            return
        started = not_to_come(starts + days(self.chance.number(0, 30)))
        self._step(measure, MeasureState.STARTED, started, self.chance.one(self.words["progress"][:2]))
        fate = self.chance.weighted({"done": 62.0, "late": 14.0, "waits": 18.0, "dropped": 6.0})
        done = measure.due_on + days(self.chance.number(8, 60) if fate == "late" else -self.chance.number(0, 40))
        done = max(done, started)
        if fate == "waits":
            delayed = not_to_come(started + days(60))
            self._step(measure, MeasureState.STARTED, delayed, self.words["progress"][2])
        elif done <= self.today:
            to = MeasureState.DROPPED if fate == "dropped" else MeasureState.DONE
            self._step(measure, to, done, self.words["dropped" if fate == "dropped" else "done"])
            measure.done_on = done if to == MeasureState.DONE else None

    def _step(self, measure: Measure, to: MeasureState, day: date, note: str) -> None:
        holders = self.people.by_seat.get(measure.responsible_id, [])
        by = holders[0] if holders else measure.plan.created_by
        at = max([self.chance.moment(day), *(one.at for one in self.notes if one.measure is measure)])
        self.notes.append(
            MeasureStatus(
                measure=measure,
                from_state=measure.state,
                to_state=to,
                by=by,
                at=at,
                note=note,
                submission_key=self.chance.key(),
            )
        )
        measure.state = to
        dated(measure, at, by)
