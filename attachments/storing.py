"""Where files lie: under a key of their row's own id and month, never under a name that somebody chose.

The bytes are written first and the row commits after; what no row points to is swept.
"""

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from attachments.models import Attachment

log = logging.getLogger(__name__)

FOLDER = "attachments"
# A file that is younger may belong to a row that has not been committed yet.
PATIENCE = timedelta(hours=1)
_AT_ONCE = 500


def write(public_id: uuid.UUID, at: datetime, content: bytes) -> str:
    """Store the bytes of the file with that id and return the key; nothing points to it yet."""
    return default_storage.save(f"{FOLDER}/{at:%Y-%m}/{public_id}", ContentFile(content))


def delete(key: str) -> None:
    """Delete the bytes; without effect when they are gone already."""
    default_storage.delete(key)


def delete_quietly(key: str) -> None:
    """Delete the bytes now if the storage answers; the outbox sees to it otherwise."""
    try:
        delete(key)
    except OSError as error:
        log.warning("file not deleted yet", extra={"error": type(error).__name__})


def sweep() -> int:
    """Delete the bytes that no row points to: of an upload or a removal that was cut off. Return how many."""
    before, swept = timezone.now() - PATIENCE, 0
    for keys in _keys():
        ids = {key: _id_of(key) for key in keys}
        rows = Attachment.objects.filter(public_id__in=[found for found in ids.values() if found])
        known = set(rows.values_list("file", flat=True))
        for key in keys:
            if key not in known and default_storage.get_modified_time(key) < before:
                delete(key)
                swept += 1
    return swept


def _keys() -> Iterator[list[str]]:
    """Yield the keys of everything that lies here, some hundreds at a time."""
    for month in _listed(FOLDER, folders=True):
        names = _listed(f"{FOLDER}/{month}", folders=False)
        for first in range(0, len(names), _AT_ONCE):
            yield [f"{FOLDER}/{month}/{name}" for name in names[first : first + _AT_ONCE]]


def _listed(folder: str, *, folders: bool) -> list[str]:
    try:
        inner, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return list(inner if folders else files)


def _id_of(key: str) -> uuid.UUID | None:
    # "<id>", or "<id>_a1b2c3d" when the storage had to find another name.
    try:
        return uuid.UUID(key.rsplit("/", 1)[1].split("_")[0])
    except ValueError:
        return None
