"""The parts of a case as a task list on its first page: each one line, with where it stands and where it is done."""

from collections.abc import Callable

from incidents.case.answers import answers_row
from incidents.case.attachments import attachments_row
from incidents.case.clocks import clocks_row
from incidents.case.damage import damage_row
from incidents.case.disclosure import disclosure_row
from incidents.case.escalation import escalation_row
from incidents.case.investigation import investigation_row
from incidents.case.messages import messages_row
from incidents.case.outcome import outcome_row
from incidents.case.precautions import precautions_row
from incidents.case.row import CaseRow
from incidents.case.secrecy import readings_row, register_row, secrecy_row
from incidents.case.support import support_row
from incidents.case.tasks import tasks_row
from incidents.case.told import told_row
from incidents.models import Incident
from incidents.sight import Sight

# A part that says nothing to this person in this case returns none.
Part = Callable[[Incident, Sight], CaseRow | None]

# In the order of the page. Each lives beside its own part: incidents/case/<part>.py.
PARTS: tuple[Part, ...] = (
    told_row,
    tasks_row,
    messages_row,
    clocks_row,
    answers_row,
    support_row,
    escalation_row,
    precautions_row,
    investigation_row,
    damage_row,
    outcome_row,
    attachments_row,
    secrecy_row,
    disclosure_row,
    register_row,
    readings_row,
)


def rows_of(incident: Incident, sight: Sight) -> list[CaseRow]:
    """Return the rows that ``sight`` shows of the case."""
    return [row for part in PARTS if (row := part(incident, sight)) is not None]
