"""How many work where in the demo, counted each autumn: for figures per 100 employees."""

from collections.abc import Sequence
from datetime import date

from followup.demo.bulk import dated, write
from followup.demo.chance import Chance, not_to_come
from followup.demo.people import Workplace
from organisation.models import BodyKind, Headcount, Municipality

MONTH, DAY = 10, 31
# Fewest and most who work at a body of the kind; departments have their own office only.
SIZES = {BodyKind.UNIT: (14, 62), BodyKind.COMPANY: (40, 160)}
OFFICE = (8, 30)


def count_employees(municipality: Municipality, year: int, places: Sequence[Workplace]) -> list[Headcount]:
    """Count the employees of every workplace in the last two autumns, with small changes from year to year."""
    # Numbers of their own, so that the rest of the demo is drawn as before.
    chance = Chance(f"{municipality.key}-{year}-headcounts")
    rows = []
    for place in places:
        employees = chance.number(*SIZES.get(BodyKind(place.body.kind), OFFICE))
        for counted_in in (year - 1, year):
            day = not_to_come(date(counted_in, MONTH, DAY))
            counted = Headcount(
                municipality=municipality,
                public_id=chance.public_id(chance.moment(day)),
                body=place.body,
                counted_on=day,
                employees=employees,
            )
            rows.append(dated(counted, chance.moment(day)))
            employees = max(1, employees + chance.number(-2, 3))
    return write(rows)
