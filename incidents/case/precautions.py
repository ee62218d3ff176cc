"""Precautions on a case's pages: a row that reminds while a threat remains, and the page where they are noted."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.forms.precautions import PrecautionForm, ThreatForm
from incidents.models import Incident, Precaution
from incidents.sight import Sight


def precautions_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return what is done while a threat remains, to those who may read the case's text."""
    if not sight.reads_text or (incident.threat_remains is None and not sight.handles):
        return None
    tone, status = _standing(incident)
    return CaseRow(
        _("Before the next visit"), reverse("incidents:precautions", args=[incident.public_id]), status, tone
    )


def _standing(incident: Incident) -> tuple[str, str]:
    if incident.threat_remains is None:
        return "", _("Not known whether a threat remains")
    if not incident.threat_remains:
        return "done", _("No threat remains")
    number = incident.precautions.count()
    if not number:
        return "late", _("A threat remains, and nobody is warned")
    words = ngettext("A threat remains, %(n)s precaution", "A threat remains, %(n)s precautions", number)
    return "go", words % {"n": number}


def precautions_page(incident: Incident, sight: Sight, *, sent: Any = None) -> dict[str, Any]:
    """Return the context of the page; ``sent`` is a form to show again with its errors."""
    forms: dict[str, Any] = {}
    if sight.handles:
        forms["threat"] = ThreatForm()
        if incident.threat_remains:
            forms["precaution"] = PrecautionForm()
    rows = incident.precautions.select_related("by").order_by("-at", "-pk")
    return {
        "case": incident,
        "sight": sight,
        "precautions": [_told(one) for one in rows],
        "forms": {name: sent if isinstance(sent, type(form)) else form for name, form in forms.items()},
        "sent": sent,
        "page_error": sent is not None,
        "way_here": way_to_part(incident, sight),
    }


def _told(precaution: Precaution) -> dict[str, Any]:
    done = [
        _("Two of the staff go together") if precaution.two_staff else "",
        _("They carry an alarm") if precaution.alarm else "",
        precaution.changed,
    ]
    return {
        "when": date_format(localtime(precaution.at), "DATETIME_FORMAT"),
        "who": precaution.by.name,
        "title": _("Warned: %(whom)s") % {"whom": precaution.warned},
        "text": ". ".join(filter(None, done)),
    }
