"""Content that must not be in the system: somebody says so, and a handler removes it; a trace stays without content.

Protective-security classified content (säkerhetsskyddsklassificerade uppgifter) must not be here at all. Removing it
reaches every copy that the portal keeps: rows, files, papers made of the case, exports, drafts and messages.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from attachments.services import remove_file
from incidents.disclosure.fields import IDENTITY, NARRATIVE, names_of, rows_of
from incidents.disclosure.items import IN_ORDER, moment
from incidents.disclosure.notices import tell_of_classified
from incidents.disposal.messages import messages_about
from incidents.disposal.stored import drop_folder
from incidents.errors import NothingToRemove
from incidents.models import Identity, Incident, IncidentStatus, PersonExport, Purge, ReportDraft
from incidents.services import disclosing, exporting
from incidents.services.locking import locked, locked_for_handler, note, said
from incidents.sight import Sight
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import User

# The case's own protection: papers about it, and why it was shared or marked; and what tells one from another.
PAPERS: tuple[tuple[str, Any, Callable[[Any], str]], ...] = (
    ("Disclosure", gettext_lazy("A disclosure and its paper"), lambda row: moment(row.decided_at)),
    ("SecrecyMark", gettext_lazy("Why it was marked as secret"), lambda row: moment(row.at)),
    ("IncidentGrant", gettext_lazy("Why it was shared"), lambda row: row.user.name),
    ("Outcome", gettext_lazy("How it went, told to the workplace"), lambda row: moment(row.published_at)),
)


def pieces_of(incident: Incident) -> list[tuple[str, str]]:
    """Return (key, what it is called) of everything in own words that the case holds; never a word of it."""
    return [(f"{model}-{row.pk}", str(told)) for model, told, row in _pieces(incident)]


def _pieces(incident: Incident) -> Iterator[tuple[str, Any, Any]]:
    for table in IN_ORDER:
        for row in rows_of(incident, table.model):
            if any(getattr(row, name) not in ("", None) for name in table.fields):
                yield table.model, f"{table.group}: {table.name(row)}", row
    for model, told, which in PAPERS:
        for row in rows_of(incident, model):
            yield model, f"{told}: {which(row)}", row


@transaction.atomic
def ask_to_purge(*, incident: Incident, where: str, by: User) -> None:
    """Say that the case holds what must not be here; ``where`` is told, never what it says.

    Whoever reads the text may say so, the reporter too. Those who handle the case and the protective-security
    manager are told at once, by number alone. Raises ``NotAllowed``.
    """
    incident = locked(incident)
    sight = Sight.of(incident, by)
    if not sight.reads_text:
        raise NotAllowed
    # Who reported stands in the identities alone.
    note(incident, IncidentStatus.Change.PURGE_ASKED, by=None if sight.is_reporter else by, reason=where)
    tell_of_classified(incident, removed=False)


@transaction.atomic
def purge_content(*, incident: Incident, what: Collection[str], reason: str, by: User) -> Purge:
    """Remove the pieces ``what`` (keys of ``pieces_of``) for good, with every copy; return the trace.

    Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``, ``NothingToRemove``.
    """
    incident = locked_for_handler(incident, by)
    why, chosen = said(reason), set(what)
    rows = [(model, row) for model, _told, row in _pieces(incident) if f"{model}-{row.pk}" in chosen]
    if not rows:
        raise NothingToRemove
    # Copies first: the rows still say where they lie.
    _drop_copies(incident)
    with override(settings.LANGUAGE_CODE):
        for model, row in rows:
            _empty(model, row)
    purge = Purge.objects.create(
        incident=incident, what=sorted({model for model, _row in rows}), reason=why, by=by, at=clock.now()
    )
    note(incident, IncidentStatus.Change.PURGED, by=by)
    tell_of_classified(incident, removed=True)
    return purge


def _empty(model: str, row: Any) -> None:
    """Take every word out of a row; a row that is nothing but words goes."""
    names_reporter = model == "Identity" and row.role == Identity.Role.REPORTER and row.person_id
    if model in ("OpenAnswer", "Identity", "Outcome") and not names_reporter:
        row.delete()
        return
    if model == "CaseAttachment":
        remove_file(row.attachment)
        return
    # Which provision a mark cites is no content, and stands once among those that are not lifted.
    emptied = [name for name in names_of(model, NARRATIVE, IDENTITY) if (model, name) != ("SecrecyMark", "provision")]
    words = {name: _nothing(row, name) for name in emptied}
    type(row)._base_manager.filter(pk=row.pk).update(
        **{name: value for name, value in words.items() if value is not None}
    )


def _nothing(row: Any, name: str) -> Any:
    """Return what stands where the words stood; none for a tie to a person, which is no words."""
    field = row._meta.get_field(name)
    if field.is_relation:
        return None
    if field.get_internal_type() == "JSONField":
        return field.get_default()
    if field.blank and name != "text":
        return ""
    return _("[Removed: must not be here]")[: field.max_length]


def _drop_copies(incident: Incident) -> None:
    """Remove what was made of the case before: papers, the reporter's exports and drafts, and words in messages."""
    for disclosure in incident.disclosures.all():
        drop_folder(f"{disclosing.FOLDER}/{disclosure.public_id}", municipality=incident.municipality)
    incident.disclosures.update(file="", content={})
    reporters = incident.identities.filter(role=Identity.Role.REPORTER).values("person_id")
    for export in PersonExport.objects.filter(about__in=reporters):
        drop_folder(f"{exporting.FOLDER}/{export.public_id}", municipality=incident.municipality)
    PersonExport.objects.filter(about__in=reporters).update(file="", paper="", swept_at=clock.now())
    ReportDraft.objects.filter(person__in=reporters, body=incident.body).delete()
    for message_id in messages_about(incident.municipality, [incident]).get(incident.pk, ()):
        _scrub(message_id)


def _scrub(message_id: int) -> None:
    """Take the words out of a message; what is yet to be sent goes as a bare notice."""
    message = OutboxMessage.objects.select_for_update().get(pk=message_id)
    if "body" not in message.payload:
        return
    with override(settings.LANGUAGE_CODE):
        message.payload |= {"body": _("Log in to the safety portal to read more.")}
    message.save(update_fields=["payload"])
