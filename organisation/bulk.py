"""Many rows at once, each with its history: by COPY on PostgreSQL, by the ORM on SQLite.

New rows go straight into their table, and the history follows in one INSERT … SELECT from what stands there, so
that row and history can't differ. Changed rows go by way of a temporary table. What a model's ``save`` or
``full_clean`` would check is the caller's to have checked; constraints of the database hold as ever.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, repeat
from typing import Any

from django.db import connection, models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from organisation.database import is_postgres, reserve_ids
from organisation.models import User

# Rows that are put into one piece of a COPY, and into one statement of the ORM.
PIECE, BATCH = 2_000, 400
NULL = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@dataclass(frozen=True)
class Signature:
    """What every history row of one change says: who wrote, why and when (none: the operator)."""

    by: User | None
    reason: str
    at: datetime


def create_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    signed: Signature,
    same: Mapping[str, Any] | None = None,
    ids: Sequence[int] | None = None,
) -> list[int]:
    """Create a row of ``model`` for each of ``rows``, with history, and return their ids in order.

    ``columns`` names the values of a row ("body_id" for a foreign key), ``same`` the values that all rows share;
    every other column takes its default. ``ids`` have been reserved before, for rows that refer to each other.
    """
    if not rows:
        return []
    ids = list(ids) if ids is not None else reserve_ids(model, len(rows))
    names, values = _whole_rows(model, columns, rows, signed, same or {}, ids)
    if is_postgres():
        _copy(model._meta.db_table, [model._meta.get_field(name) for name in names], values)
        _copy_history(model, ids, signed, "+")
    else:
        objects = [model(**dict(zip(names, row, strict=True))) for row in values]
        if _keeps_history(model):
            bulk_create_with_history(objects, model, batch_size=BATCH, **_history_words(signed))
        else:
            model._default_manager.bulk_create(objects, batch_size=BATCH)
    return ids


def change_rows(
    model: type[models.Model], columns: Sequence[str], rows: Mapping[int, Sequence[Any]], *, signed: Signature
) -> None:
    """Give the columns of the rows with the ids in ``rows`` their new values, with history."""
    if not rows:
        return
    if is_postgres():
        _update_from_copy(model, columns, rows)
        _copy_history(model, list(rows), signed, "~")
        return
    found = model._default_manager.in_bulk(list(rows))
    for pk, instance in found.items():
        for name, value in zip(columns, rows[pk], strict=True):
            setattr(instance, name, value)
    names = [model._meta.get_field(name).name for name in columns]
    bulk_update_with_history(list(found.values()), model, names, batch_size=BATCH, **_history_words(signed))


def _keeps_history(model: type[models.Model]) -> bool:
    return hasattr(model, "history")


def _history_words(signed: Signature) -> dict[str, Any]:
    return {
        "default_user": signed.by,
        "default_change_reason": signed.reason,
        "default_date": signed.at,
    }


def _whole_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    signed: Signature,
    same: Mapping[str, Any],
    ids: Sequence[int],
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return the names of all columns, and each row with its id, its own values, the shared ones and the defaults."""
    names, rest = [model._meta.pk.attname, *columns], []
    for field in model._meta.concrete_fields:
        if field.attname not in names:
            names.append(field.attname)
            rest.append(_values_of(field, signed, same))
    others = zip(*rest, strict=False) if rest else repeat(())
    return names, ((pk, *row, *other) for pk, row, other in zip(ids, rows, others, strict=False))


def _values_of(field: Any, signed: Signature, same: Mapping[str, Any]) -> Iterator[Any]:
    """Yield without end what the column holds in rows that do not name it."""
    if field.attname in same:
        return repeat(same[field.attname])
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return repeat(signed.at)
    if callable(field.default):
        return iter(field.get_default, object())
    return repeat(field.get_default())


# --- PostgreSQL ----------------------------------------------------------------------------


class _Copied(io.TextIOBase):
    """Rows as COPY reads them, made piece by piece."""

    def __init__(self, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
        self._write: list[Callable[[Any], str]] = [_writer_of(field) for field in fields]
        self._rows = iter(rows)

    def read(self, _size: int | None = -1, /) -> str:
        write = self._write
        return "".join(
            "\t".join([NULL if value is None else how(value) for how, value in zip(write, row, strict=True)]) + "\n"
            for row in islice(self._rows, PIECE)
        )


def _writer_of(field: Any) -> Callable[[Any], str]:
    """Return how values of the column are written; what can hold a tab or a line end is escaped."""
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False).translate(ESCAPES)
    if isinstance(field, models.CharField | models.TextField):
        return lambda value: str(value).translate(ESCAPES)
    return str


def _copy(table: str, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(_quoted(field.column) for field in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {_quoted(table)} ({names}) FROM STDIN", _Copied(fields, rows))


def _copy_history(model: type[models.Model], ids: list[int], signed: Signature, kind: str) -> None:
    """Write the history of the rows with these ids as they stand now."""
    if not _keeps_history(model):
        return
    history = model.history.model  # type: ignore[attr-defined]
    columns = ", ".join(_quoted(field.column) for field in history.tracked_fields)
    said = {
        "history_user_id": signed.by.pk if signed.by else None,
        "history_date": signed.at,
        "history_type": kind,
        "history_change_reason": signed.reason,
    }
    pk = _quoted(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_quoted(history._meta.db_table)} ({columns}, {', '.join(said)}) "  # noqa: S608 -- own names
            f"SELECT {columns}, %s, %s, %s, %s FROM {_quoted(model._meta.db_table)} WHERE {pk} = ANY(%s)",
            [*said.values(), ids],
        )


def _update_from_copy(model: type[models.Model], columns: Sequence[str], rows: Mapping[int, Sequence[Any]]) -> None:
    table = model._meta.db_table
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in columns)]
    coming, names = _quoted(f"coming_{table}"), [_quoted(field.column) for field in fields]
    pk = names[0]
    values = ", ".join(f"{name} = coming.{name}" for name in names[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {coming} ON COMMIT DROP AS "  # noqa: S608 -- own names
            f"SELECT {', '.join(names)} FROM {_quoted(table)} WITH NO DATA"
        )
        _copy(f"coming_{table}", fields, (chain((one,), row) for one, row in rows.items()))  # type: ignore[misc]
        cursor.execute(
            f"UPDATE {_quoted(table)} AS standing SET {values} "  # noqa: S608 -- own names
            f"FROM {coming} AS coming WHERE standing.{pk} = coming.{pk}"
        )
        cursor.execute(f"DROP TABLE {coming}")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
