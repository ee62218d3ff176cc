"""The parts of a ZIP file that is handed out: the same content gives the same bytes, and so the same digest."""

import zipfile
from typing import IO

NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def open_part(package: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a part called ``name`` to be written, packed, and with no moment of its own."""
    entry = zipfile.ZipInfo(name, NO_MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return package.open(entry, "w")
