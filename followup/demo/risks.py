"""Risks across the municipality's workplaces, judged on its own scale and dimensions, grounded in what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from followup.demo.bulk import append, dated, write
from followup.demo.chance import Chance, days, not_to_come, texts
from followup.demo.people import People, Workplace
from incidents.models import Incident
from organisation import clock
from organisation.models import Body, Municipality, SeatKind, User
from policies.models import Area, Dimension, ProtectedValue
from risks.models import (
    AssessedConsequence,
    Assessment,
    Horizon,
    Risk,
    RiskCounter,
    RiskGround,
    RiskState,
    RiskStatus,
    Scale,
    Serious,
    Stage,
)
from risks.ranking import Judged, derived_columns, judge

COUNT = 40
JUDGED_AGAIN = 0.55
GROUNDED = 0.6
CLOSED = 3
# Who logs a risk at a workplace: the first of these seats that somebody holds there.
LOGS = (SeatKind.UNIT_MANAGER, SeatKind.DEPARTMENT_COORDINATOR, SeatKind.HEAD, SeatKind.UNIT_OMBUD)
OVERALL = (SeatKind.SAFETY_COORDINATOR, SeatKind.HEAD_OF_SECURITY, SeatKind.CHIEF_EXECUTIVE, SeatKind.HEAD)


@dataclass
class Making:
    """An assessment and the consequences that it was made of."""

    assessment: Assessment
    consequences: dict[Dimension | None, int]


class RiskLog:
    """Invents risks; ``log`` writes them."""

    def __init__(self, municipality: Municipality, year: int, chance: Chance, people: People) -> None:
        self.municipality, self.year, self.chance, self.people = municipality, year, chance, people
        self.today = clock.today()
        self.words = texts("risks")
        self.persons_rank = municipality.rules(self.today).persons_rank
        self.areas = list(Area.objects.filter(municipality=municipality).in_force(self.today))
        self.values = list(ProtectedValue.objects.filter(municipality=municipality).in_force(self.today))
        self.dimensions = list(Dimension.objects.filter(municipality=municipality).in_force(self.today))
        self.judged: list[Making] = []
        self.statuses: list[RiskStatus] = []

    def log(self, places: Sequence[Workplace], incidents: Sequence[Incident]) -> list[Risk]:
        """Write the risks with judgements, grounds, statuses and numbers; none in a municipality without a scale."""
        if not places or Scale.objects.for_risks(self.municipality, self.today) is None:
            return []
        subjects = self._subjects(places)
        logged = sorted(self._day() for _risk in subjects)
        risks = [self._risk(place, words, day) for (place, words), day in zip(subjects, logged, strict=True)]
        self._number(risks)
        for risk in self.chance.some(risks, CLOSED):
            self._close(risk)
        write(risks)
        write([one.assessment for one in self.judged])
        append(
            AssessedConsequence,
            [
                AssessedConsequence(assessment=one.assessment, dimension=dimension, level=level)
                for one in self.judged
                for dimension, level in one.consequences.items()
                if dimension is not None
            ],
        )
        append(RiskStatus, self.statuses)
        kinds = {risk.pk: words["kinds"] for risk, (_place, words) in zip(risks, subjects, strict=True)}
        self._ground(risks, kinds, incidents)
        return risks

    def _subjects(self, places: Sequence[Workplace]) -> list[tuple[Workplace, dict[str, Any]]]:
        """Workplace and words of each risk; every workplace in turn, so that no committee goes without."""
        unused = {place.body.pk: self.chance.some(self.words[place.theme], 99) for place in places}
        order = self.chance.some(places, len(places))
        subjects: list[tuple[Workplace, dict[str, Any]]] = []
        while len(subjects) < COUNT and any(unused.values()):
            for place in order:
                if unused[place.body.pk] and len(subjects) < COUNT:
                    subjects.append((place, unused[place.body.pk].pop()))
        return subjects

    def _day(self) -> date:
        """A day on which somebody logged a risk: within the year, or the autumn before it."""
        return not_to_come(date(self.year, 1, 1) + days(self.chance.number(-90, 300)))

    def _risk(self, place: Workplace, words: dict[str, Any], day: date) -> Risk:
        at, by = self.chance.moment(day), self.author(place.body)
        risk = Risk(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            body=place.body,
            year=day.year,
            title=words["title"],
            description=words["text"],
            area=self.chance.one(self.areas) if self.areas else None,
            protected_value=self.chance.one(self.values) if self.values else None,
            horizon=Horizon.FUTURE if self.chance.happens(0.15) else Horizon.EXISTING,
            serious=self.chance.weighted({Serious.YES: 30.0, Serious.NO: 55.0, Serious.UNKNOWN: 15.0}),
            created_by=by,
            created_at=at,
            submission_key=self.chance.key(),
        )
        self.statuses.append(RiskStatus(risk=risk, from_state="", to_state=RiskState.OPEN, by=by, at=at))
        self._judge(risk, day, by, persons=words["persons"])
        return dated(risk, at, by)

    def author(self, body: Body) -> User:
        """Who logs a risk at the body."""
        for kind, where in (*((kind, body.pk) for kind in LOGS), *((kind, None) for kind in OVERALL)):
            if found := self.people.holders(kind, where):
                return found[0]
        return self.people.everyone[0]

    def _judge(self, risk: Risk, day: date, by: User, *, persons: bool) -> None:
        """Judge the risk as it is and, for many, after measures; set what is derived from it."""
        scale = self._scale(day)
        likelihood, worst = self._step(len(scale.likelihood), 0.62), self._step(len(scale.consequence), 0.6)
        consequences = self._consequences(worst, persons=persons)
        latest: dict[str, Judged] = {
            Stage.BEFORE: self._assess(risk, Stage.BEFORE, scale, likelihood, consequences, day, by)
        }
        if self.chance.happens(JUDGED_AGAIN):
            later = not_to_come(day + days(self.chance.number(60, 200)))
            scale = self._scale(later)
            likelihood = max(1, min(likelihood, len(scale.likelihood)) - self.chance.number(1, 2))
            eased = self.chance.number(0, 1)
            steps = len(scale.consequence)
            consequences = {one: max(1, min(level, steps) - eased) for one, level in consequences.items()}
            latest[Stage.AFTER] = self._assess(risk, Stage.AFTER, scale, likelihood, consequences, later, by)
            risk.version += 1
        for column, value in derived_columns(latest, self.persons_rank).items():
            setattr(risk, column, value)

    def _scale(self, day: date) -> Scale:
        """The scale of the day; the oldest days of a young scale are judged on today's."""
        for on in (day, self.today):
            if scale := Scale.objects.for_risks(self.municipality, on):
                return scale
        raise LookupError(self.municipality.key)

    def _step(self, steps: int, lean: float) -> int:
        """A step of a ladder: all may come, those at ``lean`` of its height the most."""
        peak = 1 + lean * (steps - 1)
        return self.chance.weighted({step: 1 / (0.6 + abs(step - peak) ** 1.6) for step in range(1, steps + 1)})

    def _consequences(self, worst: int, *, persons: bool) -> dict[Dimension | None, int]:
        """Steps on the municipality's own dimensions, the worst on the one that the risk is about."""
        if not self.dimensions:
            return {None: worst}
        fitting = [one for one in self.dimensions if one.about_persons == persons] or self.dimensions
        main = self.chance.one(fitting)
        others = [one for one in self.dimensions if one != main and (persons or not one.about_persons)]
        touched = self.chance.some(others, self.chance.number(0, 2))
        return {main: worst, **{one: self.chance.number(1, worst) for one in touched}}

    def _assess(
        self,
        risk: Risk,
        stage: Stage,
        scale: Scale,
        likelihood: int,
        consequences: dict[Dimension | None, int],
        day: date,
        by: User,
    ) -> Assessment:
        at = self.chance.moment(day)
        assessment = Assessment(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            risk=risk,
            stage=stage,
            note=self.words["notes"][-1] if stage == Stage.AFTER else self.chance.one(self.words["notes"][:-1]),
            assessed_on=day,
            submission_key=self.chance.key(),
            by=by,
            **judge(scale, likelihood, consequences).columns,
        )
        self.judged.append(Making(dated(assessment, at, by), consequences))
        return assessment

    def _number(self, risks: Sequence[Risk]) -> None:
        last: dict[int, int] = {}
        for risk in risks:
            risk.number = last[risk.year] = last.get(risk.year, 0) + 1
        append(RiskCounter, [RiskCounter(municipality=self.municipality, year=y, last=n) for y, n in last.items()])

    def _close(self, risk: Risk) -> None:
        later = not_to_come(risk.created_at.date() + days(self.chance.number(120, 250)))
        at = max(self.chance.moment(later), risk.created_at)
        risk.state = RiskState.CLOSED
        risk.version += 1
        self.statuses.append(
            RiskStatus(
                risk=risk,
                from_state=RiskState.OPEN,
                to_state=RiskState.CLOSED,
                by=risk.created_by,
                at=at,
                reason=self.words["closed"],
            )
        )

    def _ground(self, risks: Sequence[Risk], kinds: dict[int, list[str]], incidents: Sequence[Incident]) -> None:
        """Tie risks to incidents of a fitting kind at the same workplace that had happened by then."""
        grounds = []
        for risk in risks:
            fitting = [
                incident
                for incident in incidents
                if incident.body_id == risk.body_id
                and incident.kind in kinds[risk.pk]
                and incident.reported_at <= risk.created_at
            ]
            if not self.chance.happens(GROUNDED):
                continue
            for incident in self.chance.some(fitting, self.chance.number(1, 3)):
                ground = RiskGround(
                    municipality=self.municipality,
                    public_id=self.chance.public_id(risk.created_at),
                    risk=risk,
                    incident=incident,
                )
                grounds.append(dated(ground, risk.created_at, risk.created_by))
        write(grounds)
