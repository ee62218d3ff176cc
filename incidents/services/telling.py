"""Who is told of a new report: the one who reads it, or whoever sees to it that somebody does, and the union."""

from collections.abc import Collection
from datetime import date

from incidents import notices
from incidents.models import Incident
from incidents.permissions import VIEW_INCIDENT
from incidents.reader import reader_of
from incidents.services.assigning import assign_first
from incidents.services.letting import let_handle
from organisation.access import holders_of
from organisation.models import Ruleset, User
from organisation.union.representatives import those_told_of


def give_and_tell(
    incident: Incident, *, by: User | None, kept_from: Collection[User], rules: Ruleset, today: date
) -> None:
    """Give a new case to its reader and tell them, or those who see to it that somebody reads; and the union.

    Never to ``by``, who reports, and never to those whom the case is ``kept_from``. Of many reports from one address
    at once each of them gets one mail an hour.
    """
    passed = [*kept_from, by] if by else list(kept_from)
    reader = reader_of(incident.body, passed, today)
    if reader is not None:
        reader.person.municipality = incident.municipality
        let_handle(incident, reader.person, today)
        assign_first(incident, reader, incident.reported_at, rules)
    told = [one.person for one in those_told_of(incident.body, today) if one.person not in passed]
    for person in told:
        # Known already; each mail would read it anew.
        person.municipality = incident.municipality
    if incident.held:
        for person in [reader.person, *told] if reader else [*_seers(incident, passed), *told]:
            notices.tell_of_many(incident, person)
        return
    if reader is not None:
        notices.ask_to_read(incident, reader.person)
    else:
        for person in _seers(incident, passed):
            notices.say_nobody_reads(incident, person)
    for person in told:
        notices.tell_safety_representative(incident, person)


def _seers(incident: Incident, passed: Collection[User]) -> list[User]:
    """Return those who see cases at the body, without those whom this one is kept from."""
    return [person for person in holders_of(VIEW_INCIDENT, incident.body) if person not in passed]
