"""How one case is shared: with a person, who may then read its text and does nothing with it."""

from django.utils.translation import gettext_lazy as _

from incidents.models import Incident, IncidentGrant, IncidentStatus
from incidents.permissions import READ_NARRATIVE, VIEW_INCIDENT
from incidents.services import require_handler
from organisation import clock
from organisation.models import User
from organisation.sharing import Shareable


def note(incident: Incident, begins: bool, by: User) -> None:
    """Append to the case's story that it was shared, or no longer is; with whom and why stands with the share."""
    change = IncidentStatus.Change.SHARED if begins else IncidentStatus.Change.SHARE_ENDED
    incident.statuses.create(change=change, from_state=incident.state, to_state=incident.state, by=by, at=clock.now())


def name(incident: Incident) -> str:
    """What a case is called to everyone: its number."""
    return incident.label


CASES = Shareable(
    key="cases",
    label=_("Cases"),
    model=Incident,
    grant_model=IncidentGrant,
    permissions=(VIEW_INCIDENT, READ_NARRATIVE),
    require_sharer=require_handler,
    name=name,
    url_name="incidents:case",
    # Why a case is shared may tell what it is about.
    reason_is_open=False,
    note=note,
)
