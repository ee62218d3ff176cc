"""What a run did, told per municipality."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from organisation.municipality_file import FileError


class LoadError(Exception):
    """The files are right in themselves but can't be written into this database; nothing was written."""


@dataclass(frozen=True)
class Kept:
    """A row that was left as it stands in the portal, and why."""

    label: str | Promise
    key: str
    why: str | Promise
    columns: Sequence[str] = ()

    def __str__(self) -> str:
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.label} {self.key}{columns}: {self.why}"


@dataclass
class Report:
    """What the run did with one municipality; counts are rows, by noun."""

    key: str
    name: str
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    gone: list[Kept] = field(default_factory=list)
    warnings: tuple[FileError, ...] = ()

    def written(self) -> set[str]:
        """The nouns of which at least one row was written."""
        return {noun for noun in (*self.created, *self.updated) if self.created[noun] or self.updated[noun]}
