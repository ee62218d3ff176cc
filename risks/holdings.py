"""The risks that bodies hold."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from organisation.holdings import Holding
from risks.models import Risk

OPEN = Holding("risks.open", _("Open risks"))


def risk_holdings(bodies: Collection[int], on: date) -> Iterable[tuple[Holding, int]]:
    """Count the open risks of the bodies, as things stand now."""
    yield OPEN, Risk.objects.open().filter(body_id__in=bodies).count()
