"""What the reporter and the handlers have written to each other: its row on the first page, and its own page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.case.story import moment
from incidents.case.way import way_to_part
from incidents.models import Incident, Message
from incidents.sight import Sight


def messages_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return the row of messages for those who may read the case's text; one query."""
    if not sight.reads_text:
        return None
    rows = list(incident.messages.values_list("from_reporter", "read_at"))
    unread = sum(1 for from_reporter, read_at in rows if read_at is None and from_reporter is not sight.is_reporter)
    address = reverse("incidents:messages", args=[incident.public_id])
    if unread and (sight.is_reporter or sight.handles):
        words = ngettext("%(count)s unread", "%(count)s unread", unread) % {"count": unread}
        return CaseRow(_("Messages"), address, words, "new")
    words = ngettext("%(count)s message", "%(count)s messages", len(rows)) % {"count": len(rows)}
    return CaseRow(_("Messages"), address, words if rows else _("None yet"))


def messages_page(incident: Incident, sight: Sight, form: Any) -> dict[str, Any]:
    """Return the context of the page; the form for those who take part in the talk."""
    rows = incident.messages.select_related("by").order_by("-at", "-pk")
    reached = incident.identities.filter(role="reporter", person__isnull=False).exists()
    return {
        "case": incident,
        "sight": sight,
        "story": [_line(message, sight) for message in rows],
        "form": form if sight.is_reporter or sight.handles else None,
        # Without an account there is no mail: the reporter sees it when they come back with the code.
        "comes_back_by_code": not reached,
        "way_here": way_to_part(incident, sight),
    }


def _line(message: Message, sight: Sight) -> dict[str, Any]:
    """Return one message; that the other side has read it stands with its time."""
    by = message.by.name if message.by and not message.from_reporter else ""
    receipt = _("read %(moment)s") % {"moment": moment(message.read_at)} if message.read_at else _("not read yet")
    told = ", ".join(filter(None, (by, receipt)))
    return {"when": moment(message.at), "who": told, "title": _title(message, sight), "text": message.text}


def _title(message: Message, sight: Sight) -> str:
    if message.kind == Message.Kind.QUESTION:
        return _("Message to you") if sight.is_reporter else _("Message to the reporter")
    what = str(Message.Kind(message.kind).label)
    return what if sight.is_reporter else _("%(what)s from the reporter") % {"what": what}
