"""Documents of office programs are zip files; only their list of contents is read, nothing is ever unpacked."""

import io
import struct
import zipfile

from attachments.errors import BrokenDocument, FileRefused, HasMacros, PackedTooHard

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
# Media type → the ending that the name gets.
OFFICE = {
    f"{_OOXML}.wordprocessingml.document": "docx",
    f"{_OOXML}.spreadsheetml.sheet": "xlsx",
    f"{_OOXML}.presentationml.presentation": "pptx",
    f"{_ODF}.text": "odt",
    f"{_ODF}.spreadsheet": "ods",
    f"{_ODF}.presentation": "odp",
}
_MAIN_PARTS = {
    "word/document.xml": f"{_OOXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OOXML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OOXML}.presentationml.presentation",
}
# Text packs to a tenth or a twentieth of its size; what claims far more is made to fill a disk.
MOST_TIMES_ITS_SIZE = 100
# Below this, how hard it is packed harms nobody.
HARMLESS = 20 * 1024 * 1024
# Bytes of the list of contents: some thousands of parts.
LONGEST_LIST = 512 * 1024

_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535


def office_type(content: bytes) -> str:
    """Return which of ``OFFICE`` the zip file ``content`` is.

    Raises ``FileRefused`` for any other zip file, ``BrokenDocument``, ``PackedTooHard``, ``HasMacros``.
    """
    parts = _list_of(content)
    _refuse_bombs(parts, len(content))
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise HasMacros
    if parts and parts[0].filename == "mimetype":
        found = _declared(content, parts[0])
    else:
        found = next((kind for part, kind in _MAIN_PARTS.items() if part in names), "")
    if found not in OFFICE:
        raise FileRefused
    return found


def _list_of(content: bytes) -> list[zipfile.ZipInfo]:
    """Return the list of contents, if it is short enough to be read at all."""
    at = content.rfind(_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
    if at < 0 or len(content) - at < _END_SIZE:
        raise BrokenDocument
    (size,) = struct.unpack_from("<L", content, at + 12)
    if size > LONGEST_LIST:
        raise PackedTooHard
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        raise BrokenDocument from error


def _refuse_bombs(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse a file that claims to unpack to far more than it is, or whose parts lie upon each other."""
    unpacked = sum(part.file_size for part in parts)
    if unpacked > max(HARMLESS, size * MOST_TIMES_ITS_SIZE):
        raise PackedTooHard
    if sum(part.compress_size for part in parts) > size:
        raise PackedTooHard


def _declared(content: bytes, part: zipfile.ZipInfo) -> str:
    """Return what an OpenDocument file says it is; by the standard its first part, stored as it is."""
    if part.compress_type != zipfile.ZIP_STORED or part.file_size > 100:
        raise BrokenDocument
    # The part's own head: 30 bytes, then its name and what else is said of it.
    name, extra = struct.unpack_from("<HH", content, part.header_offset + 26)
    begins = part.header_offset + 30 + name + extra
    return content[begins : begins + part.file_size].decode("ascii", "replace")
