"""It has happened again: a new report that begins with what an earlier one said."""

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from incidents.models import TOLD, Incident, IncidentStatus, OccurredWhen
from incidents.services.locking import locked, note, require_handler
from incidents.services.reporting import report_incident, save_unsigned
from organisation import clock
from organisation.models import User

# What is likely to be the same the next time; injuries, days away and the police are asked for anew.
THE_SAME = ("place", "event_channel", "affected", "other_party", "working_alone")


@transaction.atomic
def report_again(
    *, incident: Incident, occurred_on: date, text: str, with_text: bool, by: User, submission_key: uuid.UUID
) -> Incident:
    """Report, in the name of ``by``, that what ``incident`` tells has happened again on the day ``occurred_on``.

    Kind, workplace and what is likely to be the same come along; the earlier text does when ``with_text``, before
    ``text``, which may be empty. Nobody's name comes along. What was kept from the manager is so again. The same
    ``submission_key`` returns the same new report. Raises ``NotAllowed`` for others than the reporter and those who
    handle the case, and what ``report_incident`` raises.
    """
    if not incident.is_reported_by(by):
        require_handler(incident, by)
    told = incident.narratives.filter(key=TOLD).values_list("text", flat=True).first() if with_text else ""
    new = report_incident(
        body=incident.body,
        kind=incident.kind,
        occurred_when=OccurredWhen.TODAY if occurred_on == clock.today() else OccurredWhen.ANOTHER_DAY,
        occurred_on=occurred_on,
        text="\n\n".join(part for part in (told, text.strip()) if part),
        by=by,
        submission_key=submission_key,
        answers=what_comes_along(incident),
        keep_from_manager=incident.withheld.exists(),
    )
    new = locked(new)
    if new.copied_from_id is None:
        new.copied_from = incident
        save_unsigned(new)
        note(new, IncidentStatus.Change.COPIED, by=None)
    return new


def what_comes_along(incident: Incident) -> dict[str, Any]:
    """Return the answers of the earlier case that the new one begins with, by key of the catalogue."""
    same = {key: answer for key in THE_SAME if (answer := getattr(incident, key)) not in (None, "")}
    return same | {"happened_before": True}
