"""Plans in every state, made by the services that people use."""

import uuid
from datetime import date, timedelta
from typing import Any

from actionplans import services
from actionplans.models import Measure, MeasureType, Plan, PlanDecision, PlanVersion
from actionplans.services import MeasureValues, ResourceValues
from organisation import clock
from organisation.decisions import Minutes
from organisation.models import Outcome, User
from risks.models import Risk, Scale, Stage
from risks.services import assess_risk
from tests.factories.organisation import Town
from tests.factories.risks import consequences, make_dimensions, make_risk, make_scale

MONEY_ORE = 31_000_000


def make_plan(town: Town, *, body: str = "care", year: int = 2027, by: User | None = None, **values: Any) -> Plan:
    """Make a plan with an empty draft."""
    values.setdefault("title", f"Handlingsplan för trygghet {year}")
    return services.create_plan(body=town.bodies[body], year=year, by=by or town.safety_coordinator, **values)


def measure_values(town: Town, *, risks: tuple[Risk, ...] = (), **changed: Any) -> MeasureValues:
    """Return what a person says of a complete measure."""
    values: dict[str, Any] = {
        "what": "Larm till personal i nattjänst",
        "how": "Bärbart larm, övning två gånger om året",
        "due_on": date(2027, 3, 31),
        "responsible": town.seats["unit_manager"],
        "type": MeasureType.PREVENT,
        "risks": risks,
        "resources": (ResourceValues(2027, amount_ore=MONEY_ORE), ResourceValues(2027, hours=80, note="Egen tid")),
    }
    return MeasureValues(**(values | changed))


def make_measure(town: Town, plan: Plan, *, by: User | None = None, **changed: Any) -> Measure:
    """Add a measure to the plan's draft."""
    values = measure_values(town, **changed)
    return services.add_measure(plan=plan, values=values, by=by or town.safety_coordinator)


def make_submitted(town: Town, *, measures: int = 2, **changed: Any) -> PlanVersion:
    """Make a plan that waits for its committee."""
    plan = make_plan(town, **changed)
    for number in range(measures):
        make_measure(town, plan, what=f"Åtgärd {number + 1}")
    return services.submit_plan(plan=plan, by=town.safety_coordinator)


def yesterday() -> date:
    """A day on which a meeting can have been held."""
    return clock.today() - timedelta(days=1)


def decide(town: Town, version: PlanVersion, outcome: str = Outcome.APPROVE, **changed: Any) -> PlanDecision:
    """Record what the committee decided, with § 139/2023 as typed."""
    values: dict[str, Any] = {
        "version": version,
        "expected_hash": version.content_hash,
        "held_on": yesterday(),
        "minutes": Minutes(outcome=outcome, section="139/2023", registry_number="ÄN 2026/0412 (demo)"),
        "by": town.committee_secretary,
    }
    return services.record_decision(**(values | changed))


def make_in_force(town: Town, *, measures: int = 2, on: date | None = None, **changed: Any) -> PlanVersion:
    """Make a plan that has been adopted, with approved minutes."""
    tie = decide(town, make_submitted(town, measures=measures, **changed), minutes_approved_on=on or clock.today())
    return PlanVersion.objects.select_related("plan__body").get(pk=tie.version_id)


def make_judged_risk(town: Town, body: str, *, title: str = "Ensamarbete på kvällen") -> Risk:
    """Make a risk at very high level that comes to moderate with measures."""
    if not Scale.objects.filter(municipality=town.municipality).exists():
        make_scale(town.municipality)
        make_dimensions(town.municipality)
    coordinator = town.safety_coordinator
    risk = make_risk(coordinator, town.bodies[body], title=title, likelihood=4, steps=5)
    assess_risk(
        risk=risk,
        stage=Stage.AFTER,
        likelihood=2,
        consequences=consequences(town.municipality, [3]),
        note="",
        by=coordinator,
        expected_version=risk.version,
        submission_key=uuid.uuid4(),
    )
    risk.refresh_from_db()
    return risk
