"""What is done with private files: checked and taken in, scanned, handed out, removed.

The app that owns a file asks for the rights first; nothing here knows who may read.
"""

import hashlib
import logging
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone

from attachments import scanner, storing
from attachments.content import ENDINGS, PICTURES, type_of
from attachments.errors import EmptyFile, FileRefused, NotOpened, TooLarge
from attachments.models import Attachment, ScanState, new_public_id
from attachments.naming import clean_name
from attachments.pictures import JPEG, PNG, redraw
from notifications.services import enqueue, handles

__all__ = [
    "ACCEPTED",
    "CheckedFile",
    "FileRefused",
    "NotOpened",
    "can_be_opened",
    "check_upload",
    "keep_file",
    "open_file",
    "receive_file",
    "remove_file",
    "scan_file",
    "scan_waiting",
    "scanner_answers",
    "scanner_is_set_up",
    "scanner_is_turned_off",
    "serve",
    "sweep_files",
]

log = logging.getLogger(__name__)

SCAN, DELETE = "attachments.scan", "attachments.delete"
# For the file chooser of the browser, which only helps to find the right file. A phone then sends a JPEG of a HEIC.
ACCEPTED = ",".join(["image/jpeg", "image/png", "image/webp", "image/gif", *(f".{end}" for end in ENDINGS.values())])
# Drawn by ourselves, so that a browser may show them.
SHOWN = frozenset({JPEG, PNG})
# A browser that shows the file runs nothing of it, loads nothing for it and guesses no other type.
SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
# The browser's own page around a picture places it by inline style; a picture that we drew carries none itself.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
MOST_SCANNED_AT_ONCE = 100

scanner_answers = scanner.answers
scanner_is_set_up = scanner.is_set_up
scanner_is_turned_off = scanner.is_turned_off


class Upload(Protocol):
    """A file as Django's forms hand it over."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def seek(self, offset: int, /) -> object: ...

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its clean name, what it is, and the bytes that are stored."""

    name: str
    content_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of what is stored: the same file sent twice has the same."""
        return hashlib.sha256(self.content).hexdigest()


# --- Taken in -----------------------------------------------------------------------------


def check_upload(upload: Upload) -> CheckedFile:
    """Return what would be kept of ``upload``: pictures drawn anew, everything else as it came.

    Asks the content, never the name or the declared type. Raises ``FileRefused`` with words for the sender. Takes up
    to a second of a large picture, so it is called before rows are locked.
    """
    content = _read(upload)
    media_type = type_of(content)
    if media_type in PICTURES:
        content, media_type = redraw(content, media_type, largest=settings.LARGEST_FILE)
    return CheckedFile(clean_name(upload.name or "", media_type), media_type, content)


def _read(upload: Upload) -> bytes:
    """Return the content, unless the file says that it is too large, or is larger than it says."""
    limit: int = settings.LARGEST_FILE
    if (upload.size or 0) > limit:
        raise TooLarge(settings.LARGEST_FILE_MB)
    # A form may have looked at it before.
    upload.seek(0)
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise TooLarge(settings.LARGEST_FILE_MB)
    if not content:
        raise EmptyFile
    return content


@transaction.atomic
def keep_file(*, municipality: Any, checked: CheckedFile) -> Attachment:
    """Store a checked file and have it scanned; until then it waits. The bytes come first, the row commits after."""
    now = timezone.now()
    public_id = new_public_id()
    key = storing.write(public_id, now, checked.content)
    kept = Attachment.objects.create(
        municipality=municipality,
        public_id=public_id,
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        digest=checked.digest,
        file=key,
        created_at=now,
    )
    enqueue(SCAN, municipality=municipality, once_key=f"{SCAN}:{kept.pk}", attachment_id=kept.pk)
    return kept


def receive_file(*, municipality: Any, upload: Upload) -> Attachment:
    """Check an upload and keep it; raises ``FileRefused``."""
    return keep_file(municipality=municipality, checked=check_upload(upload))


# --- Scanned ------------------------------------------------------------------------------


@handles(SCAN)
def _scan_now(*, attachment_id: int) -> None:
    """Scan soon after the upload. A scanner that is down fails nothing: the row waits, and the sweep asks again."""
    try:
        scan_file(attachment_id=attachment_id)
    except scanner.ScannerDown as error:
        log.warning("scanner down", extra={"attachment_id": attachment_id, "error": str(error)})


def scan_file(*, attachment_id: int) -> None:
    """Ask the scanner about one waiting file: clean, or infected and its bytes gone. Safe to run twice.

    Without a scanner, or when it could not look, the file goes on waiting. Raises ``ScannerDown``.
    """
    waiting = Attachment.objects.filter(pk=attachment_id, state=ScanState.WAITING).first()
    if waiting is None or not scanner.is_set_up():
        return
    try:
        with open_bytes(waiting) as content:
            verdict = scanner.scan(content)
    except (scanner.ScanFailed, FileNotFoundError) as error:
        log.error("file not scanned", extra={"attachment_id": attachment_id, "error": type(error).__name__})
        # When it was tried last, so that others get their turn before it.
        Attachment.objects.filter(pk=attachment_id, state=ScanState.WAITING).update(scanned_at=timezone.now())
        return
    _note(attachment_id, verdict)


@transaction.atomic
def _note(attachment_id: int, verdict: scanner.Verdict) -> None:
    scanned = Attachment.objects.select_for_update().get(pk=attachment_id)
    if scanned.state != ScanState.WAITING:
        return
    scanned.state = ScanState.INFECTED if verdict.virus else ScanState.CLEAN
    scanned.scanned_at = timezone.now()
    if verdict.virus:
        log.warning("virus found", extra={"attachment_id": attachment_id, "virus": verdict.virus})
        _drop_bytes(scanned)
    scanned.save(update_fields=["state", "scanned_at", "file"])


def scan_waiting(limit: int = MOST_SCANNED_AT_ONCE) -> int:
    """Scan what waits, least recently tried first; stop at once when the scanner is down. Return how many."""
    if not scanner.is_set_up():
        return 0
    waiting = Attachment.objects.filter(state=ScanState.WAITING).order_by(F("scanned_at").asc(nulls_first=True), "pk")
    tried = 0
    for attachment_id in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            scan_file(attachment_id=attachment_id)
        except scanner.ScannerDown as error:
            log.warning("scanner down", extra={"error": str(error)})
            break
        tried += 1
    return tried


# --- Handed out ---------------------------------------------------------------------------


def can_be_opened(attachment: Attachment) -> bool:
    """Tell whether the file is handed out: scanned and clean, or waiting where the scanner is turned off."""
    if attachment.state == ScanState.WAITING:
        return scanner.is_turned_off()
    return attachment.state == ScanState.CLEAN


def open_bytes(attachment: Attachment) -> IO[bytes]:
    """Open what is stored, whatever its state; FileNotFoundError when it is not there."""
    if not attachment.file:
        raise FileNotFoundError
    opened: IO[bytes] = default_storage.open(attachment.file)
    return opened


def open_file(attachment: Attachment) -> IO[bytes]:
    """Open a file that may be handed out; raises ``NotOpened``. The caller has asked for the rights."""
    if not can_be_opened(attachment):
        raise NotOpened
    try:
        return open_bytes(attachment)
    except FileNotFoundError as error:
        log.error("file missing in the storage", extra={"attachment_id": attachment.pk})
        raise NotOpened from error


def serve(attachment: Attachment) -> HttpResponseBase:
    """Return the file as an answer that can run nothing; raises ``NotOpened``. The caller has asked for the rights.

    Only pictures that were drawn here are shown in the browser; everything else is for saving.
    """
    shown = attachment.content_type in SHOWN
    response = FileResponse(
        open_file(attachment),
        as_attachment=not shown,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    headers = SAFE_HEADERS | ({"Content-Security-Policy": PICTURE_POLICY} if shown else {})
    for name, value in headers.items():
        response.headers[name] = value
    return response


# --- Removed ------------------------------------------------------------------------------


@transaction.atomic
def remove_file(attachment: Attachment) -> None:
    """Remove the bytes, the name and the digest; the row stays and says that something was here. Safe to run twice.

    For content that must not be here, and for disposal.
    """
    removed = Attachment.objects.select_for_update().get(pk=attachment.pk)
    _drop_bytes(removed)
    removed.state, removed.name, removed.digest = ScanState.REMOVED, "", ""
    removed.save(update_fields=["state", "name", "digest", "file"])


def _drop_bytes(attachment: Attachment) -> None:
    """Have the bytes deleted once the transaction holds: at once, or by the outbox if this process is killed."""
    key, attachment.file = attachment.file, ""
    if key:
        enqueue(DELETE, municipality=attachment.municipality, once_key=f"{DELETE}:{attachment.pk}", key=key)
        transaction.on_commit(lambda: storing.delete_quietly(key))


@handles(DELETE)
def _delete_now(*, key: str) -> None:
    storing.delete(key)


def sweep_files() -> int:
    """Delete stored bytes that no row points to; return how many files."""
    return storing.sweep()
