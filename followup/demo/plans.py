"""Action plans in every state: in force by a meeting's decision, with the meeting, referred back, in the making."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from actionplans.models import (
    Measure,
    MeasureRisk,
    MeasureType,
    Plan,
    PlanDecision,
    PlanStatus,
    PlanVersion,
    ResourceKind,
    ResourceLine,
    VersionState,
    content_hash,
)
from actionplans.snapshot import content_of_rows
from actionplans.transitions import OUTCOME
from followup.demo.bulk import M, append, dated, rewrite, write
from followup.demo.chance import Chance, days, next_weekday, not_to_come, texts
from followup.demo.people import People, in_one_order, theme_of
from followup.demo.progress import Progress
from organisation import clock
from organisation.models import (
    Body,
    BodyClosure,
    BodyKind,
    Decision,
    Meeting,
    Municipality,
    Outcome,
    Seat,
    SeatKind,
    User,
)
from policies.models import Area
from risks.models import Risk, RiskState

IN_FORCE_PLANS = 5
NEXT_YEARS = (VersionState.SUBMITTED, VersionState.DRAFT, VersionState.REFERRED_BACK)
# Between the demo's year and the one that is planned now there may be whole years.
IN_FORCE_BETWEEN = 3
FEWEST_MEASURES, MOST_MEASURES = 7, 8
# How the meetings came to adopt: the first plans at once, one the next time, one with a change.
ADOPTED_HOW = {1: Outcome.DEFER, 2: Outcome.APPROVE_WITH_CHANGES}
AUTUMN = 9  # the month from which next year's plan is written
RESPONSIBLE = (SeatKind.HEAD, SeatKind.UNIT_MANAGER, SeatKind.DEPARTMENT_COORDINATOR, SeatKind.CHIEF_EXECUTIVE)
OVERALL = (SeatKind.SAFETY_COORDINATOR, SeatKind.HEAD_OF_SECURITY, SeatKind.CHIEF_EXECUTIVE, SeatKind.HEAD)
ORE = 100_000  # a thousand kronor

T = TypeVar("T", MeasureRisk, ResourceLine)


@dataclass
class Draft:
    """A plan, its version and measures on their way to be written."""

    plan: Plan
    version: PlanVersion
    by: User
    began: datetime
    measures: list[Measure] = field(default_factory=list)
    ties: list[MeasureRisk] = field(default_factory=list)
    lines: list[ResourceLine] = field(default_factory=list)


@dataclass(frozen=True)
class Item:
    """What a meeting decided about a version."""

    version: PlanVersion
    decision: Decision


class Planning:
    """Invents the plans of one municipality; ``adopt`` writes them."""

    def __init__(self, municipality: Municipality, year: int, chance: Chance, people: People) -> None:
        self.municipality, self.year, self.chance, self.people = municipality, year, chance, people
        self.today = clock.today()
        self.words = texts("measures")
        self.areas = list(Area.objects.filter(municipality=municipality).in_force(self.today))
        self.below: dict[int, set[int]] = {}
        for above, body in BodyClosure.objects.filter(municipality=municipality).values_list(
            "ancestor_id", "descendant_id"
        ):
            self.below.setdefault(above, set()).add(body)
        self.statuses: list[PlanStatus] = []
        self.items: list[Item] = []
        self.meetings: dict[tuple[int, date], Meeting] = {}

    def adopt(self, risks: Sequence[Risk]) -> list[Plan]:
        """Write plans, versions, measures, meetings, decisions and progress."""
        wanted = self._wanted()
        drafts = [self._draft(body, year, state) for body, year, state in wanted]
        for draft in drafts:
            self._fill(draft, self.chance.number(FEWEST_MEASURES, MOST_MEASURES), risks)
        self._write_drafts(drafts)
        states = [state for _body, _year, state in wanted]
        self._submit([draft for draft, to in zip(drafts, states, strict=True) if to != VersionState.DRAFT])
        adopted: list[Draft] = []
        for draft, to in zip(drafts, states, strict=True):
            if to == VersionState.IN_FORCE:
                adopted.append(self._decide(draft, ADOPTED_HOW.get(len(adopted), Outcome.APPROVE)))
            elif to == VersionState.REFERRED_BACK:
                self._refer_back(draft)
        self._write_decisions([draft.version for draft in drafts])
        Progress(self.chance, self.people).note([measure for draft in adopted for measure in draft.measures])
        return [draft.plan for draft in drafts]

    def _wanted(self) -> list[tuple[Body, int, VersionState]]:
        """Body, year and state of each plan: the demo's year in force, and the coming year's on their way."""
        planning = in_one_order(Body.objects.of(self.municipality).in_force(self.today).planning())
        bodies = [body for body in planning if self._seats(body)]
        bodies.sort(key=lambda body: (body.kind == BodyKind.COMPANY, not self._coordinators(body)))
        coming = max(self.year + 1, self.today.year + (self.today.month >= AUTUMN))
        wanted = [(body, self.year, VersionState.IN_FORCE) for body in bodies[:IN_FORCE_PLANS]]
        for year in range(self.year + 1, coming):
            wanted += [(body, year, VersionState.IN_FORCE) for body in bodies[:IN_FORCE_BETWEEN]]
        return wanted + [(body, coming, state) for body, state in zip(bodies, NEXT_YEARS, strict=False)]

    def _seats(self, body: Body) -> list[Seat]:
        """Seats that can answer for a measure of the body's plan: where people work, below it."""
        within = [seat for seat in self.people.seats if seat.body_id in self.below.get(body.pk, {body.pk})]
        leading = [seat for seat in within if seat.seat_type.kind in RESPONSIBLE]
        return leading or within

    def _coordinators(self, body: Body) -> list[User]:
        """The coordinators below the body: those who prepare its plan."""
        within = sorted(self.below.get(body.pk, {body.pk}))
        return [one for at in within for one in self.people.holders(SeatKind.DEPARTMENT_COORDINATOR, at)]

    def preparer(self, body: Body) -> User:
        """Who prepares the body's plan."""
        if found := self._coordinators(body):
            return found[0]
        within = sorted(self.below.get(body.pk, {body.pk}))
        if heads := [one for at in within for one in self.people.holders(SeatKind.HEAD, at)]:
            return heads[0]
        overall = (one for kind in OVERALL for one in self.people.holders(kind))
        return next(overall, self.people.everyone[0])

    def secretary(self, body: Body) -> User:
        """Who writes the body's minutes."""
        found = self.people.holders(SeatKind.SECRETARY, body.pk) or self.people.holders(SeatKind.SECRETARY)
        return found[0] if found else self.preparer(body)

    def _draft(self, body: Body, year: int, state: VersionState) -> Draft:
        began_on = date(year - 1, 9, 1) + days(self.chance.number(0, 25))
        if began_on > self.today:  # next year's plan, before its autumn has come
            began_on = self.today - days(self.chance.number(30, 50))
        began, by = self.chance.moment(began_on), self.preparer(body)
        plan = Plan(
            municipality=self.municipality,
            public_id=self.chance.public_id(began),
            body=body,
            year=year,
            title=f"Handlingsplan för trygghet och säkerhet {year}, {body.name}"[:200],
            further_points="\n".join(self.chance.some(self.words["further_points"], self.chance.number(0, 2))),
            created_by=by,
            created_at=began,
        )
        version = PlanVersion(
            municipality=self.municipality, public_id=self.chance.public_id(began), plan=plan, number=1
        )
        self.statuses.append(PlanStatus(version=version, from_state="", to_state=VersionState.DRAFT, by=by, at=began))
        return Draft(plan=dated(plan, began, by), version=dated(version, began, by), by=by, began=began)

    # --- Measures ---------------------------------------------------------------------

    def _fill(self, draft: Draft, count: int, risks: Sequence[Risk]) -> None:
        """Give the plan its measures, each answering risks at the body or below it."""
        within = self.below.get(draft.plan.body_id or draft.plan.body.pk, {draft.plan.body.pk})
        mine = [risk for risk in risks if risk.body_id in within and risk.state == RiskState.OPEN]
        seats = self._seats(draft.plan.body)
        used: set[str] = set()
        for position in range(count if seats else 0):
            risk = mine[position % len(mine)] if mine else None
            words = self._words(risk.body if risk else draft.plan.body, used)
            self._add(draft, position, words, seats, [risk] if risk else [])
        draft.plan.edit_count = len(draft.measures)

    def _words(self, body: Body, used: set[str]) -> dict[str, Any]:
        """A measure of the body's theme that the plan doesn't have yet; then of any theme."""
        own = self.words[theme_of(body)]
        every = [words for theme in texts("themes") for words in self.words[theme]]
        left = [words for words in own if words["what"] not in used] or [
            words for words in every if words["what"] not in used
        ]
        chosen = self.chance.one(left or every)
        used.add(chosen["what"])
        return chosen

    def _add(
        self, draft: Draft, position: int, words: dict[str, Any], seats: Sequence[Seat], risks: Sequence[Risk]
    ) -> None:
        at = draft.began
        year = draft.plan.year
        starts = date(year, self.chance.number(1, 6), 1)
        due = min(starts + days(self.chance.number(60, 270)), date(year, 12, 15))
        at_the_risk = [seat for seat in seats if any(seat.body_id == risk.body_id for risk in risks)]
        measure = Measure(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            plan=draft.plan,
            version=draft.version,
            key=self.chance.key(),
            what=words["what"],
            how=words["how"],
            starts_on=starts,
            due_on=due,
            responsible=self.chance.one(at_the_risk or seats),
            type=MeasureType(words["type"]),
            area=(risks[0].area if risks and risks[0].area else self.chance.one(self.areas)) if self.areas else None,
            position=position,
            submission_key=self.chance.key(),
        )
        draft.measures.append(dated(measure, at, draft.by))
        for risk in risks:
            tie = MeasureRisk(
                municipality=self.municipality, public_id=self.chance.public_id(at), measure=measure, risk=risk
            )
            draft.ties.append(dated(tie, at, draft.by))
        draft.lines += [dated(line, at, draft.by) for line in self._lines(measure, year, words)]

    def _lines(self, measure: Measure, year: int, words: dict[str, Any]) -> list[ResourceLine]:
        """Money or hours in the plan's year; what costs much is paid over two."""
        common = {"municipality": self.municipality, "measure": measure}
        at = date(year, 1, 1)
        if "hours" in words:
            hours = words["hours"] * self.chance.number(6, 14) // 10
            id_ = self.chance.public_id(self.chance.moment(at))
            return [ResourceLine(**common, public_id=id_, budget_year=year, kind=ResourceKind.HOURS, hours=hours)]
        amount = words["thousand"] * self.chance.number(6, 14) // 10 * ORE
        shares = {year: 0.7, year + 1: 0.3} if amount > 250 * ORE else {year: 1.0}
        return [
            ResourceLine(
                **common,
                public_id=self.chance.public_id(self.chance.moment(at)),
                budget_year=budget_year,
                kind=ResourceKind.MONEY,
                amount_ore=int(amount * share) // ORE * ORE,
            )
            for budget_year, share in shares.items()
        ]

    def _write_drafts(self, drafts: Sequence[Draft]) -> None:
        write([draft.plan for draft in drafts])
        write([draft.version for draft in drafts])
        self._write_measures(drafts)

    def _write_measures(self, drafts: Sequence[Draft]) -> None:
        write([measure for draft in drafts for measure in draft.measures])
        write([tie for draft in drafts for tie in draft.ties])
        write([line for draft in drafts for line in draft.lines])

    # --- Submission and decision --------------------------------------------------------

    def _submit(self, drafts: Sequence[Draft]) -> None:
        """Freeze each content with its hash, as submitting does."""
        for draft in drafts:
            version = draft.version
            at = self.chance.moment(not_to_come(draft.began.date() + days(self.chance.number(25, 45))))
            version.content = content_of_rows(version).to_json()
            version.content_hash = content_hash(version.content)
            version.submitted_by, version.submitted_at = draft.by, at
            self._step(version, VersionState.SUBMITTED, draft.by, at)
        rewrite([draft.version for draft in drafts], "state", "content", "content_hash", "submitted_by", "submitted_at")

    def _step(self, version: PlanVersion, to: VersionState, by: User, at: datetime, reason: str = "") -> None:
        """Note a step; of two on one day the later is never drawn before the earlier."""
        at = max([at, *(one.at for one in self.statuses if one.version is version)])
        self.statuses.append(
            PlanStatus(version=version, from_state=version.state, to_state=to, by=by, at=at, reason=reason)
        )
        version.state = to
        dated(version, at, by)

    def _decide(self, draft: Draft, how: Outcome) -> Draft:
        """The body's meeting adopts the version, now or the next time; with its minutes approved it is in force."""
        version, body = draft.version, draft.plan.body
        secretary = self.secretary(body)
        meeting = self._meeting_after(version, 14)
        if how == Outcome.DEFER:
            self._item(version, meeting, Outcome.DEFER, secretary)
            at = self.chance.moment(meeting.held_on)
            self._step(version, VersionState.SUBMITTED, secretary, at, self.words["deferred"])
            meeting, how = self._meeting(body, next_weekday(meeting.held_on + days(28))), Outcome.APPROVE
        if how == Outcome.APPROVE_WITH_CHANGES:
            version = self._as_changed(draft, secretary, self.chance.moment(meeting.held_on))
        self._item(version, meeting, how, secretary)
        self._step(version, VersionState.PRELIMINARY, secretary, self.chance.moment(meeting.held_on))
        if meeting.minutes_approved_on is not None:
            version.in_force_from = meeting.minutes_approved_on
            at = self.chance.moment(meeting.minutes_approved_on)
            self._step(version, VersionState.IN_FORCE, secretary, at)
        return draft

    def _as_changed(self, draft: Draft, secretary: User, at: datetime) -> PlanVersion:
        """The version that the meeting made of the submitted one: a measure is to be done sooner."""
        met = draft.version
        self._step(met, VersionState.REPLACED, secretary, at)
        rewrite([met], "state")
        changed = PlanVersion(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            plan=draft.plan,
            number=met.number + 1,
            state=VersionState.SUBMITTED,
            content=met.content,
            content_hash=met.content_hash,
            based_on=met,
            submitted_by=secretary,
            submitted_at=at,
        )
        write([dated(changed, at, secretary)])
        self._take_over(draft, changed, secretary, at)
        sooner = max(draft.measures, key=lambda measure: measure.due_on)
        sooner.due_on = max(sooner.due_on - days(30), sooner.starts_on or sooner.due_on)
        rewrite([dated(sooner, at, secretary)], "due_on")
        changed.content = content_of_rows(changed).to_json()
        changed.content_hash = content_hash(changed.content)
        rewrite([changed], "content", "content_hash")
        reason = self.words["changed"]
        self.statuses.append(
            PlanStatus(version=changed, from_state="", to_state=changed.state, by=secretary, at=at, reason=reason)
        )
        return changed

    def _take_over(self, draft: Draft, version: PlanVersion, by: User, at: datetime) -> None:
        """Give ``version`` measures of its own, the same as those of the version before it."""
        made: dict[int, Measure] = {}
        for measure in draft.measures:
            copy = _copy(
                measure, version=version, public_id=self.chance.public_id(at), submission_key=self.chance.key()
            )
            made[measure.pk] = dated(copy, at, by)

        def again(row: T) -> T:
            copy = _copy(row, measure=made[row.measure_id], public_id=self.chance.public_id(at))
            return dated(copy, at, by)

        draft.version, draft.measures = version, list(made.values())
        draft.ties = [again(tie) for tie in draft.ties]
        draft.lines = [again(line) for line in draft.lines]
        self._write_measures([draft])

    def _refer_back(self, draft: Draft) -> None:
        secretary = self.secretary(draft.plan.body)
        meeting = self._meeting_after(draft.version, 14)
        self._item(draft.version, meeting, Outcome.REFER_BACK, secretary)
        at = self.chance.moment(meeting.held_on)
        self._step(draft.version, VersionState.REFERRED_BACK, secretary, at, self.words["referred_back"])

    def _meeting_after(self, version: PlanVersion, wait: int) -> Meeting:
        submitted = version.submitted_at.date() if version.submitted_at else self.today
        held_on = next_weekday(submitted + days(wait + self.chance.number(0, 6)))
        return self._meeting(version.plan.body, not_to_come(held_on))

    def _meeting(self, body: Body, held_on: date) -> Meeting:
        """The body's meeting of the day; its minutes are approved a week or so later."""
        held_on = not_to_come(held_on)
        if (body.pk, held_on) not in self.meetings:
            approved = next_weekday(held_on + days(self.chance.number(5, 10)))
            at = self.chance.moment(held_on)
            meeting = Meeting(
                municipality=self.municipality,
                public_id=self.chance.public_id(at),
                body=body,
                held_on=held_on,
                minutes_approved_on=approved if approved <= self.today else None,
            )
            self.meetings[body.pk, held_on] = dated(meeting, at, self.secretary(body))
        return self.meetings[body.pk, held_on]

    def _item(self, version: PlanVersion, meeting: Meeting, outcome: Outcome, by: User) -> None:
        at = self.chance.moment(meeting.held_on + days(1))
        decision = Decision(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            meeting=meeting,
            outcome=outcome,
            section=str(self.chance.number(40, 180)),
            registry_number=f"DEMO {meeting.held_on.year}/{self.chance.number(100, 999)}",
            recorded_by=by,
            recorded_at=at,
        )
        self.items.append(Item(version, dated(decision, at, by)))

    def _write_decisions(self, versions: Sequence[PlanVersion]) -> None:
        write(list(self.meetings.values()))
        _write_recorded([item.decision for item in self.items])
        ties = [
            dated(
                PlanDecision(
                    municipality=self.municipality,
                    public_id=self.chance.public_id(item.decision.recorded_at),
                    version=item.version,
                    decision=item.decision,
                    is_final=OUTCOME[Outcome(item.decision.outcome)].is_final,
                    decided_hash=item.version.content_hash,
                    submission_key=self.chance.key(),
                ),
                item.decision.recorded_at,
                item.decision.recorded_by,
            )
            for item in self.items
        ]
        write(ties)
        decided = {item.version.pk for item in self.items}
        rewrite([version for version in versions if version.pk in decided], "state", "in_force_from")
        append(PlanStatus, self.statuses)


def _copy(row: M, **changed: Any) -> M:
    """The same row once more, not yet written, with some of its columns changed."""
    kept = [column for column in row._meta.concrete_fields if column.name not in {"id", *changed}]
    return type(row)(**{column.name: getattr(row, column.name) for column in kept}, **changed)


def _write_recorded(decisions: Sequence[Decision]) -> None:
    """Write decisions as recorded after their meetings; the column would else say that it is now."""
    recorded = [decision.recorded_at for decision in decisions]
    append(Decision, decisions)
    for decision, at in zip(decisions, recorded, strict=True):
        decision.recorded_at = at
    Decision.objects.bulk_update(decisions, ["recorded_at"])
    Decision.history.bulk_history_create(decisions)
