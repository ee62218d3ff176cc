"""Which report stands open in this browser without log-in: the one just sent, or the one whose code was written.

The session keeps its public id for a short time, and neither code nor text. Opening one changes the session's key, so
that nobody who has planted a session gets to see anything.
"""

import uuid
from datetime import timedelta

from django.http import HttpRequest

from incidents.models import Incident
from organisation import clock

SESSION_KEY = "opened_report"
OPEN_FOR = timedelta(minutes=30)


def open_here(request: HttpRequest, incident: Incident) -> None:
    """Let this browser see the report for a while."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = [str(incident.public_id), (clock.now() + OPEN_FOR).timestamp()]


def close_here(request: HttpRequest) -> None:
    """Let this browser see it no more."""
    request.session.pop(SESSION_KEY, None)


def opened_report(request: HttpRequest, public_id: uuid.UUID) -> Incident | None:
    """Return the report of that id when it stands open here, else none; a look at it keeps it open."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept[0] != str(public_id) or kept[1] <= clock.now().timestamp():
        return None
    found = Incident.objects.kept().select_related("body__municipality", "municipality", "question_set")
    incident = found.filter(public_id=public_id).first()
    if incident is not None:
        request.session[SESSION_KEY] = [kept[0], (clock.now() + OPEN_FOR).timestamp()]
    return incident
