"""A municipality with two seats vacant for 47 days, for the tests of what is drawn and printed of it."""

from datetime import timedelta

from organisation import clock
from organisation.models import Appointment, SeatKind, SeatType
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import Town, make_municipality

DAYS = 47


def make_town_with_gaps() -> Town:
    """Return the example municipality without a coordinator at one department and a manager at the other."""
    town = make_municipality()
    types = SeatType.objects.filter(municipality=town.municipality)
    types.filter(kind__in=[SeatKind.DEPARTMENT_COORDINATOR, SeatKind.UNIT_MANAGER]).update(min_holders=1)
    left = clock.today() - timedelta(days=DAYS)
    for role in ("coordinator", "other_manager"):
        Appointment.objects.filter(person=town.people[role]).update(valid_to=left)
    rebuild_vacancies(town.municipality)
    return town
