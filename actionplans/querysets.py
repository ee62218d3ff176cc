"""Figures about plans and measures for the list, the board and the yearly follow-up (R114, R115)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from actionplans.models import (
    OPEN_STATES,
    Measure,
    MeasureRisk,
    MeasureState,
    Plan,
    PlanDecision,
    PlanVersion,
    ResourceLine,
    VersionState,
)
from actionplans.transitions import APPROVING
from organisation.models import Appointment, Body, BodyKind, Decision, Municipality


@dataclass(frozen=True)
class InventoryRow:
    """One planning body in one year: does it have a plan, how far has it come, and of what quality (R114)."""

    body: Body
    plan: Plan | None = None
    version: PlanVersion | None = None
    adopted_on: date | None = None
    section: str = ""
    measures: int = 0
    done: int = 0
    complete: int = 0

    @property
    def state(self) -> str:
        """The state of the version that counts; "" without a plan."""
        return self.version.state if self.version else ""

    @property
    def quality(self) -> int | None:
        """Per cent of the measures that are tied to a risk, have resources and somebody in the seat that answers."""
        return round(100 * self.complete / self.measures) if self.measures else None

    @property
    def progress(self) -> int | None:
        """Per cent of the measures that are done."""
        return round(100 * self.done / self.measures) if self.measures else None


def expected_to_plan(municipality: Municipality, on: date) -> "QuerySet[Body]":
    """Return the bodies that should have a plan: board, committees, and companies where the rules name them."""
    bodies = Body.objects.of(municipality).in_force(on).planning()
    if municipality.rules(on).companies_in_scope:
        return bodies
    return bodies.exclude(kind=BodyKind.COMPANY, plans__isnull=True)


def inventory(*, bodies: Iterable[Body], year: int, on: date) -> list[InventoryRow]:
    """Return a row for each of ``bodies`` about the plan for ``year`` as things stood on the day ``on``.

    A version in force on that day counts before one that is on its way. A constant number of queries.
    """
    bodies = list(bodies)
    versions = _versions_that_count(bodies, year, on)
    adopted = _adoptions(versions.values())
    counts = _measure_counts(versions.values(), on)
    rows = []
    for body in bodies:
        version = versions.get(body.pk)
        if version is None:
            rows.append(InventoryRow(body=body))
            continue
        version.plan.body = body
        decision = adopted.get(version.pk)
        rows.append(
            InventoryRow(
                body=body,
                plan=version.plan,
                version=version,
                adopted_on=decision.meeting.held_on if decision else None,
                section=decision.section if decision else "",
                **counts.get(version.pk, {}),
            )
        )
    return rows


def _versions_that_count(bodies: list[Body], year: int, on: date) -> dict[int, PlanVersion]:
    """Return body id → its plan's version in force on the day ``on``, else the open one, else the newest."""
    versions = PlanVersion.objects.filter(plan__body__in=bodies, plan__year=year).select_related("plan")
    newest: dict[int, PlanVersion] = {}
    under_work: dict[int, PlanVersion] = {}
    in_force: dict[int, PlanVersion] = {}
    for version in versions.order_by("number").defer("content"):
        newest[version.body_id] = version
        if version.state in OPEN_STATES:
            under_work[version.body_id] = version
        began, ended = version.in_force_from, version.in_force_to
        if began is not None and began <= on and (ended is None or ended > on):
            in_force[version.body_id] = version
    return newest | under_work | in_force


def _adoptions(versions: Iterable[PlanVersion]) -> dict[int, Decision]:
    """Return version id → the decision that adopted it, as last corrected."""
    ties = PlanDecision.objects.filter(version__in=list(versions), decision__outcome__in=APPROVING)
    corrections = Decision.objects.filter(supersedes=OuterRef("decision"))
    ties = ties.annotate(is_corrected=Exists(corrections)).select_related("decision__meeting")
    decisions = {tie.version_id: tie.decision for tie in ties}
    mended = [tie.version_id for tie in ties if tie.is_corrected]
    return decisions | dict(zip(mended, as_corrected(decisions[one] for one in mended), strict=True))


def as_corrected(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the last correction of each decision, in the same order; one query for each step of corrections."""
    last = list(decisions)
    while last:
        found = Decision.objects.filter(supersedes__in=last).select_related("meeting")
        later = {decision.supersedes_id: decision for decision in found}
        if not later:
            return last
        last = [later.get(decision.pk, decision) for decision in last]
    return last


def _measure_counts(versions: Iterable[PlanVersion], on: date) -> Mapping[int, dict[str, int]]:
    """Return version id → number of measures, of done ones, and of complete ones."""
    held = Appointment.objects.in_force(on).filter(seat=OuterRef("responsible"), person__is_active=True)
    complete = (
        Exists(MeasureRisk.objects.filter(measure=OuterRef("pk")))
        & Exists(ResourceLine.objects.filter(measure=OuterRef("pk")))
        & Exists(held)
    )
    rows = Measure.objects.filter(version__in=list(versions)).annotate(is_complete=complete).order_by()
    counted = rows.values("version_id").annotate(
        measures=Count("pk"),
        done=Count("pk", filter=Q(state=MeasureState.DONE)),
        complete=Count("pk", filter=Q(is_complete=True)),
    )
    return {
        row["version_id"]: {"measures": row["measures"], "done": row["done"], "complete": row["complete"]}
        for row in counted
    }


@dataclass(frozen=True)
class MeasureCount:
    """How many measures of one area ("" for none) and type are in one state."""

    area: str
    type: str
    state: str
    count: int


def by_area_type_and_state(measures: "QuerySet[Measure]") -> list[MeasureCount]:
    """Return the numbers of ``measures`` per area, type and state (R86, R87, R115); one query."""
    grouped = measures.order_by().values("area__name", "area__position", "type", "state").annotate(count=Count("pk"))
    ordered = grouped.order_by("area__position", "area__name", "type", "state")
    return [MeasureCount(row["area__name"] or "", row["type"], row["state"], row["count"]) for row in ordered]


def plans_with_state(rows: Iterable[InventoryRow]) -> dict[str, int]:
    """Return how many rows are in each state of ``VersionState``, and under "" those without a plan."""
    counts = dict.fromkeys(("", *VersionState.values), 0)
    for row in rows:
        counts[row.state] += 1
    return counts
