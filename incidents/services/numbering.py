"""The numbers of cases: one after the other in each municipality and year, none left out and none given twice."""

from django.db import connection
from django.db.models import F

from incidents.models import IncidentCounter
from organisation.models import Municipality

# One statement that makes the year's row or locks it, and counts; the ORM needs two or four for that.
NEXT_NUMBER = """
INSERT INTO incidents_incidentcounter AS counter (municipality_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (municipality_id, year) DO UPDATE SET last = counter.last + 1
RETURNING last
"""


def take_number(municipality: Municipality, year: int) -> int:
    """Return the year's next number; its counter is held until the transaction ends, so that none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [municipality.pk, year])
        number: int = cursor.fetchone()[0]
    return number


def give_back_number(municipality: Municipality, year: int) -> None:
    """Give back the number just taken in this transaction, which nothing came of."""
    IncidentCounter.objects.filter(municipality=municipality, year=year).update(last=F("last") - 1)


def lock_counter(municipality: Municipality, year: int) -> IncidentCounter:
    """Return the year's counter, held until the transaction ends, for whoever takes many numbers at once."""
    counters = IncidentCounter.objects.select_for_update().filter(municipality=municipality, year=year)
    if (counter := counters.first()) is not None:
        return counter
    IncidentCounter.objects.get_or_create(municipality=municipality, year=year)
    return counters.get()
