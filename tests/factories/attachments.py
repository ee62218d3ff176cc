"""Files as people send them, and files that belong to a case."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from attachments.models import Attachment, ScanState
from incidents.models import CaseAttachment, Incident
from incidents.services import attach_file
from organisation import clock
from organisation.models import User


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: Any) -> bytes:
    """Return a picture whose halves have different colours, so that what was turned is seen."""
    drawn = Image.new(mode, size, "white")
    drawn.paste("black", (0, 0, size[0] // 2, size[1]))
    content = io.BytesIO()
    drawn.save(content, kind, **saving)
    return content.getvalue()


def upload(content: bytes | None = None, name: str = "bild.jpg", declared: str = "image/jpeg") -> SimpleUploadedFile:
    """Return an upload as a form hands it over; a small picture when nothing else is given."""
    return SimpleUploadedFile(name, picture() if content is None else content, declared)


def document(main: str = "word/document.xml", parts: Mapping[str, bytes] | None = None) -> bytes:
    """Return a document of an office program: a zip file with its main part and ``parts``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, part in (parts or {}).items():
            archive.writestr(name, part)
    return content.getvalue()


def opendocument(kind: str = "text", *parts: str) -> bytes:
    """Return a document of LibreOffice."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<document/>")
        for name in parts:
            archive.writestr(name, "<part/>")
    return content.getvalue()


def say_clean(attachment: Attachment) -> None:
    """Let the file be scanned, without a scanner."""
    attachment.state, attachment.scanned_at = ScanState.CLEAN, clock.now()
    attachment.save()


def attach(
    incident: Incident, *, by: User | None = None, content: bytes | None = None, name: str = "bild.jpg"
) -> CaseAttachment:
    """Add a file to the case, already scanned: by a handler, or by its reporter when none is given."""
    sent = upload(content, name)
    file = attach_file(incident=incident, upload=sent, by=by, from_reporter=by is None)
    say_clean(file.attachment)
    return file
