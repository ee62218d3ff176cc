"""The files of a case: its row on the first page, and its own page with where each file stands."""

from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attachments.models import ScanState
from attachments.services import can_be_opened, scanner_is_set_up, scanner_is_turned_off
from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.models import CaseAttachment, Incident
from incidents.sight import Sight

TONES = {ScanState.WAITING: "wait", ScanState.CLEAN: "done", ScanState.INFECTED: "late", ScanState.REMOVED: "off"}


@dataclass(frozen=True)
class FileLine:
    """One file as it is shown; ``url`` is empty while it can't be opened."""

    file: CaseAttachment
    name: str
    size: str
    url: str
    status: str
    tone: str


def attachments_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return the row of files for those who may read the case's text."""
    if not sight.reads_text:
        return None
    count = incident.attachments.count()
    status = ngettext("%(count)s file", "%(count)s files", count) % {"count": count} if count else _("No files")
    return CaseRow(title=_("Files"), url=reverse("incidents:files", args=[incident.public_id]), status=status)


def files_of(incident: Incident) -> list[FileLine]:
    """Return the case's files as they came, with where each stands."""
    files = incident.attachments.select_related("attachment", "by").order_by("at", "pk")
    return [_line(file) for file in files]


def may_add(incident: Incident, sight: Sight) -> bool:
    """Tell whether a file can be added now: by the reporter at any time, by a handler while the case is open."""
    return sight.is_reporter or (sight.handles and not incident.is_closed)


def files_page(incident: Incident, sight: Sight, form: Any) -> dict[str, Any]:
    """Return the context of the page of files."""
    lines = files_of(incident)
    return {
        "case": incident,
        "sight": sight,
        "files": lines,
        "form": form if may_add(incident, sight) else None,
        "unscanned": any(line.file.attachment.state == ScanState.WAITING for line in lines),
        "scanner": scanner_words(),
        "way_here": way_to_part(incident, sight),
    }


def scanner_words() -> str:
    """Return what to say about files that wait to be scanned."""
    if scanner_is_turned_off():
        return _("No virus scanner is set up here, so the files have not been scanned. Be careful with what you open.")
    if not scanner_is_set_up():
        return _("No virus scanner is set up yet. Files are kept, and can be opened when they have been scanned.")
    return _("A file is scanned for viruses before it can be opened. It mostly takes a minute; reload the page.")


def _line(file: CaseAttachment) -> FileLine:
    kept = file.attachment
    opens = can_be_opened(kept)
    return FileLine(
        file=file,
        name=kept.name or _("Removed file"),
        size=filesizeformat(kept.size),
        url=reverse("incidents:file", args=[kept.public_id]) if opens else "",
        status=_("Not scanned") if opens and kept.state == ScanState.WAITING else kept.get_state_display(),
        tone=TONES[ScanState(kept.state)],
    )
