"""The way to a part of a case: through the list that the person came by, and the case itself."""

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.sight import Sight


def way_to_part(incident: Incident, sight: Sight) -> list[tuple[str, str]]:
    """Return (label, address) pairs, the case last."""
    begin = (
        (_("My reports"), reverse("incidents:mine")) if sight.is_reporter else (_("Cases"), reverse("incidents:inbox"))
    )
    return [begin, (incident.label, reverse("incidents:case", args=[incident.public_id]))]
