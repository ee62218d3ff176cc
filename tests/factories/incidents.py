"""Reports and cases; a report is sent by the service unless many are needed at once."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from incidents.models import Identity, Incident, IncidentKind, IncidentState, OccurredWhen
from incidents.services import open_case, report_incident
from incidents.services.telling import REPORTED
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from organisation.models import Body, User
from tests.factories.organisation import Town


def report(town: Town, *, by: str = "employee", at: str = "care-north", **answers: Any) -> Incident:
    """Let a person of the town report something at one of its workplaces."""
    today = clock.today()
    given: dict[str, Any] = {
        "kind": IncidentKind.THREAT,
        "occurred_when": OccurredWhen.JUST_NOW,
        "occurred_on": today,
        "text": "",
        "submission_key": uuid.uuid4(),
    }
    incident = report_incident(body=town.bodies[at], by=town.people[by], **(given | answers))
    give_reported()
    return incident


def give_reported() -> None:
    """Do what a worker does soon after reports have been sent: give them to their readers, and tell."""
    for message in OutboxMessage.objects.filter(topic=REPORTED, done_at__isnull=True).order_by("pk"):
        deliver_message(message.pk)
        message.refresh_from_db()
        assert not message.error


def read(incident: Incident, handler: User) -> Incident:
    """Let a handler open the case, which makes it read."""
    return open_case(incident=incident, by=handler)


def make_incidents(
    body: Body, count: int, *, reporter: User | None = None, occurred_on: date | None = None, **fields: Any
) -> list[Incident]:
    """Make many cases at once, numbered from 1001, each reported a minute after the one before."""
    first: datetime = clock.now() - timedelta(days=30)
    day = occurred_on or clock.today()
    taken = Incident.objects.filter(municipality=body.municipality).count()
    made = Incident.objects.bulk_create(
        Incident(
            **{
                "municipality": body.municipality,
                "body": body,
                "year": first.year,
                "number": 1001 + taken + place,
                "kind": IncidentKind.THREAT,
                "occurred_on": day,
                "reported_at": first + timedelta(minutes=taken + place),
                "became_aware_at": first,
                "answer_by": day + timedelta(days=3),
                "state": IncidentState.NEW,
            }
            | fields
        )
        for place in range(count)
    )
    if reporter is not None:
        role = Identity.Role.REPORTER
        Identity.objects.bulk_create(Identity(incident=one, role=role, person=reporter) for one in made)
    return made
