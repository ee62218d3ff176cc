"""The part of a closed case that tells the workplace how it went."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.models import Incident, Outcome
from incidents.services.outcomes import is_small_workplace, may_be_told
from incidents.sight import Sight


def outcome_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return the row of a closed case, for its handler."""
    if not sight.handles or not incident.is_closed or incident.merged_into_id is not None:
        return None
    told = Outcome.objects.filter(incident=incident).exists()
    if not told and not may_be_told(incident):
        return None
    return CaseRow(
        title=_("Tell the workplace how it went"),
        url=reverse("incidents:outcome", args=[incident.public_id]),
        status=_("Told") if told else _("Can be told"),
        tone="done" if told else "",
    )


def outcome_page(incident: Incident, sight: Sight) -> dict[str, Any]:
    """Return the context of the part's page, without its form."""
    told = Outcome.objects.filter(incident=incident).select_related("by").first()
    return {
        "case": incident,
        "told": told,
        "told_at": date_format(localtime(told.published_at), "DATETIME_FORMAT") if told else "",
        "may_be_told": may_be_told(incident),
        "is_small": is_small_workplace(incident),
        "way_here": way_to_part(incident, sight),
    }
