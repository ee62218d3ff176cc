"""Who reads a report: one named person, told before it is sent and on the receipt; and whom it is kept from."""

from datetime import date

from incidents.models import Incident
from organisation.employer import ELECTED, Acting, who_acts
from organisation.models import Appointment, Body, User
from organisation.responsibility import PassedOver, handling_kind, who_handles
from organisation.roster import Roster


def reader_of(body: Body, but_not: PassedOver, on: date) -> Acting | None:
    """Return who reads what is reported at ``body``: the one who handles it, else the superior.

    ``but_not`` is the reporter, and those whom the report is kept from: a manager's own report goes to the manager's
    superior. Elected people read no case. None: nobody holds any of these seats.
    """
    return who_acts(body, on, but_not=but_not)


def reader_of_case(incident: Incident, reporter: User | None) -> Acting | None:
    """Return who was to read the case when it came in: never the reporter, never one whom it is kept from."""
    passed = [one.person for one in incident.withheld.select_related("person")]
    return reader_of(incident.body, [*passed, reporter] if reporter else passed, incident.reported_on)


def managers_of(body: Body, reporter: User | None, on: date) -> list[User]:
    """Return whom a reporter at ``body`` means by "my manager": who holds the seat that handles, and its deputies.

    Whoever is away as well, since they come back. Where the seat is vacant, or the reporter's own, it is whoever would
    read instead.
    """
    roster = Roster(body.municipality, on, bodies=[body.pk])
    held = [
        one for seat in roster.seats_of_kind(body.pk, handling_kind(body)) for one in roster.holders.get(seat.pk, ())
    ]
    leads = reporter is not None and any(one.person_id == reporter.pk and not one.is_deputy for one in held)
    found = _but(reporter, held)
    if not found or leads:
        passed = [*found.values(), reporter] if reporter else list(found.values())
        answer = who_handles(body, on, but_not=passed, roster=roster)
        if answer.seat is not None and answer.seat.seat_type.kind not in ELECTED:
            found |= _but(reporter, roster.holders.get(answer.seat.pk, []))
        elif acting := who_acts(body, on, but_not=passed, roster=roster):
            found[acting.person.pk] = acting.person
    return list(found.values())


def _but(reporter: User | None, held: list[Appointment]) -> dict[int, User]:
    return {one.person_id: one.person for one in held if reporter is None or one.person_id != reporter.pk}
