"""What becomes of the demo's cases: who has each, support, notices to authorities, damage, questions, how it went."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from followup.demo.bulk import append, dated, rewrite, write
from followup.demo.chance import Chance, texts
from incidents.clocks.conditions import holds
from incidents.clocks.facts import facts_of
from incidents.clocks.rules import rules_in_force
from incidents.clocks.times import due_at
from incidents.models import (
    Assignment,
    CaseTask,
    Claim,
    ClaimState,
    ClockRule,
    Consequence,
    Incident,
    IncidentStatus,
    Message,
    NoticeChange,
    NoticeState,
    Outcome,
    Precaution,
    StatutoryNotice,
    SupportOffer,
)
from incidents.suggested_tasks import suggested_tasks
from incidents.support import concerns_somebody
from incidents.working_days import add_working_time
from organisation import clock
from organisation.models import Municipality, User
from policies.models import Dimension

Change = IncidentStatus.Change
TAKEN_ON_WITHIN = timedelta(hours=24)
# An older case that still waits would be late in everything: it has been seen to.
RUNS_FOR = timedelta(days=2)
# The municipality's own share of a damage, in öre, and from what cost on a claim is sent.
DEDUCTIBLE, CLAIMED_FROM = 1_000_000, 3_000_000
# Costs up to which the consequence is one step higher, in öre.
STEPS = (500_000, 2_000_000, 6_000_000, 15_000_000)


@dataclass
class Handled:
    """A case as its handler has seen it: when it was read and closed, if it was."""

    incident: Incident
    reader: User
    title: str
    read_at: datetime | None
    closed_at: datetime | None


@dataclass
class Rows:
    """Rows to be written, by the order in which they point at each other."""

    without_history: dict[type[Any], list[Any]] = field(default_factory=dict)
    consequences: list[Consequence] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    # Written already, and first answered by a message.
    answered: list[Incident] = field(default_factory=list)

    def add(self, row: Any) -> None:
        """Keep a row of a model without history."""
        self.without_history.setdefault(type(row), []).append(row)

    def write(self) -> None:
        """Write everything, a batch per model."""
        for model, rows in self.without_history.items():
            append(model, rows)
        write(self.consequences)
        write(self.claims)
        rewrite(self.answered, "first_answered_at")


class CaseLife:
    """Draws what happened in each case, apart from the rest of the demo, which stays as it was."""

    def __init__(self, municipality: Municipality, year: int) -> None:
        self.municipality = municipality
        self.chance = Chance(f"{municipality.key}-{year}-case-life")
        self.words = texts("cases")
        self.now = clock.now()
        self.rules = rules_in_force(municipality, clock.today())
        dimensions = Dimension.objects.in_force(clock.today()).filter(municipality=municipality)
        self.dimensions = {dimension.about_persons: dimension for dimension in reversed(list(dimensions))}
        self.rows = Rows()

    def write(self, cases: Iterable[Handled]) -> None:
        """Write what became of the cases, which are written themselves."""
        for case in cases:
            self._assign(case)
            if case.read_at is not None:
                self._tasks(case, case.read_at)
                self._support(case, case.read_at)
                self._precaution(case, case.read_at)
                self._question(case, case.read_at)
            self._notices(case)
            self._damage(case)
            if case.closed_at is not None and self.chance.happens(0.3):
                self._outcome(case, case.closed_at)
        self.rows.write()

    def _assign(self, case: Handled) -> None:
        reported = case.incident.reported_at
        self.rows.add(
            Assignment(
                incident=case.incident,
                person=case.reader,
                title=case.title,
                assigned_at=reported,
                acknowledge_by=add_working_time(reported, TAKEN_ON_WITHIN),
                acknowledged_at=case.read_at,
            )
        )

    def _tasks(self, case: Handled, read_at: datetime) -> None:
        """Those that the portal suggests: done or not needed when the case is closed, else some of them still wait."""
        for kind, due_on in suggested_tasks(case.incident, read_at.date()):
            task = CaseTask(
                incident=case.incident, kind=kind, due_on=due_on, assigned_to=case.reader, created_at=read_at
            )
            if case.closed_at is not None or self.chance.happens(0.5):
                task.done_at, task.done_by = case.closed_at or self._later(read_at, 3), case.reader
                if kind == CaseTask.Kind.POLICE:
                    task.not_needed, task.outcome = True, self.words["not_reported"]
            self.rows.add(task)

    def _support(self, case: Handled, read_at: datetime) -> None:
        if not concerns_somebody(case.incident) or not self.chance.happens(0.6):
            return
        offer = SupportOffer(incident=case.incident, day=0, offered_at=read_at, by=case.reader)
        if case.closed_at is not None or self.chance.happens(0.5):
            offer.answer = SupportOffer.Answer.ACCEPTED if self.chance.happens(0.35) else SupportOffer.Answer.DECLINED
            offer.answered_at = self._later(read_at, 4)
        if offer.answer == SupportOffer.Answer.ACCEPTED and case.closed_at is not None:
            offer.given_at, offer.given_by = case.closed_at, self.words["given_by"]
        self.rows.add(offer)

    def _precaution(self, case: Handled, read_at: datetime) -> None:
        if not case.incident.threat_remains:
            return
        at = self._between(read_at, case.closed_at)
        self.rows.add(
            Precaution(
                incident=case.incident,
                warned=self.words["warned"],
                two_staff=True,
                alarm=True,
                changed=self.words["changed"],
                by=case.reader,
                at=at,
            )
        )

    def _question(self, case: Handled, read_at: datetime) -> None:
        if not self.chance.happens(0.1):
            return
        asked = self._between(read_at, case.closed_at)
        self._answered(case, asked)
        texts_and_sides: list[tuple[str, str, User | None]] = [(Message.Kind.QUESTION, "questions", case.reader)]
        if case.closed_at is not None or self.chance.happens(0.5):
            texts_and_sides.append((Message.Kind.ANSWER, "replies", None))
        for kind, words, by in texts_and_sides:
            self.rows.add(
                Message(
                    incident=case.incident,
                    kind=kind,
                    from_reporter=by is None,
                    text=self.chance.one(self.words[words]),
                    by=by,
                    at=asked,
                    read_at=asked if len(texts_and_sides) > 1 else None,
                    submission_key=self.chance.key(),
                )
            )

    def _answered(self, case: Handled, at: datetime) -> None:
        """The first message is the first answer, and ends the task to answer."""
        case.incident.first_answered_at = at
        self.rows.answered.append(dated(case.incident, at, case.reader))
        for task in self.rows.without_history.get(CaseTask, []):
            if task.incident == case.incident and task.kind == CaseTask.Kind.FEEDBACK:
                task.done_at, task.done_by = at, case.reader

    def _notices(self, case: Handled) -> None:
        """The duties that the answers call for; those of days past are decided and done."""
        facts = facts_of(case.incident, {})
        for rule in self.rules:
            if not rule.due.get("after") and holds(rule.condition, facts):
                self._notice(case, rule)

    def _notice(self, case: Handled, rule: ClockRule) -> None:
        aware = case.incident.became_aware_at
        first = NoticeState.TO_DECIDE if rule.needs_decision else NoticeState.DUE
        notice = StatutoryNotice(
            municipality=self.municipality,
            public_id=self.chance.public_id(aware),
            incident=case.incident,
            rule=rule,
            state=first,
            started_at=aware,
            due_at=due_at(rule.due, aware),
        )
        self.rows.add(notice)
        steps: list[tuple[str, str, datetime, str]] = [("", first, aware, "")]
        if case.closed_at is not None or self.now - aware > RUNS_FOR:
            done_at = min(
                aware + timedelta(hours=self.chance.weighted({3: 40.0, 9: 35.0, 20: 20.0, 40: 5.0})), self.now
            )
            if rule.needs_decision:
                notice.decided_at, notice.decided_by = done_at, case.reader
                steps.append((first, NoticeState.DUE, done_at, self.words["notice_reason"]))
            notice.state, notice.done_at, notice.done_by = NoticeState.DONE, done_at, case.reader
            notice.receipt = f"DEMO-{case.incident.year}-{case.incident.number}"
            steps.append((NoticeState.DUE, NoticeState.DONE, done_at, ""))
        for before, after, at, reason in steps:
            by = case.reader if before else None
            self.rows.add(
                NoticeChange(
                    notice=notice, from_state=before, to_state=after, due_at=notice.due_at, reason=reason, by=by, at=at
                )
            )

    def _damage(self, case: Handled) -> None:
        incident, cost = case.incident, case.incident.cost_ore
        about_persons = not cost
        dimension = self.dimensions.get(about_persons) or self.dimensions.get(not about_persons)
        if case.closed_at is None or dimension is None or not (cost or incident.injured_count):
            return
        level = 1 + sum(cost > step for step in STEPS) if cost else self.chance.weighted({2: 50.0, 3: 40.0, 4: 10.0})
        consequence = Consequence(
            municipality=self.municipality,
            public_id=self.chance.public_id(case.closed_at),
            incident=incident,
            dimension=dimension,
            level=level,
            cost_ore=cost,
        )
        self.rows.consequences.append(dated(consequence, case.closed_at, case.reader))
        if cost and cost > CLAIMED_FROM:
            self._claim(case, cost, case.closed_at)

    def _claim(self, case: Handled, cost: int, closed_at: datetime) -> None:
        claim = Claim(
            municipality=self.municipality,
            public_id=self.chance.public_id(closed_at),
            incident=case.incident,
            insurer=self.words["insurer"],
            number=f"DEMO {case.incident.number}",
            state=ClaimState.ACCEPTED,
            sent_on=closed_at.date(),
            claimed_ore=cost,
            paid_ore=cost - DEDUCTIBLE,
            decided_on=closed_at.date(),
            deductible_ore=DEDUCTIBLE,
        )
        self.rows.claims.append(dated(claim, closed_at, case.reader))

    def _outcome(self, case: Handled, closed_at: datetime) -> None:
        self.rows.add(
            Outcome(
                municipality=self.municipality,
                public_id=self.chance.public_id(closed_at),
                incident=case.incident,
                body=case.incident.body,
                text=self.chance.one(self.words["outcomes"]),
                by=case.reader,
                published_at=closed_at,
            )
        )
        state = case.incident.state
        self.rows.add(
            IncidentStatus(
                incident=case.incident,
                change=Change.OUTCOME,
                from_state=state,
                to_state=state,
                by=case.reader,
                at=closed_at,
            )
        )

    def _later(self, at: datetime, hours: int) -> datetime:
        return min(at + timedelta(hours=hours), self.now)

    def _between(self, at: datetime, end: datetime | None) -> datetime:
        """A moment after ``at``, not after ``end``."""
        return min(self._later(at, 2), end or self.now)
