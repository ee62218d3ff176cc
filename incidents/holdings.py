"""The cases that bodies hold, in numbers alone: who reorganises reads none."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from organisation.holdings import Holding

OPEN = Holding("incidents.open", _("Open cases"))
ALL = Holding("incidents.all", _("Cases in all, closed ones too"))


def case_holdings(bodies: Collection[int], on: date) -> Iterable[tuple[Holding, int]]:
    """Count the bodies' open cases, and all their cases, as things stand now."""
    cases = Incident.objects.filter(body_id__in=bodies)
    yield OPEN, cases.open().count()
    yield ALL, cases.count()
