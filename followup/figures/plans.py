"""The yearly inventory: does each committee have an action plan, and of what quality (R82, R114)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum

from actionplans.models import Measure, MeasureRisk, Plan, PlanDecision, PlanVersion, ResourceKind, ResourceLine
from followup.figures.bodies import body_names
from followup.figures.question import Question
from organisation.models import Appointment, Body


@dataclass(frozen=True)
class PlanRow:
    """One committee's plan on the cut-off's day; ``state`` is empty when there is none.

    Of its measures, how many answer a risk, have resources, and have somebody in the seat that answers.
    """

    body: str
    state: str
    decided_on: str
    section: str
    measures: int
    with_risk: int
    with_resources: int
    with_holder: int
    quality: int | None


@dataclass(frozen=True)
class Plans:
    """Figures of the chapter."""

    bodies: int
    in_force: int
    under_way: int
    missing: int
    rows: list[PlanRow]
    money_ore: int


def versions_on(question: Question, year: int) -> dict[int, PlanVersion]:
    """Return plan id → the version in force on the cut-off's day in ``year``, for the plans of that year."""
    on = question.day_in(year)
    versions = PlanVersion.objects.in_force(on).filter(municipality=question.municipality, plan__year=year)
    return {version.plan_id: version for version in versions.select_related("plan").order_by("number")}


def plans(question: Question) -> Plans:
    """Take stock of the plans for the year, one row per body that is to have one."""
    bodies = Body.objects.of(question.municipality).planning().in_force(question.cut_off)
    own = {plan.body_id: plan for plan in Plan.objects.filter(municipality=question.municipality, year=question.year)}
    standing, names = versions_on(question, question.year), body_names(question)
    called = sorted((names.get(body.pk, body.name), body.pk) for body in bodies)
    rows = [_row(name, own.get(pk), standing, question) for name, pk in called]
    money = ResourceLine.objects.filter(
        measure__version__in=standing.values(), kind=ResourceKind.MONEY, budget_year=question.year
    )
    return Plans(
        bodies=len(rows),
        in_force=sum(row.state == "in_force" for row in rows),
        under_way=sum(row.state not in ("in_force", "") for row in rows),
        missing=sum(row.state == "" for row in rows),
        rows=rows,
        money_ore=money.aggregate(total=Sum("amount_ore"))["total"] or 0,
    )


def _row(name: str, plan: Plan | None, standing: dict[int, PlanVersion], question: Question) -> PlanRow:
    version = standing.get(plan.pk) if plan else None
    if plan is None or version is None:
        newest = PlanVersion.objects.filter(plan=plan).order_by("-number").first() if plan else None
        state = newest.state if newest else ("draft" if plan else "")
        # A version that came in force after the cut-off's day was still under way then.
        state = "preliminary" if state == "in_force" else state
        return PlanRow(name, state, "", "", 0, 0, 0, 0, None)
    decision = PlanDecision.objects.filter(version=version, is_final=True).select_related("decision__meeting").first()
    counts = _quality(version, question)
    asked = counts["with_risk"] + counts["with_resources"] + counts["with_holder"]
    return PlanRow(
        body=name,
        state="in_force",
        decided_on=decision.decision.meeting.held_on.isoformat() if decision else "",
        section=decision.decision.section if decision else "",
        quality=round(100 * asked / (3 * counts["measures"])) if counts["measures"] else None,
        **counts,
    )


def _quality(version: PlanVersion, question: Question) -> dict[str, int]:
    """Count a version's measures, and of them those that answer a risk, have resources, and have a holder."""
    held = Appointment.objects.in_force(question.cut_off).filter(seat=OuterRef("responsible"))
    measures = Measure.objects.filter(version=version).annotate(
        answers=Exists(MeasureRisk.objects.filter(measure=OuterRef("pk"))),
        funded=Exists(ResourceLine.objects.filter(measure=OuterRef("pk"))),
        held=Exists(held),
    )
    return measures.aggregate(
        measures=Count("pk"),
        with_risk=Count("pk", filter=Q(answers=True)),
        with_resources=Count("pk", filter=Q(funded=True)),
        with_holder=Count("pk", filter=Q(held=True)),
    )
