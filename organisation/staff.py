"""How many work at a body: as last counted and imported, else as many as the portal knows."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from organisation.models import Appointment, Headcount, SeatKind


def staff_of(body_ids: Collection[int], on: date) -> dict[int, int]:
    """Return body id → employees at the body itself on the day ``on``; two queries, however many bodies."""
    employed = Appointment.objects.held(on).filter(seat__seat_type__kind=SeatKind.EMPLOYEE, seat__body_id__in=body_ids)
    known = Counter(employed.values_list("seat__body_id", flat=True))
    counted = Headcount.objects.filter(body_id__in=body_ids).latest_on(on)
    return {**known, **dict(counted.values_list("body_id", "employees"))}
