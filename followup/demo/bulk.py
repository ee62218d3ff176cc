"""Writes many rows with their history, dated when the events are said to have happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from organisation.models import User

M = TypeVar("M", bound=models.Model)

BATCH = 400


def dated(row: M, at: datetime, by: User | None = None) -> M:
    """Note when, and by whom, the history is to say that the row was written."""
    row._history_date = at  # type: ignore[attr-defined]
    row._history_user = by  # type: ignore[attr-defined]
    return row


def write(rows: Sequence[M]) -> list[M]:
    """Create rows of one model that keeps history; return them with their ids."""
    if not rows:
        return []
    written: list[M] = bulk_create_with_history(rows, type(rows[0]), batch_size=BATCH)
    return written


def rewrite(rows: Sequence[M], *columns: str) -> None:
    """Save the columns of rows that are there already, with history."""
    if rows:
        bulk_update_with_history(rows, type(rows[0]), columns, batch_size=BATCH)


def append(model: type[M], rows: Sequence[M]) -> list[M]:
    """Create rows of a model without history: status rows, what is kept apart, ties to a judgement."""
    manager: Any = model._default_manager
    created: list[M] = manager.bulk_create(rows, batch_size=BATCH)
    return created
