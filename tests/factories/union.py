"""The unions' representatives of Exempelby: areas, a chief representative, requests and stops."""

import uuid
from datetime import date
from typing import Any

from organisation import clock
from organisation.models import (
    ALWAYS,
    Appointment,
    AreaBody,
    Body,
    Mandate,
    RequestState,
    SeatKind,
    User,
    WorkEnvironmentRequest,
    WorkStop,
)
from organisation.services import work_environment_requests as services
from organisation.services.work_stops import record_stop
from tests.factories.organisation import Town, appoint, make_seat, make_user

UNION = "Exempelförbundet"


def mandate_of(person: User) -> Appointment:
    """Return the person's appointment as representative."""
    kinds = (SeatKind.SAFETY_REPRESENTATIVE, SeatKind.CHIEF_SAFETY_REPRESENTATIVE)
    return Appointment.objects.with_seat().get(person=person, seat__seat_type__kind__in=kinds)


def give_area(appointment: Appointment, *bodies: Body, valid_from: date = ALWAYS, valid_to: date | None = None) -> None:
    """Let the representative's area hold ``bodies`` during a period."""
    for body in bodies:
        AreaBody.objects.create(
            municipality=appointment.municipality,
            appointment=appointment,
            body=body,
            valid_from=valid_from,
            valid_to=valid_to,
        )


def add_chief(town: Town, *area: str, name: str = "Hilda Huvudsson") -> User:
    """Appoint a chief safety representative at the care committee, for the bodies with those keys."""
    person = make_user(town.municipality, name)
    appointment = appoint(person, make_seat(town.bodies["care"], SeatKind.CHIEF_SAFETY_REPRESENTATIVE))
    give_area(appointment, *(town.bodies[key] for key in area))
    note_union(appointment)
    town.people["chief_safety_representative"] = person
    return person


def note_union(appointment: Appointment, union: str = UNION) -> Mandate:
    """Record the union's notice of an appointment."""
    return Mandate.objects.create(
        municipality=appointment.municipality, appointment=appointment, union=union, notified_on=clock.today()
    )


def file_request(
    town: Town, *, by: str = "safety_representative", at: str = "care-north", **answers: Any
) -> WorkEnvironmentRequest:
    """Let a representative of the town ask the employer for a measure."""
    given: dict[str, Any] = {
        "wanted": WorkEnvironmentRequest.Wanted.MEASURE,
        "text": "Larm vid kvällsbesök",
        "reason": "Två hot på en månad",
        "submission_key": uuid.uuid4(),
    }
    return services.file_request(body=town.bodies[at], by=town.people[by], **(given | answers))


def stop_work(town: Town, *, by: str = "safety_representative", at: str = "care-north", **answers: Any) -> WorkStop:
    """Let a representative of the town stop work."""
    given: dict[str, Any] = {
        "work": "Lyft utan hjälpmedel",
        "reason": WorkStop.Reason.DANGER,
        "stopped_at": clock.now(),
        "submission_key": uuid.uuid4(),
    }
    return record_stop(body=town.bodies[at], by=town.people[by], **(given | answers))


def reject(request: WorkEnvironmentRequest, *, by: User) -> WorkEnvironmentRequest:
    """Let the employer reject a request."""
    return services.answer_request(request=request, outcome=RequestState.REJECTED, answer="Nej, därför att", by=by)
