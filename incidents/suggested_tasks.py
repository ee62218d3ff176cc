"""Which tasks a case begins with, by what was reported; read it as the rule. A handler adds others and drops these.

What must be notified to an authority is no task of these: it has its own clock and its own decision.
"""

from collections.abc import Iterator
from datetime import date

from incidents.models import Affected, CaseTask, Incident, IncidentKind, PoliceReport
from incidents.working_days import add_working_days

# Kinds that may be a crime: whether to report it is thought of in each.
PERHAPS_A_CRIME = frozenset(
    {
        IncidentKind.THREAT,
        IncidentKind.VIOLENCE,
        IncidentKind.HARASSMENT,
        IncidentKind.VANDALISM,
        IncidentKind.THEFT,
        IncidentKind.FIRE,
        IncidentKind.ECONOMIC_CRIME,
        IncidentKind.INFORMATION_SECURITY,
        IncidentKind.UNDUE_INFLUENCE,
    }
)
# Kinds in which nobody has been hurt or frightened yet.
NOBODY_HURT = frozenset({IncidentKind.RISK_OBSERVATION, IncidentKind.NEAR_MISS})
# Those whose working conditions the safety representative watches over (AML 6:4).
AT_WORK = frozenset({Affected.EMPLOYEE, Affected.TEMP, Affected.PUPIL, Affected.CONTRACTOR, Affected.UNSAID, ""})
POLICE_WITHIN, REPRESENTATIVE_WITHIN = 1, 3


def suggested_tasks(incident: Incident, today: date) -> Iterator[tuple[str, date | None]]:
    """Yield kind of task and day by which it should be done; none: when there is time."""
    concerns_somebody = incident.affects_persons and incident.affected != Affected.NOBODY
    if concerns_somebody and incident.kind not in NOBODY_HURT:
        yield CaseTask.Kind.FIRST_SUPPORT, today
    if incident.kind in PERHAPS_A_CRIME and incident.police_report != PoliceReport.YES:
        yield CaseTask.Kind.POLICE, add_working_days(today, POLICE_WITHIN)
    if concerns_somebody and incident.affected in AT_WORK:
        yield CaseTask.Kind.SAFETY_REPRESENTATIVE, add_working_days(today, REPRESENTATIVE_WITHIN)
    yield CaseTask.Kind.FEEDBACK, incident.answer_by
