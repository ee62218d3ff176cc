"""Stored files that go with what is removed: once the transaction holds, by the outbox if this process is killed.

Never before: bytes that are deleted first are lost where the removal fails, or where the case is kept after all, while
its rows still point to them.
"""

import logging
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from notifications.services import enqueue, handles

log = logging.getLogger(__name__)

DROP = "incidents.drop_folder"


def drop_folder(folder: str, *, municipality: Any) -> int:
    """Have every file in ``folder`` deleted once the transaction holds; return how many lie there now.

    Also those of attempts that no row names, and of attempts that end meanwhile.
    """
    enqueue(DROP, municipality=municipality, key=folder)
    transaction.on_commit(lambda: _drop_quietly(folder))
    return len(_names(folder))


@handles(DROP)
def _drop_now(*, key: str) -> None:
    """Safe to run twice: what is gone is not listed."""
    for name in _names(key):
        default_storage.delete(f"{key}/{name}")


def _drop_quietly(folder: str) -> None:
    """Delete now if the storage answers; the outbox sees to it otherwise."""
    try:
        _drop_now(key=folder)
    except OSError as error:
        log.warning("files not deleted yet", extra={"error": type(error).__name__})


def _names(folder: str) -> list[str]:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return list(names)
