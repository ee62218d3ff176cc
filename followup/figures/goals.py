"""The goals of the safety work, and what the governing documents say, by kind (R1, R6, R63–R69, R142–R144)."""

from collections import Counter
from dataclasses import dataclass

from followup.figures.question import Question
from policies.models import Clause, DocumentVersion, Goal


@dataclass(frozen=True)
class GoalRow:
    """A goal and the indicator that tells whether it is met (empty: none is said)."""

    name: str
    indicator: str


@dataclass(frozen=True)
class ClauseCount:
    """How many clauses of one kind a document in force has."""

    document: str
    kind: str
    count: int


@dataclass(frozen=True)
class Goals:
    """Figures of the chapter."""

    goals: list[GoalRow]
    without_indicator: int
    clauses: list[ClauseCount]
    clause_total: int


def goals(question: Question) -> Goals:
    """List the goals in force and count the clauses of the documents in force."""
    on = question.cut_off
    rows = [
        GoalRow(goal.name, goal.indicator)
        for goal in Goal.objects.in_force(on).filter(municipality=question.municipality)
    ]
    standing = DocumentVersion.objects.in_force(on).filter(municipality=question.municipality)
    said = Clause.objects.filter(version__in=standing).order_by("version__document__title", "kind")
    counted = Counter(said.values_list("version__document__title", "kind"))
    return Goals(
        goals=rows,
        without_indicator=sum(not row.indicator for row in rows),
        clauses=[ClauseCount(document, kind, count) for (document, kind), count in sorted(counted.items())],
        clause_total=counted.total(),
    )
