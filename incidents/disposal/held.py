"""What is held about a case, table by table, and what disposal does with each: the registry.

``incidents`` registers its own tables, and every app above registers its own when it is ready. A test walks all
tables that point at a case: one that nobody has told of fails it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import models


class Fate(Enum):
    """What becomes of a table's rows when their case is disposed of."""

    # The rows go.
    REMOVED = "removed"
    # The rows stay since they are counted; what is written or names somebody is emptied.
    EMPTIED = "emptied"
    # The rows hold nothing but the tie to a case's number.
    KEPT = "kept"


@dataclass(frozen=True)
class Held:
    """One table that points at a case.

    ``path`` leads from its rows to the case. ``folder`` is where their stored files lie, below a folder named by the
    row's public id; "" without files. ``emptied`` is what the columns hold afterwards. ``first`` is higher for rows
    that point at others of the case: they go before. ``message_key`` is the key by which messages of the outbox name
    such a row, by its column ``message_names``.
    """

    model: type[models.Model]
    fate: Fate
    path: str = "incident"
    folder: str = ""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    first: int = 0
    message_key: str = ""
    message_names: str = "pk"

    @property
    def name(self) -> str:
        """The table's name in the log of a disposal."""
        return self.model._meta.label_lower

    def rows_of(self, case_id: int) -> "models.QuerySet[Any]":
        """Return the rows about the case."""
        return self.model._base_manager.filter(**{self.path: case_id})

    @property
    def history(self) -> type[models.Model] | None:
        """The table of the rows' history, if they have any."""
        kept: Any = getattr(self.model, "history", None)
        found: type[models.Model] | None = getattr(kept, "model", None)
        return found


_held: dict[type[models.Model], Held] = {}


def register(*tables: Held) -> None:
    """Tell what an app holds about cases; called when it is ready."""
    for table in tables:
        _held[table.model] = table


def everything_held() -> list[Held]:
    """Return every table that holds something about cases, those that go first at the beginning."""
    return sorted(_held.values(), key=lambda table: (-table.first, table.name))
