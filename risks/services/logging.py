"""Logging a risk."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from incidents.models import Incident
from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed
from organisation.models import Body, User
from policies.models import Area, ProtectedValue
from risks.models import Horizon, Risk, Serious, Stage
from risks.permissions import ADD_RISK
from risks.ranking import derived_columns
from risks.services.steps import (
    Consequences,
    append_status,
    judged,
    locked_counter,
    refuse_foreign,
    visible_incidents,
    write_assessment,
    write_grounds,
)


@transaction.atomic
def log_risk(
    *,
    body: Body,
    title: str,
    likelihood: int,
    consequences: Consequences,
    by: User,
    submission_key: UUID,
    area: Area | None = None,
    protected_value: ProtectedValue | None = None,
    horizon: str = Horizon.EXISTING,
    serious: str = Serious.UNKNOWN,
    description: str = "",
    note: str = "",
    incidents: Iterable[Incident] = (),
) -> Risk:
    """Log a risk at ``body`` with its first judgement, before measures, and return it (R89, R92).

    ``consequences`` maps the municipality's dimensions (None: it has none) to steps of the scale in force.
    The same ``submission_key`` again, by the same person, gives the risk that it gave the first time.
    Raises ``NotAllowed``, ``NotOurs``, ``NoScale``, ``ConsequenceMissing`` or ``OutsideScale``.
    """
    require(by, ADD_RISK, body)
    on = clock.today()
    refuse_foreign(body.municipality, on, body, area, protected_value)
    grounds = visible_incidents(incidents, by)
    counter = locked_counter(body.municipality, on.year)
    if logged := Risk.objects.filter(submission_key=submission_key).first():
        if logged.created_by_id != by.pk:
            raise NotAllowed
        return logged
    counter.last += 1
    counter.save(update_fields=["last"])
    first = judged(body.municipality, on, Stage.BEFORE, likelihood, consequences, note, by)
    risk = Risk.objects.create(
        municipality=body.municipality,
        body=body,
        year=on.year,
        number=counter.last,
        title=title,
        description=description,
        area=area,
        protected_value=protected_value,
        horizon=horizon,
        serious=serious,
        created_by=by,
        created_at=clock.now(),
        submission_key=submission_key,
        **derived_columns({Stage.BEFORE: first}, body.municipality.rules(on).persons_rank),
    )
    write_assessment(first, risk, consequences)
    write_grounds(risk, grounds)
    append_status(risk, "", by, "")
    return risk
