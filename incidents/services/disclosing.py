"""Somebody asks to see a case: what is shown, what is masked, or a refusal that can be appealed; and its paper."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import IO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import override

from incidents.disclosure.appeal import appeal_lines
from incidents.disclosure.files import (
    HandedOut,
    handed_out,
    hindrance_of,
    kept_for_paper,
    package_of,
    pictures_of,
)
from incidents.disclosure.items import Item, items_of, moment
from incidents.errors import FileNotScanned, NotYetHappened, ProvisionMissing, ReasonMissing
from incidents.models import CaseAttachment, Disclosure, Incident, IncidentStatus, ReadLog
from incidents.services.locking import locked, note
from incidents.services.marking import require_discloser
from incidents.services.reading import note_reading
from incidents.titles import title_of
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import AUTHORITIES, BodyClosure, User
from safety_portal.pdf import picture_address, render_pdf

Outcome = Disclosure.Outcome
FOLDER = "disclosures"


@dataclass(frozen=True)
class Asked:
    """What somebody asked for: they need not say who they are or why (TF 2:18)."""

    on: date
    what: str = ""
    by: str = ""


@transaction.atomic
def decide_disclosure(
    *,
    incident: Incident,
    asked: Asked,
    refused: bool,
    masked: Mapping[str, str],
    shown: frozenset[str],
    provision: str,
    reason: str,
    by: User,
    submission_key: uuid.UUID,
) -> Disclosure:
    """Decide what of the case is disclosed, and keep the decision; it is never edited.

    ``shown`` are keys of pieces that are left readable, and of files that are handed out; ``masked`` a key's own
    provision. A piece in neither, such as one that came meanwhile, is masked by ``provision``. The same
    ``submission_key`` returns the same decision. Raises ``NotAllowed``, ``OwnReport``, ``NotYetHappened``,
    ``FileNotScanned``, ``ReasonMissing``, ``ProvisionMissing``.
    """
    incident = locked(incident)
    require_discloser(incident, by)
    # Looked up under the lock: whoever sent the same form a moment ago is done by now.
    if already := Disclosure.objects.filter(submission_key=submission_key).first():
        if already.decided_by_id != by.pk or already.incident_id != incident.pk:
            raise NotAllowed
        return already
    if asked.on > clock.today():
        raise NotYetHappened
    with override(settings.LANGUAGE_CODE):
        items = [] if refused else items_of(incident)
        hidden = hidden_by(items, shown=shown, masked=masked, provision=provision.strip())
        files = files_of(items, hidden)
        outcome = Outcome.REFUSED if refused else Outcome.MASKED if hidden else Outcome.WHOLE
        _check(outcome, hidden, files, provision, reason)
        decided = Disclosure.objects.create(
            municipality=incident.municipality,
            incident=incident,
            asked_by=asked.by.strip(),
            asked_on=asked.on,
            asked_for=asked.what.strip(),
            outcome=outcome,
            shown=[item.key for item in items if item.key not in hidden],
            masked=hidden,
            handed_out=[file.tie.pk for file in files],
            provision=provision.strip(),
            reason=reason.strip(),
            content=_content(incident, items, hidden),
            decided_by=by,
            decided_title=title_of(by, incident.body, clock.today())[:120],
            decided_at=clock.now(),
            submission_key=submission_key,
        )
    change = IncidentStatus.Change.DISCLOSURE_REFUSED if refused else IncidentStatus.Change.DISCLOSED
    note(incident, change, by=by)
    if not refused:
        note_reading(incident=incident, what=ReadLog.What.EXPORT, by=by)
    return decided


def hidden_by(items: list[Item], *, shown: frozenset[str], masked: Mapping[str, str], provision: str) -> dict[str, str]:
    """Return key → why it is not disclosed: its own provision, what hinders a file, or the provision of the whole."""
    return {item.key: masked.get(item.key) or item.hindrance or provision for item in items if item.key not in shown}


def files_of(items: list[Item], hidden: Mapping[str, str]) -> list[HandedOut]:
    """Return the files that are handed out, in the order of the paper."""
    return handed_out(item.file for item in items if item.file is not None and item.key not in hidden)


def _check(outcome: str, hidden: Mapping[str, str], files: list[HandedOut], provision: str, reason: str) -> None:
    """A refusal, whole or in part, cites its provision and says why; and no file leaves unscanned."""
    if any(hindrance_of(file.tie.attachment) for file in files):
        raise FileNotScanned
    if outcome == Outcome.WHOLE:
        return
    if not reason.strip():
        raise ReasonMissing
    if not all(hidden.values()) or (outcome == Outcome.REFUSED and not provision.strip()):
        raise ProvisionMissing


def paper_rows(items: list[Item], hidden: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the lines of a copy; of a masked piece only its provision, and not a letter of its words.

    A file that is kept leaves neither name nor kind; one that is handed out is named, with how it is handed out.
    """
    ways = {file.tie: file.how for file in files_of(items, hidden)}
    return [{"group": str(item.group), "label": item.label} | _told(item, hidden.get(item.key), ways) for item in items]


def _told(item: Item, why: str | None, ways: Mapping[CaseAttachment, str]) -> dict[str, str]:
    if item.file is None:
        return {"value": item.value} if why is None else {"masked": why}
    return {"value": item.value, "how": ways[item.file]} if why is None else {"kept": why}


def _content(incident: Incident, items: list[Item], hidden: Mapping[str, str]) -> dict[str, object]:
    """Return what the paper says, as it stands at the decision: later changes of the case don't change it."""
    rules = incident.municipality.rules(clock.today())
    hindered = {item.key for item in items if hidden.get(item.key) and hidden[item.key] == item.hindrance}
    return {
        "number": incident.label,
        "body": incident.body.name,
        "authority": _authority(incident),
        "rows": paper_rows(items, hidden),
        "appeal": appeal_lines(rules, _authority(incident)),
        "hindered": bool(hindered),
        "only_hindered": bool(hindered) and hindered == hidden.keys(),
    } | kept_for_paper(files_of(items, hidden), moment)


def _authority(incident: Incident) -> str:
    """Return the name of the committee, board or company whose document it is; it decides (OSL 6:3)."""
    if incident.body.is_authority:
        return incident.body.name
    ties = BodyClosure.objects.filter(descendant=incident.body, ancestor__kind__in=AUTHORITIES)
    above = ties.values_list("ancestor__name", flat=True).first()
    return above or incident.municipality.full_name


def paper_of(disclosure: Disclosure) -> IO[bytes] | None:
    """Open what is handed out: the copy, or the written decision, as PDF; with files that go along a ZIP file of both.

    Made from what was kept at the decision, once, when it is first asked for, and stored. None: it has been removed.
    Raises ``NotOpened`` where a file that was to be handed out is gone meanwhile. Not in a transaction: laying out
    takes a while.
    """
    if disclosure.content and not disclosure.file:
        disclosure.file = _stored_once(disclosure)
    if not disclosure.file:
        return None
    try:
        stored: IO[bytes] = default_storage.open(disclosure.file)
    except FileNotFoundError:
        return None
    return stored


def _stored_once(disclosure: Disclosure) -> str:
    """Make the paper, store it and return its name; that of somebody who was first, or none where it was removed."""
    with _made(disclosure) as (file, ending):
        digest = hashlib.file_digest(cast(BytesIO, file), "sha256").hexdigest()
        file.seek(0)
        name = default_storage.save(f"{FOLDER}/{disclosure.public_id}/{uuid.uuid4()}.{ending}", File(file))
    row = Disclosure.objects.filter(pk=disclosure.pk)
    if row.filter(file="").exclude(content={}).update(file=name, digest=digest, content={}):
        return name
    default_storage.delete(name)
    return row.values_list("file", flat=True).first() or ""


@contextmanager
def _made(disclosure: Disclosure) -> Iterator[tuple[IO[bytes], str]]:
    """Yield what is handed out, and the ending of its name."""
    copy = _laid_out(disclosure)
    if along := disclosure.content.get("along"):
        with package_of(copy, f"{disclosure.content['number']}.pdf", along) as package:
            yield package, "zip"
    else:
        yield BytesIO(copy), "pdf"


def _laid_out(disclosure: Disclosure) -> bytes:
    municipality, pictures = disclosure.incident.municipality, disclosure.content.get("pictures", [])
    context = disclosure.content | {
        "disclosure": disclosure,
        "municipality": municipality,
        "is_demo": municipality.is_demo,
        "refused": disclosure.outcome == Outcome.REFUSED,
        "in_part": disclosure.outcome == Outcome.MASKED,
        "pictures": [picture | {"address": picture_address(picture["drawn"])} for picture in pictures],
    }
    with override(settings.LANGUAGE_CODE):
        title = f"{disclosure.get_outcome_display()}, {disclosure.content['number']}"
    return render_pdf(
        "incidents/disclosure/paper.html",
        context,
        title=title,
        lang=settings.LANGUAGE_CODE,
        pictures=pictures_of(pictures),
    )
