"""The investigation of the cause on a case's pages: its row, and the page where it is read and written."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.forms.investigation import InvestigationForm
from incidents.investigation import PARTS, EarlierWording, earlier_wordings, texts_of, token_of
from incidents.models import Incident, IncidentStatus, NarrativeChange
from incidents.sight import Sight


def investigation_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return how far the investigation has come, to those who read the case as their work."""
    if not reads_investigation(sight):
        return None
    written = incident.narratives.filter(key__in=PARTS).count()
    if not sight.handles and not written:
        return None
    tone, status = ("", _("Not begun")) if not written else ("go", _("Begun"))
    if written == len(PARTS):
        tone, status = "done", _("Written")
    return CaseRow(_("Why it happened"), reverse("incidents:investigation", args=[incident.public_id]), status, tone)


def reads_investigation(sight: Sight) -> bool:
    """Tell whether the person reads the investigation: as their work, and not as the one who reported."""
    return sight.reads_text and not sight.is_reporter


def investigation_page(
    incident: Incident, sight: Sight, form: InvestigationForm, *, changed: bool = False
) -> dict[str, Any]:
    """Return the context of the page; with ``changed``, what somebody else has saved stands beside what was typed."""
    texts = texts_of(incident)
    last = (
        incident.statuses.filter(change=IncidentStatus.Change.INVESTIGATED).select_related("by").order_by("-at", "-pk")
    )
    return {
        "case": incident,
        "sight": sight,
        "form": form if sight.handles else None,
        "facts": [{"key": form.fields[part].label, "value": texts[part]} for part in PARTS],
        "written_by": _by(last.first()),
        "differences": _differences(form, texts) if changed else [],
        "earlier": [_told(one, form) for one in earlier_wordings(incident)] if sight.handles else [],
        "way_here": way_to_part(incident, sight),
    }


def stale_form(incident: Incident, form: InvestigationForm) -> None:
    """Let the form, shown again, save over what stands now: whoever sends it has seen both."""
    sent = {name: form.data.get(name) for name in form.data}
    form.data = sent | {form.add_prefix("token"): token_of(texts_of(incident))}


def _differences(form: InvestigationForm, texts: dict[str, str]) -> list[dict[str, Any]]:
    typed = form.texts()
    return [
        {"field": form.fields[part].label, "theirs": texts[part], "yours": typed[part]}
        for part in PARTS
        if texts[part] != typed[part].strip()
    ]


def _told(wording: EarlierWording, form: InvestigationForm) -> dict[str, Any]:
    """Return an earlier wording as its handlers read it."""
    lines = [_("Written by %(name)s, %(when)s.") % _who(wording.written)] if wording.written else []
    return {
        "part": form.fields[wording.part].label,
        "text": wording.text,
        "who": " ".join([*lines, _("Changed by %(name)s, %(when)s.") % _who(wording.replaced)]),
    }


def _by(status: IncidentStatus | None) -> str:
    return _("Last changed by %(name)s, %(when)s.") % _who(status) if status and status.by else ""


def _who(change: IncidentStatus | NarrativeChange) -> dict[str, str]:
    name = change.by.name if change.by else ""
    return {"name": name, "when": date_format(localtime(change.at), "DATETIME_FORMAT")}
