"""Removes what is held about one case, in the transaction of the caller; the counted columns stay."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.crypto import salted_hmac

from attachments.models import Attachment
from attachments.services import remove_file
from incidents.disposal.held import Fate, Held, everything_held
from incidents.disposal.stored import drop_folder
from incidents.models import CaseAttachment, Incident
from notifications.models import OutboxMessage
from organisation import clock
from organisation.models import new_public_id

FOREIGN_SALT = "incidents.disposal.foreign_number"
FOREIGN_LENGTH = 40


def remove_case(incident: Incident, messages: Collection[int]) -> dict[str, int]:
    """Remove what is held about a locked case, and return table → number of rows that went.

    Stored bytes go once the transaction holds, by the outbox: killed before that, the case is there whole, bytes and
    all; killed after it, the outbox deletes them. ``messages`` are the ids of the outbox messages about the case.
    Nothing else but the caller's decision is asked.
    """
    removed: Counter[str] = Counter()
    _remove_files_of_case(incident, removed)
    for table in everything_held():
        _apply(table, incident, removed)
    _remove_rows(OutboxMessage.objects.filter(pk__in=messages), removed)
    _empty(incident, removed)
    return {name: count for name, count in sorted(removed.items()) if count}


def foreign_mark(number: str) -> str:
    """Return what stands for another system's number afterwards: the same file again finds it, nobody reads it."""
    return salted_hmac(FOREIGN_SALT, number, algorithm="sha256").hexdigest()[:FOREIGN_LENGTH]


def _apply(table: Held, incident: Incident, removed: Counter[str]) -> None:
    rows = table.rows_of(incident.pk)
    if table.fate is Fate.KEPT:
        return
    ids = list(rows.values_list("pk", flat=True))
    if table.fate is Fate.REMOVED:
        if table.folder:
            for public_id in rows.values_list("public_id", flat=True):
                removed["files"] += drop_folder(f"{table.folder}/{public_id}", municipality=incident.municipality)
        _remove_rows(rows, removed)
    _remove_history(table.history, ids, removed)
    if table.fate is Fate.EMPTIED:
        _empty_rows(table, table.rows_of(incident.pk))


def _remove_rows(rows: "models.QuerySet[Any]", removed: Counter[str]) -> None:
    _all, by_model = rows.delete()
    for name, count in by_model.items():
        removed[name.lower()] += count


def _remove_history(history: type[models.Model] | None, ids: list[int], removed: Counter[str]) -> None:
    """Remove the history of rows; after the rows, since that they went is noted with all that they held."""
    if history is not None:
        _remove_rows(history._base_manager.filter(id__in=ids), removed)


def _empty_rows(table: Held, rows: "models.QuerySet[Any]") -> None:
    for row in rows:
        for column, value in table.emptied.items():
            setattr(row, column, value)
        if table.history is not None:
            # The one row of history that is left says what stands, by nobody.
            _save_unsigned(row)
        elif table.emptied:
            row.save(update_fields=list(table.emptied))


def _remove_files_of_case(incident: Incident, removed: Counter[str]) -> None:
    """Remove the files of the case as their app does, and after the ties the rows that named them."""
    ties = CaseAttachment.objects.filter(incident=incident)
    files = list(Attachment.objects.filter(pk__in=ties.values("attachment")))
    for file in files:
        removed["files"] += bool(file.file)
        remove_file(file)
    _remove_rows(ties, removed)
    _remove_rows(Attachment.objects.filter(pk__in=[file.pk for file in files]), removed)


def _empty(incident: Incident, removed: Counter[str]) -> None:
    """Leave of the case what is counted, under an id that no link, mail or code leads to."""
    _remove_history(Incident.history.model, [incident.pk], removed)
    left: Mapping[str, Any] = {
        "public_id": new_public_id(),
        "submission_key": uuid.uuid4(),
        "registry_number": "",
        "foreign_number": foreign_mark(incident.foreign_number) if incident.foreign_number else "",
        "copied_from": None,
        "wants_contact": None,
        "disposed_at": clock.now(),
    }
    for column, value in left.items():
        setattr(incident, column, value)
    _save_unsigned(incident)


def _save_unsigned(row: Any) -> None:
    """Save with one row of history that names nobody."""
    row._history_user = None
    row.save()
    del row._history_user
