"""The read log: every opening of what is kept apart in a case, by anybody but its reporter."""

from datetime import timedelta

from django.db import transaction

from incidents.models import Incident, ReadLog
from incidents.services.locking import locked
from incidents.sight import Sight
from organisation import clock
from organisation.models import User

# The same person who opens the same thing again within this time has opened it once.
ONE_READING = timedelta(hours=1)


@transaction.atomic
def note_reading(*, incident: Incident, what: str, by: User) -> None:
    """Note that ``by`` opened a file, a paper or an export of the case; ``what`` is a ``ReadLog.What``.

    The reporter's own look leaves no trace. Called by whatever serves the thing, before it is served.
    """
    if Sight.of(incident, by).is_reporter:
        return
    now = clock.now()
    # One at a time per case: two requests of one click are one reading.
    locked(incident)
    if not incident.readings.filter(by=by, what=ReadLog.What(what), at__gt=now - ONE_READING).exists():
        ReadLog.objects.create(incident=incident, what=ReadLog.What(what), by=by, at=now)
