"""Who reads a report: one named person, told before it is sent and on the receipt."""

from datetime import date

from organisation.employer import Acting, who_acts
from organisation.models import Body, User


def reader_of(body: Body, reporter: User, on: date) -> Acting | None:
    """Return who reads what ``reporter`` reports at ``body``: the one who handles it, else the superior.

    A manager's own report goes to the manager's superior; elected people read no case. None: nobody holds any of
    these seats.
    """
    return who_acts(body, on, but_not=reporter)
