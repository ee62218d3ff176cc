"""The cases that bodies hold, in numbers alone: who reorganises reads none.

A case that is kept from anybody is in no number, whoever looks. An administrator may be the very person, or manage the
unit as well: a number above that of the own list would tell that there is a case. The numbers are kept with the change
and read again later, so they are the same for all and not counted for the one who looks. The case goes along all the
same; what is confirmed is the change, and the numbers are there to show its size.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from incidents.models import Incident, Withheld
from organisation.holdings import Holding

OPEN = Holding("incidents.open", _("Open cases"))
ALL = Holding("incidents.all", _("Cases in all, closed ones too"))


def case_holdings(bodies: Collection[int], on: date) -> Iterable[tuple[Holding, int]]:
    """Count the bodies' open cases, and all their cases, as things stand now; none that is kept from anybody."""
    cases = Incident.objects.filter(body_id__in=bodies).exclude(pk__in=Withheld.objects.values("incident_id"))
    yield OPEN, cases.open().count()
    yield ALL, cases.count()
