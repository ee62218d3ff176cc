"""The steps that the services share: lock, refuse, write. Each runs in its caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from incidents.models import Incident
from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed, StaleVersion, WrongState
from organisation.models import Municipality, TenantModel, User
from policies.models import Dimension
from risks.errors import NoScale, NotOurs
from risks.models import AssessedConsequence, Assessment, Risk, RiskCounter, RiskGround, RiskStatus, Scale
from risks.permissions import CHANGE_RISK
from risks.ranking import judge

Consequences = Mapping[Dimension | None, int]


def locked(risk: Risk, by: User) -> Risk:
    locked = Risk.objects.select_for_update(of=("self",)).select_related("body", "municipality").get(pk=risk.pk)
    require(by, CHANGE_RISK, locked)
    return locked


def refuse_closed(risk: Risk) -> None:
    if not risk.is_open:
        raise WrongState


def refuse_stale(risk: Risk, expected_version: int) -> None:
    if risk.version != expected_version:
        raise StaleVersion


def refuse_foreign(municipality: Municipality, on: date, *rows: TenantModel | None) -> None:
    for row in rows:
        if row is None:
            continue
        if row.municipality_id != municipality.pk or not getattr(row, "is_in_force", lambda _on: True)(on):
            raise NotOurs


def visible_incidents(incidents: Iterable[Incident], by: User) -> list[Incident]:
    """Return the incidents; refuse when the person may not see one of them."""
    wanted = list({incident.pk: incident for incident in incidents}.values())
    if not wanted:
        return []
    seen = Incident.objects.visible_to(by).filter(pk__in=[incident.pk for incident in wanted]).count()
    if seen != len(wanted):
        raise NotAllowed
    return wanted


def locked_counter(municipality: Municipality, year: int) -> RiskCounter:
    """Return the year's counter, locked: who holds it gives the next number, and numbers have no gaps."""
    RiskCounter.objects.get_or_create(municipality=municipality, year=year)
    return RiskCounter.objects.select_for_update().get(municipality=municipality, year=year)


def judged(
    municipality: Municipality,
    on: date,
    stage: str,
    likelihood: int,
    consequences: Consequences,
    note: str,
    by: User,
) -> Assessment:
    """Return an unsaved assessment on the scale in force."""
    scale = Scale.objects.for_risks(municipality, on)
    if scale is None:
        raise NoScale
    has_dimensions = Dimension.objects.filter(municipality=municipality).in_force(on).exists()
    if any((dimension is None) is has_dimensions for dimension in consequences):
        raise NotOurs
    refuse_foreign(municipality, on, *consequences)
    judgement = judge(scale, likelihood, consequences)
    return Assessment(municipality=municipality, stage=stage, note=note, assessed_on=on, by=by, **judgement.columns)


def write_assessment(assessment: Assessment, risk: Risk, consequences: Consequences) -> None:
    assessment.risk = risk
    assessment.save()
    AssessedConsequence.objects.bulk_create(
        AssessedConsequence(assessment=assessment, dimension=dimension, level=step)
        for dimension, step in consequences.items()
        if dimension is not None
    )


def write_grounds(risk: Risk, incidents: Iterable[Incident]) -> None:
    cited = set(risk.grounds.values_list("incident_id", flat=True))
    for incident in incidents:
        if incident.pk not in cited:
            RiskGround.objects.create(municipality_id=risk.municipality_id, risk=risk, incident=incident)


def save(risk: Risk, **columns: Any) -> Risk:
    """Write the columns and count up the version, so that a form opened before is seen to be stale."""
    for name, value in columns.items():
        setattr(risk, name, value)
    risk.version += 1
    risk.save()
    return risk


def append_status(risk: Risk, from_state: str, by: User, reason: str) -> None:
    RiskStatus.objects.create(
        risk=risk, from_state=from_state, to_state=risk.state, by=by, at=clock.now(), reason=reason
    )
