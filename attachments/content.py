"""What a file is, told by its content alone; the only module that knows libmagic."""

import codecs
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
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Control characters, but for tab, ends of lines and of pages.
_NEVER_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f") | {127})
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
    if found in _ACTIVE or (found.startswith("text/") and _MARKUP.match(_beginning(content))):
        raise ActiveContent
    if found in _PHONE:
        raise PhonePicture
    if found.startswith(("video/", "audio/")):
        raise SoundOrFilm
    if found not in PICTURES | KEPT.keys() or (found.startswith("text/") and not _is_text(content)):
        raise FileRefused
    return found


def _beginning(content: bytes) -> bytes:
    """The first letters, one byte each, without the mark of byte order that may stand before them."""
    first = content[:1024]
    for mark in (codecs.BOM_UTF8, *_UTF16):
        first = first.removeprefix(mark)
    return first.replace(b"\0", b"")


def _is_text(content: bytes) -> bool:
    """Tell whether all of it is text: libmagic takes some programs for it, and looks at the beginning only."""
    if content.startswith(_UTF16):
        content = content.decode("utf-16", "replace").encode()
    return content.translate(None, _NEVER_IN_TEXT) == content
