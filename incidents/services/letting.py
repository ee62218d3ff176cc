"""Letting somebody handle one case whom their own seat does not let: a share that the portal's rule writes."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Incident, IncidentGrant
from incidents.permissions import HANDLE_INCIDENT, READ_NARRATIVE, VIEW_INCIDENT
from organisation.access import Scope
from organisation.models import User
from organisation.sharing import crosses_authorities, write_grants

# How long a handler whose seat does not reach the case may follow it after the promised answer.
HANDLERS_TIME = timedelta(days=90)


def let_handle(incident: Incident, person: User, on: date) -> None:
    """Share the case with a handler who answers for vacant seats and whose own seat does not reach it.

    To a handler of another authority it is a disclosure, and recorded as one.
    """
    if Scope.of(person).allows(HANDLE_INCIDENT, incident):
        return
    with override(settings.LANGUAGE_CODE):
        reason = _("Reads the report because the seats nearer the workplace are vacant.")
        crosses = crosses_authorities(person, incident.body)
        assessment = _("Somebody must read and answer it, and nobody of its own authority can.") if crosses else ""
    write_grants(
        IncidentGrant,
        incident,
        person,
        (VIEW_INCIDENT, READ_NARRATIVE, HANDLE_INCIDENT),
        reason=reason,
        assessment=assessment,
        given_by=person,
        valid_from=on,
        valid_to=max(incident.answer_by or on, on) + HANDLERS_TIME,
    )
