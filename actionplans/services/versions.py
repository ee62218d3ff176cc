"""The lock, the status row, and how the next version opens: what every verb on plans stands on."""

from simple_history.utils import bulk_create_with_history

from actionplans.models import (
    OPEN_STATES,
    Measure,
    MeasureRisk,
    Plan,
    PlanStatus,
    PlanVersion,
    ResourceLine,
    VersionState,
)
from actionplans.services.errors import PlanLocked
from actionplans.transitions import VERSION
from organisation import clock
from organisation.errors import WrongState
from organisation.models import User


def lock_plan(plan: Plan) -> Plan:
    """Lock the plan's row until the transaction ends, and return it as it stands.

    Every change of a plan, its versions or its measures goes through here, so that two at once become
    one after the other.
    """
    return Plan.objects.select_for_update(of=("self",)).select_related("body", "municipality").get(pk=plan.pk)


def current_version(plan: Plan, pk: int) -> PlanVersion:
    """Return one version of a locked plan as it stands."""
    version = plan.versions.get(pk=pk)
    version.plan = plan
    return version


def open_version(plan: Plan) -> PlanVersion | None:
    """Return the version that work is going on with, if any."""
    version = plan.versions.filter(state__in=OPEN_STATES).first()
    if version is not None:
        version.plan = plan
    return version


def move(version: PlanVersion, to: str, *, by: User, reason: str = "") -> None:
    """Take a step of the table of transitions, save the version and append the status row.

    Raises ``WrongState`` when the table has no such step.
    """
    came_from = version.state
    if to not in VERSION[VersionState(came_from)]:
        raise WrongState
    version.state = to
    version.save()
    note_status(version, came_from, by=by, reason=reason)


def note_status(version: PlanVersion, came_from: str, *, by: User, reason: str = "") -> None:
    """Append a row that says how ``version`` came to the state it has."""
    PlanStatus.objects.create(
        version=version, from_state=came_from, to_state=version.state, by=by, at=clock.now(), reason=reason
    )


def draft_of(plan: Plan, *, by: User) -> PlanVersion:
    """Return the draft of a locked plan; after a decision the next edit opens version n + 1.

    Raises ``PlanLocked`` while a version is with the meeting or waits for its minutes.
    """
    version = open_version(plan)
    if version is None:
        return open_next_version(plan, by=by)
    if version.state != VersionState.DRAFT:
        raise PlanLocked
    return version


def base_of_next(plan: Plan) -> PlanVersion | None:
    """Return the version that the next one begins from: the last one, but not a rejected one if another is in force."""
    newest = plan.versions.order_by("-number").first()
    if newest is not None and newest.state == VersionState.REJECTED:
        return plan.versions.filter(state=VersionState.IN_FORCE).first() or newest
    return newest


def open_next_version(plan: Plan, *, by: User) -> PlanVersion:
    """Write version n + 1 of a locked plan as a draft with copies of the measures it begins from."""
    base = base_of_next(plan)
    newest = plan.versions.order_by("-number").first()
    version = PlanVersion.objects.create(
        municipality=plan.municipality, plan=plan, number=newest.number + 1 if newest else 1, based_on=base
    )
    note_status(version, "", by=by)
    if base is not None:
        copy_measures(base, version)
    return version


def copy_measures(source: PlanVersion, target: PlanVersion) -> None:
    """Write copies of ``source``'s measures, with ties and resources, for ``target``; keys stay the same."""
    originals = list(source.measures.order_by("position", "pk").prefetch_related("risk_ties", "resources"))
    copies = bulk_create_with_history([_copy(one, version=target) for one in originals], Measure)
    by_key = {copy.key: copy for copy in copies}
    pairs = [(by_key[original.key], original) for original in originals]
    ties = [_copy(tie, measure=copy) for copy, original in pairs for tie in original.risk_ties.all()]
    lines = [_copy(line, measure=copy) for copy, original in pairs for line in original.resources.all()]
    bulk_create_with_history(ties, MeasureRisk)
    bulk_create_with_history(lines, ResourceLine)


# Each row's own, never copied.
_OWN = frozenset({"id", "public_id", "submission_key"})


def _copy(row: "Measure | MeasureRisk | ResourceLine", **changed: object) -> "Measure | MeasureRisk | ResourceLine":
    names = [field.attname for field in row._meta.concrete_fields if field.name not in (_OWN | changed.keys())]
    return type(row)(**{name: getattr(row, name) for name in names}, **changed)
