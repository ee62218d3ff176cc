"""The unions' representatives of the city, what they have asked for and stopped, and cases that are shared."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from bench.city import LAST_DAY, City, pour, write
from incidents.models import Incident, IncidentGrant
from incidents.sharing import CASES
from organisation.models import (
    Appointment,
    AreaBody,
    BodyKind,
    Mandate,
    RequestState,
    Seat,
    SeatKind,
    SeatType,
    User,
    WorkEnvironmentRequest,
    WorkStop,
)
from organisation.models.base import ALWAYS

# Per unit: requests over the years; every hundredth waits. Stops and shares are rarer.
REQUESTS_PER_UNIT, WAITING, STOPS_PER_UNIT, SHARED_CASES = 1, 0.01, 0.2, 0.4


def write_unions(city: City) -> None:
    """Write a representative for every unit, whose area holds two, with requests and stops; share some cases."""
    mandates = _mandates(city)
    _requests(city, mandates)
    _stops(city, mandates)
    _administrator(city)
    share_cases(city)


def _mandates(city: City) -> list[Appointment]:
    seat_type = SeatType.objects.create(
        municipality=city.municipality,
        key=SeatKind.SAFETY_REPRESENTATIVE,
        kind=SeatKind.SAFETY_REPRESENTATIVE,
        title="Skyddsombud",
        sits_at=[BodyKind.UNIT],
    )
    seats = write(Seat(municipality=city.municipality, seat_type=seat_type, body=unit) for unit in city.units)
    people = [city.chance.choice(city.people) for _seat in seats]
    held = write(
        Appointment(municipality=city.municipality, seat=seat, person=person)
        for seat, person in zip(seats, people, strict=True)
    )
    write(
        Mandate(municipality=city.municipality, appointment=one, union="Exempelförbundet", notified_on=ALWAYS)
        for one in held
    )
    beside = [*city.units[1:], city.units[0]]
    write(
        AreaBody(municipality=city.municipality, appointment=one, body=body)
        for one, *bodies in zip(held, city.units, beside, strict=True)
        for body in bodies
    )
    return held


def _requests(city: City, mandates: list[Appointment]) -> None:
    def rows() -> Iterator[WorkEnvironmentRequest]:
        for number in range(len(city.units) * REQUESTS_PER_UNIT):
            mandate = city.chance.choice(mandates)
            day = LAST_DAY - timedelta(days=city.chance.randrange(365))
            at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            waits = city.chance.random() < WAITING
            yield WorkEnvironmentRequest(
                municipality=city.municipality,
                year=day.year,
                number=number + 1,
                body_id=mandate.seat.body_id,
                appointment=mandate,
                wanted=WorkEnvironmentRequest.Wanted.MEASURE,
                text="Larm",
                reason="Hot",
                filed_at=at,
                answer_by=day + timedelta(days=14),
                state=RequestState.FILED if waits else RequestState.ACCEPTED,
                answer="" if waits else "Ja",
                answered_by=None if waits else city.manager,
                answered_at=None if waits else at,
                submission_key=uuid.uuid4(),
            )

    pour(rows())


def _stops(city: City, mandates: list[Appointment]) -> None:
    def rows() -> Iterator[WorkStop]:
        for number in range(round(len(city.units) * STOPS_PER_UNIT)):
            mandate = city.chance.choice(mandates)
            day = LAST_DAY - timedelta(days=city.chance.randrange(365))
            at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            stands = city.chance.random() < WAITING
            yield WorkStop(
                municipality=city.municipality,
                year=day.year,
                number=number + 1,
                body_id=mandate.seat.body_id,
                appointment=mandate,
                reason=WorkStop.Reason.DANGER,
                work="Lyft",
                stopped_at=at,
                recorded_at=at,
                lifted_at=None if stands else at,
                lifted_by=None if stands else city.manager,
                lifted_how="" if stands else WorkStop.Lifting.AGREED,
                lifted_because="" if stands else "Lagat",
                submission_key=uuid.uuid4(),
            )

    pour(rows())


def _administrator(city: City) -> None:
    seat_type = SeatType.objects.create(
        municipality=city.municipality,
        key=SeatKind.ADMINISTRATOR,
        kind=SeatKind.ADMINISTRATOR,
        title="Administratör",
        sits_at=[BodyKind.SAFETY_UNIT],
    )
    coordinator = next(seat for (kind, _body), seat in city.seats.items() if kind == SeatKind.SAFETY_COORDINATOR)
    seat = Seat.objects.create(municipality=city.municipality, seat_type=seat_type, body_id=coordinator.body_id)
    city.administrator = User.objects.create(
        municipality=city.municipality,
        email=f"administrator@{city.municipality.key}.example.se",
        name="Ada Ordnarsson",
        password="!administrator",
    )
    Appointment.objects.create(municipality=city.municipality, seat=seat, person=city.administrator)


def share_cases(city: City) -> None:
    """Let people see, and some of them handle, single cases that they don't see by seat."""
    cases = Incident.objects.filter(municipality=city.municipality).order_by("pk")
    codenames = [permission.split(".", 1)[1] for permission in CASES.permissions]
    permissions = list(Permission.objects.filter(content_type__app_label="incidents", codename__in=codenames))
    today = timezone.localdate()

    def rows() -> Iterator[IncidentGrant]:
        for case in cases[: round(len(city.units) * SHARED_CASES)]:
            person, begins = city.chance.choice(city.people), today - timedelta(days=city.chance.randrange(300))
            for permission in permissions:
                yield IncidentGrant(
                    content_object=case,
                    user=person,
                    permission=permission,
                    reason="Samma besökare",
                    given_by=city.manager,
                    valid_from=begins,
                    valid_to=begins + timedelta(days=180),
                )

    pour(rows())
