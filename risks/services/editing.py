"""Changing what is said of a risk, and whether it is still there."""

from collections.abc import Iterable

from django.db import transaction

from incidents.models import Incident
from organisation import clock
from organisation.access import require
from organisation.errors import WrongState
from organisation.models import Body, User
from policies.models import Area, ProtectedValue
from risks.errors import ReasonMissing
from risks.models import Risk, RiskGround, RiskState
from risks.permissions import ADD_RISK
from risks.services.steps import (
    append_status,
    locked,
    refuse_closed,
    refuse_foreign,
    refuse_stale,
    save,
    visible_incidents,
    write_grounds,
)
from risks.transitions import may_become


@transaction.atomic
def edit_risk(
    *,
    risk: Risk,
    body: Body,
    title: str,
    area: Area | None,
    protected_value: ProtectedValue | None,
    horizon: str,
    serious: str,
    description: str,
    incidents: Iterable[Incident],
    by: User,
    expected_version: int,
) -> Risk:
    """Change what is said of ``risk``; its level changes by ``assess_risk`` alone.

    ``incidents`` are the grounds that ``by`` may see; grounds that the person can't see are kept.
    Raises ``StaleVersion`` when someone else has saved since ``expected_version``, ``WrongState`` when
    the risk is closed, ``NotAllowed`` when it is moved to a body where the person may log none.
    """
    risk = locked(risk, by)
    refuse_closed(risk)
    refuse_stale(risk, expected_version)
    if body.pk != risk.body_id:
        require(by, ADD_RISK, body)
        refuse_foreign(risk.municipality, clock.today(), body)
    changed = [
        word
        for word, kept in ((area, risk.area_id), (protected_value, risk.protected_value_id))
        if word and word.pk != kept
    ]
    refuse_foreign(risk.municipality, clock.today(), *changed)
    grounds = visible_incidents(incidents, by)
    RiskGround.objects.filter(risk=risk, incident__in=Incident.objects.visible_to(by)).exclude(
        incident__in=grounds
    ).delete()
    write_grounds(risk, grounds)
    return save(
        risk,
        body=body,
        title=title,
        area=area,
        protected_value=protected_value,
        horizon=horizon,
        serious=serious,
        description=description,
    )


@transaction.atomic
def close_risk(*, risk: Risk, reason: str, by: User) -> Risk:
    """Close ``risk``: it is gone, or is kept elsewhere; ``reason`` says which. Raises as ``edit_risk``."""
    return _become(risk, RiskState.CLOSED, reason, by)


@transaction.atomic
def reopen_risk(*, risk: Risk, reason: str, by: User) -> Risk:
    """Open a closed ``risk`` again, with the reason. Raises as ``edit_risk``."""
    return _become(risk, RiskState.OPEN, reason, by)


def _become(risk: Risk, state: str, reason: str, by: User) -> Risk:
    risk = locked(risk, by)
    if not may_become(risk.state, state):
        raise WrongState
    if not reason.strip():
        raise ReasonMissing
    before, risk.state = risk.state, state
    append_status(risk, before, by, reason.strip())
    return save(risk)
