"""A municipality with something to follow up: documents, risks, plans, measures and incidents of three years."""

import itertools
from datetime import UTC, date, datetime, timedelta

from actionplans.models import (
    Measure,
    MeasureRisk,
    MeasureState,
    MeasureType,
    Plan,
    PlanDecision,
    PlanVersion,
    ResourceLine,
    VersionState,
    content_hash,
)
from incidents.models import Incident, IncidentKind
from organisation.models import Body, Decision, Meeting, Outcome, Seat
from policies.models import Area, Clause, Dimension, DocumentVersion, Goal, GoverningDocument
from risks.models import Assessment, Risk, Scale, Stage
from tests.factories.organisation import Town, make_municipality

YEAR = 2025

# kind → (incidents in YEAR, in the year before): with small counts, a zero, and one just at the threshold.
COUNTS = {
    IncidentKind.THREAT: (39, 48),
    IncidentKind.VIOLENCE: (19, 23),
    IncidentKind.NEAR_MISS: (85, 54),
    IncidentKind.VANDALISM: (48, 48),
    IncidentKind.THEFT: (5, 9),
    IncidentKind.FIRE: (3, 1),
    IncidentKind.ACCIDENT: (12, 7),
    IncidentKind.ENVIRONMENT: (2, 0),
}

_numbers = itertools.count(1)


def make_incident(
    body: Body, kind: str, occurred_on: date, *, cost_ore: int | None = None, serious: bool = False
) -> Incident:
    """Return an unsaved incident; the caller writes many at once."""
    number = next(_numbers)
    at = datetime(occurred_on.year, occurred_on.month, occurred_on.day, 12, tzinfo=UTC)
    return Incident(
        municipality=body.municipality,
        body=body,
        year=occurred_on.year,
        number=number,
        kind=kind,
        occurred_on=occurred_on,
        reported_at=at,
        became_aware_at=at,
        cost_ore=cost_ore,
        serious=serious,
    )


def make_incidents(town: Town, year: int = YEAR, counts: dict[str, tuple[int, int]] | None = None) -> None:
    """Write the incidents of ``counts``, spread over the year's months and three workplaces."""
    bodies = [town.bodies[key] for key in ("care-north", "care-south", "school-unit")]
    made = []
    for kind, (now, before) in (COUNTS if counts is None else counts).items():
        for of_year, count in ((year, now), (year - 1, before)):
            for place in range(count):
                day = date(of_year, place % 12 + 1, place % 27 + 1)
                # Two thirds at the first workplace, so that the last one's counts are small.
                body = bodies[(0, 0, 1, 0, 1, 0, 2)[place % 7]]
                cost = 1_500_00 if kind in (IncidentKind.VANDALISM, IncidentKind.FIRE) else None
                made.append(make_incident(body, kind, day, cost_ore=cost, serious=place % 10 == 0))
    Incident.objects.bulk_create(made)


def make_scale(town: Town) -> Scale:
    """Write the workplace scale, 5×5, its levels set per cell."""
    words = ("low", "moderate", "high", "very_high")
    cells = [
        [words[(step * col >= 5) + (step * col >= 10) + (step * col >= 17)] for col in range(1, 6)]
        for step in range(1, 6)
    ]
    return Scale.objects.create(
        municipality=town.municipality,
        key="workplace",
        name="Arbetsplats 5×5",
        likelihood=["Mycket osannolik", "Osannolik", "Möjlig", "Sannolik", "Mycket sannolik"],
        consequence=["Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Mycket allvarlig"],
        bands=[
            {"key": "low", "word": "Låg", "severity": 1},
            {"key": "moderate", "word": "Måttlig", "severity": 2},
            {"key": "high", "word": "Hög", "severity": 3},
            {"key": "very_high", "word": "Mycket hög", "severity": 4},
        ],
        cells=cells,
    )


def make_risk(
    town: Town, scale: Scale, title: str, *, area: Area | None = None, year: int = YEAR, **stages: tuple[int, int]
) -> Risk:
    """Write a risk with its judgements: ``before=(4, 4), after=(2, 3)``, likelihood × consequence."""
    by = town.people["safety_coordinator"]
    risk = Risk.objects.create(
        municipality=town.municipality,
        body=town.bodies["care-north"],
        year=year,
        number=next(_numbers),
        title=title,
        area=area,
        created_by=by,
        created_at=datetime(year, 2, 1, 9, tzinfo=UTC),
    )
    for stage, (likelihood, consequence) in stages.items():
        Assessment.objects.create(
            municipality=town.municipality,
            risk=risk,
            stage=Stage(stage),
            scale=scale,
            likelihood=likelihood,
            consequence=consequence,
            band=scale.band(likelihood, consequence).key,
            assessed_on=date(year, 3 if stage == "before" else 9, 1),
            by=by,
        )
    return risk


def make_plan(town: Town, body_key: str, year: int = YEAR, *, state: str = VersionState.IN_FORCE) -> PlanVersion:
    """Write a committee's plan and its version; one in force has its meeting and decision."""
    body, by = town.bodies[body_key], town.people["safety_coordinator"]
    plan = Plan.objects.create(
        municipality=town.municipality,
        body=body,
        year=year,
        title=f"Handlingsplan {body} {year}",
        created_by=by,
        created_at=datetime(year - 1, 11, 1, 9, tzinfo=UTC),
    )
    content: dict[str, list[object]] = {"measures": []}
    in_force = state == VersionState.IN_FORCE
    version = PlanVersion.objects.create(
        municipality=town.municipality,
        plan=plan,
        number=1,
        state=state,
        content=content,
        content_hash=content_hash(content),
        in_force_from=date(year - 1, 12, 15) if in_force else None,
    )
    if in_force:
        meeting = Meeting.objects.create(municipality=town.municipality, body=body, held_on=date(year - 1, 12, 10))
        decision = Decision.objects.create(
            municipality=town.municipality, meeting=meeting, outcome=Outcome.APPROVE, section="42", recorded_by=by
        )
        PlanDecision.objects.create(
            municipality=town.municipality,
            version=version,
            decision=decision,
            is_final=True,
            decided_hash=version.content_hash,
        )
    return version


def make_measure(
    version: PlanVersion,
    what: str,
    due_on: date,
    *,
    area: Area | None = None,
    type: str = MeasureType.PREVENT,
    done_on: date | None = None,
    risk: Risk | None = None,
    amount_ore: int | None = None,
    seat: Seat,
) -> Measure:
    """Write a measure of a plan, with a tie to ``risk`` and a line of money when given."""
    measure = Measure.objects.create(
        municipality=version.municipality,
        version=version,
        plan=version.plan,
        what=what,
        how="Som beskrivs i planen.",
        due_on=due_on,
        responsible=seat,
        type=type,
        area=area,
        state=MeasureState.DONE if done_on else MeasureState.STARTED,
        done_on=done_on,
    )
    if risk:
        MeasureRisk.objects.create(municipality=version.municipality, measure=measure, risk=risk)
    if amount_ore is not None:
        ResourceLine.objects.create(
            municipality=version.municipality,
            measure=measure,
            budget_year=version.plan.year,
            kind="money",
            amount_ore=amount_ore,
        )
    return measure


def make_documents(town: Town) -> None:
    """Write a policy due for review, a guideline without a set review, a goal, areas and a dimension."""
    policy = GoverningDocument.objects.create(
        municipality=town.municipality,
        key="policy",
        kind="policy",
        title="Säkerhetspolicy",
        owner=town.bodies["safety"],
        review={"rule": "every_n_years", "years": 4},
    )
    version = DocumentVersion.objects.create(
        municipality=town.municipality,
        document=policy,
        valid_from=date(2020, 1, 1),
        decided_by="Kommunfullmäktige",
        decided_on=date(2019, 11, 21),
        section="164",
        registry_number="KS 2019-400",
    )
    for position, kind in enumerate(("goal", "goal", "duty")):
        Clause.objects.create(
            municipality=town.municipality,
            version=version,
            key=f"{kind}-{position}",
            kind=kind,
            text="Med egna ord.",
            position=position,
        )
    guideline = GoverningDocument.objects.create(
        municipality=town.municipality, key="guideline", kind="guideline", title="Riktlinje för hot och våld"
    )
    DocumentVersion.objects.create(municipality=town.municipality, document=guideline, valid_from=date(2022, 5, 1))
    Goal.objects.create(
        municipality=town.municipality, key="safe", name="Färre olyckor", indicator="Antal olyckor per år"
    )
    Dimension.objects.create(municipality=town.municipality, key="people", name="Människor", about_persons=True)
    for position, name in enumerate(("Personsäkerhet", "Informationssäkerhet", "Tekniskt skydd")):
        Area.objects.create(municipality=town.municipality, key=f"area-{position}", name=name, position=position)


def make_followed_up_town(key: str = "") -> Town:
    """Make Exempelby with a whole year to follow up (``YEAR``) and one before it to compare with."""
    town = make_municipality(key=key)
    make_documents(town)
    make_incidents(town)
    scale = make_scale(town)
    areas = list(Area.objects.filter(municipality=town.municipality))
    risks = [
        make_risk(town, scale, f"Risk nummer {place}", area=areas[place % 3], before=cells[0], after=cells[1])
        for place, cells in enumerate([((4, 4), (2, 3)), ((5, 4), (4, 4)), ((3, 3), (2, 2)), ((2, 2), (1, 2))] * 4)
    ]
    for body_key in ("board", "care"):
        version = make_plan(town, body_key)
        for place in range(6):
            due = date(YEAR, place * 2 + 1, 15)
            make_measure(
                version,
                f"Åtgärd {place} för {version.plan.body}",
                due,
                area=areas[place % 3],
                type=list(MeasureType)[place % 3],
                done_on=due - timedelta(days=3) if place < 4 else None,
                risk=risks[place],
                amount_ore=50_000_00 if place % 2 else None,
                seat=town.seats["head"],
            )
    make_plan(town, "school", state=VersionState.SUBMITTED)
    return town
