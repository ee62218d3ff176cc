"""Reporting an incident by its service, and the same rows by plain ORM."""

import uuid
from collections.abc import Callable

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.city import City
from incidents import services
from incidents.models import Identity, Incident, IncidentCounter, IncidentKind, IncidentState, Narrative, OccurredWhen
from notifications.models import OutboxMessage
from organisation import clock
from organisation.models import User

TEXT = "En person blev arg och skrek i receptionen."
# Incident and its history, narrative, identity, status.
ROWS_OF_AN_INCIDENT = 5


def report(city: City) -> None:
    """Report one incident as an employee does, rights, history and outbox included."""
    services.report_incident(
        body=city.units[0],
        kind=IncidentKind.THREAT,
        occurred_when=OccurredWhen.TODAY,
        occurred_on=clock.today(),
        text=TEXT,
        # As a request does it: the person is read anew, and with it what they may do.
        by=User.objects.get(pk=city.people[-1].pk),
        submission_key=uuid.uuid4(),
    )


def rows_written(city: City) -> int:
    """Return how many rows one report writes."""
    report(city)  # The first one of a year begins the counter.
    with CaptureQueriesContext(connection) as captured:
        report(city)
    return sum(query["sql"].startswith("INSERT") for query in captured)


@transaction.atomic
def write_plainly(city: City, rows: int) -> None:
    """Write the same rows one by one in one transaction, with nothing asked and nothing checked."""
    now, today = timezone.now(), clock.today()
    counter = IncidentCounter.objects.get(municipality=city.municipality, year=today.year)
    counter.last += 1
    counter.save()
    incident = Incident(
        municipality=city.municipality,
        body=city.units[0],
        year=today.year,
        number=counter.last,
        kind=IncidentKind.THREAT,
        occurred_on=today,
        reported_at=now,
        became_aware_at=now,
    )
    incident.skip_history_when_saving = True  # type: ignore[attr-defined]
    incident.save()
    history: Callable[..., object] = Incident.history.model.objects.create
    history(
        **{field.attname: getattr(incident, field.attname) for field in Incident._meta.concrete_fields},
        history_date=now,
        history_type="+",
    )
    Narrative.objects.create(incident=incident, text=TEXT)
    Identity.objects.create(incident=incident, role=Identity.Role.REPORTER, person=city.people[-1])
    incident.statuses.create(from_state="", to_state=IncidentState.NEW, by=None, at=now)
    for _message in range(rows - ROWS_OF_AN_INCIDENT):
        OutboxMessage.objects.create(topic="bench", payload={}, municipality=city.municipality, not_before=now)
