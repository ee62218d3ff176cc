"""Who is told of a new report: the one who reads it, or whoever sees to it that somebody does, and the union.

A report that somebody sends is stored at once; finding and telling the people is left to a worker, by a message in the
outbox that is written with it.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from incidents import notices
from incidents.models import Identity, Incident, ReportDraft
from incidents.permissions import VIEW_INCIDENT
from incidents.reader import reader_of
from incidents.services.assigning import assign_first
from incidents.services.letting import let_handle
from notifications.services import enqueue, handles
from organisation import clock
from organisation.access import holders_of
from organisation.models import Ruleset, User
from organisation.union.representatives import those_told_of

REPORTED = "incidents.reported"


def give_and_tell_soon(incident: Incident) -> None:
    """Leave it to a worker to give and tell of a case that the running transaction stores."""
    enqueue(REPORTED, municipality=incident.municipality, incident_id=incident.pk)


@handles(REPORTED)
@transaction.atomic
def deliver_reported(*, incident_id: int) -> None:
    """Give and tell of a reported case now, and end the draft that it came from.

    A second time changes nothing, and nobody is told twice.
    """
    rows = Incident.objects.select_for_update(of=("self",)).select_related("body__municipality", "municipality")
    incident = rows.kept().filter(pk=incident_id).first()
    if incident is None:
        return
    today = clock.today()
    reporters = User.objects.filter(pk__in=incident.identities.filter(role=Identity.Role.REPORTER).values("person"))
    reporter = reporters.first()
    if reporter is not None:
        # What it came from has been sent; what was begun since has not.
        ReportDraft.objects.filter(person=reporter, body=incident.body, written_at__lte=incident.reported_at).delete()
    kept_from = User.objects.filter(pk__in=incident.withheld.values("person"))
    give_and_tell(
        incident,
        by=reporter,
        kept_from=list(kept_from),
        rules=incident.municipality.rules(today),
        today=today,
    )


def give_and_tell(
    incident: Incident, *, by: User | None, kept_from: Collection[User], rules: Ruleset, today: date
) -> None:
    """Give a new case to its reader and tell them, or those who see to it that somebody reads; and the union.

    Never to ``by``, who reports, and never to those whom the case is ``kept_from``. Of many reports from one address
    at once each of them gets one mail an hour. Somebody who has it already, since nobody was told for a while, or who
    has closed it, keeps it.
    """
    passed = [*kept_from, by] if by else list(kept_from)
    taken = incident.is_closed or incident.assignments.exists()
    reader = None if taken else reader_of(incident.body, passed, today)
    if reader is not None:
        reader.person.municipality = incident.municipality
        let_handle(incident, reader.person, today)
        assign_first(incident, reader, clock.now(), rules)
    told = [one.person for one in those_told_of(incident.body, today) if one.person not in passed]
    for person in told:
        # Known already; each mail would read it anew.
        person.municipality = incident.municipality
    readers = [] if taken else [reader.person] if reader else _seers(incident, passed)
    if incident.held:
        for person in [*readers, *told]:
            notices.tell_of_many(incident, person)
        return
    for person in readers:
        (notices.ask_to_read if reader else notices.say_nobody_reads)(incident, person)
    for person in told:
        notices.tell_safety_representative(incident, person)


def _seers(incident: Incident, passed: Collection[User]) -> list[User]:
    """Return those who see cases at the body, without those whom this one is kept from."""
    return [person for person in holders_of(VIEW_INCIDENT, incident.body) if person not in passed]
