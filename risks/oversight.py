"""What risks tell the board's overview: how many open ones are high or worse at each authority."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from organisation.access import Scope
from organisation.oversight import Cell, Overview
from risks.forms.filtering import HIGH_OR_WORSE
from risks.models import Risk
from risks.permissions import VIEW_RISK
from risks.querysets import HIGH


def high_risks(overview: Overview) -> Mapping[int, Cell]:
    """Return the number of open risks that are high or worse now, with the list of them."""
    rows = Risk.objects.filter(municipality=overview.municipality, severity_now__gte=HIGH).open().order_by()
    sums = overview.per_authority(rows.values_list("body_id").annotate(number=Count("pk")))
    sees = VIEW_RISK in Scope.of(overview.user).everywhere
    by_id = {body.pk: body.public_id for body in overview.authorities}
    return {pk: Cell(str(number), url=_list_of(by_id[pk]) if sees else "") for pk, number in sums.items()}


def _list_of(body: object) -> str:
    asked = {"body": body, "band": HIGH_OR_WORSE, "stage": "now"}
    return f"{reverse('risks:list')}?{urlencode(asked)}"
