"""Vacant seats of today, kept as rows, so that map, list and reminders read them without counting anew.

Derived from appointments: whoever changes an appointment or a seat calls ``refresh_vacancies`` in the same
transaction, whoever pours in many calls ``rebuild_vacancies``, and the first request of a day takes in what
began or ended by itself. Other days are asked of ``Seat.objects.vacant_on``.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from organisation import clock
from organisation.models import Appointment, Municipality, Seat, Vacancy
from organisation.tree import lock_municipality


def refresh_vacancies(municipality: Municipality, seat_ids: Collection[int]) -> None:
    """Write anew whether the seats are vacant today, and since when."""
    if not seat_ids:
        return
    _write(municipality, set(seat_ids), clock.today())
    _count(municipality)


@transaction.atomic
def rebuild_vacancies(municipality: Municipality) -> None:
    """Write every vacancy of the municipality anew, for today."""
    municipality = lock_municipality(municipality)
    _write(municipality, None, clock.today())
    _count(municipality, on=clock.today())


@transaction.atomic
def take_in_the_day(municipality: Municipality) -> None:
    """Take in what began or ended by itself since the vacancies were last true."""
    municipality = lock_municipality(municipality)
    today = clock.today()
    if municipality.vacancies_on is None:
        rebuild_vacancies(municipality)
    elif municipality.vacancies_on < today:
        _write(municipality, _turned(municipality, municipality.vacancies_on, today), today)
        _count(municipality, on=today)


def _turned(municipality: Municipality, since: date, today: date) -> set[int]:
    """Return the seats that themselves, or an appointment to them or their body, began or ended after ``since``."""
    seats: set[int] = set()
    for column in ("valid_from", "valid_to"):
        passed = {f"{column}__gt": since, f"{column}__lte": today}
        appointments = Appointment.objects.filter(municipality=municipality, **passed)
        seats |= set(appointments.values_list("seat_id", flat=True))
        of_body = {f"body__{name}": value for name, value in passed.items()}
        turned = Seat.objects.filter(Q(**passed) | Q(**of_body), municipality=municipality)
        seats |= set(turned.values_list("pk", flat=True))
    return seats


def _write(municipality: Municipality, seat_ids: set[int] | None, on: date) -> None:
    """Bring the rows of the seats (none: of all) in line with the appointments; what is right stays."""
    standing = Vacancy.objects.filter(municipality=municipality)
    vacant: Any = Seat.objects.vacant_on(on).filter(municipality=municipality)
    if seat_ids is not None:
        standing, vacant = standing.filter(seat_id__in=seat_ids), vacant.filter(pk__in=seat_ids)
    wanted = {pk: (since, missing) for pk, since, missing in vacant.values_list("pk", "since", "missing")}
    have = {row.seat_id: row for row in standing}
    Vacancy.objects.filter(pk__in=[row.pk for seat_id, row in have.items() if seat_id not in wanted]).delete()
    changed = []
    for seat_id, (since, missing) in wanted.items():
        row = have.get(seat_id)
        if row is not None and (row.since, row.missing) != (since, missing):
            row.since, row.missing = since, missing
            changed.append(row)
    Vacancy.objects.bulk_update(changed, ["since", "missing"], batch_size=500)
    Vacancy.objects.bulk_create(
        [
            Vacancy(municipality=municipality, seat_id=seat_id, since=since, missing=missing)
            for seat_id, (since, missing) in wanted.items()
            if seat_id not in have
        ],
        batch_size=500,
    )


def _count(municipality: Municipality, *, on: date | None = None) -> None:
    """Note how many seats must be held, and for which day all this is true."""
    seats = Seat.objects.to_be_held(clock.today()).filter(municipality=municipality).count()
    values: dict[str, object] = {"seats_to_hold": seats}
    if on is not None:
        values["vacancies_on"] = on
    # A row that is right already is not written: many appoint at once.
    Municipality.objects.filter(pk=municipality.pk).exclude(**values).update(**values)
