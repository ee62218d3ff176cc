"""What a file is, told by its content alone; the only module that knows libmagic."""

import re

import magic

from attachments.errors import ActiveContent, FileRefused, PhonePicture, SoundOrFilm
from attachments.office import OFFICE, office_type

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
# Kept as they came and never shown in the browser: detected type → the ending that the name gets.
KEPT = {"application/pdf": "pdf", "text/plain": "txt", "text/csv": "csv", **OFFICE}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", **KEPT}

_ACTIVE = frozenset({"text/html", "text/xml", "image/svg+xml", "application/xhtml+xml", "application/xml"})
_PHONE = frozenset({"image/heic", "image/heif", "image/avif"})
_MARKUP = re.compile(rb"\s*<[!?/A-Za-z]")
_ZIP = b"PK\x03\x04"
# libmagic needs no more to tell a kind, and gets no more to stumble over.
_LOOKED_AT = 64 * 1024


def type_of(content: bytes) -> str:
    """Return the media type of ``content``: one of ``PICTURES`` or ``KEPT``.

    Neither the name nor the type that the sender declared is asked. Raises ``FileRefused`` for every other kind,
    and as ``office_type`` for documents.
    """
    if content.startswith(_ZIP):
        return office_type(content)
    found = magic.from_buffer(content[:_LOOKED_AT], mime=True)
    if found in _ACTIVE or (found.startswith("text/") and _MARKUP.match(_readable(content))):
        raise ActiveContent
    if found in _PHONE:
        raise PhonePicture
    if found.startswith(("video/", "audio/")):
        raise SoundOrFilm
    if found not in PICTURES | KEPT.keys():
        raise FileRefused
    return found


def _readable(content: bytes) -> bytes:
    """The beginning without a mark of byte order, so that it does not hide what begins as markup."""
    return (
        content[:1024]
        .removeprefix(b"\xef\xbb\xbf")
        .replace(b"\0", b"")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
    )
