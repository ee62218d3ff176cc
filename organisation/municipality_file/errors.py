"""What is wrong in a municipality file: where, what, and what would be right.

Messages are templates with named placeholders, so that they are translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Problem(StrEnum):
    """The kinds of problem, for tests and for tools that sort them."""

    UNREADABLE = "unreadable"
    NOT_YAML = "not_yaml"
    TOO_LARGE = "too_large"
    FORBIDDEN_YAML = "forbidden_yaml"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_TYPE = "wrong_type"
    WRONG_VALUE = "wrong_value"
    UNKNOWN_REFERENCE = "unknown_reference"
    DUPLICATE_ENTRY = "duplicate_entry"
    DATES_REVERSED = "dates_reversed"
    OVERLAP = "overlap"
    LOOP = "loop"
    WRONG_PARENT = "wrong_parent"
    CONTRADICTION = "contradiction"
    MATRIX = "matrix"
    ODD = "odd"


@dataclass(frozen=True)
class FileError:
    """One problem (or warning): `path` is the key path, `message` what is wrong, `fix` what would be right."""

    problem: Problem
    file: str
    line: int
    path: str
    template: Any
    fix_template: Any = ""
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def message(self) -> str:
        """What is wrong, in the language of the reader."""
        return str(self.template) % self.values

    @property
    def fix(self) -> str:
        """What would be right, in the language of the reader; empty when nothing can be said."""
        return str(self.fix_template) % self.values

    def __str__(self) -> str:
        """The whole problem on one line."""
        where = f"{self.file}:{self.line}: {self.path}" if self.path else f"{self.file}:{self.line}"
        return f"{where}: {self.message} {self.fix}".rstrip()


class MunicipalityFileError(Exception):
    """The file can't be used; `errors` holds everything that is wrong with it, in the order of the lines."""

    def __init__(self, errors: list[FileError]) -> None:
        self.errors = sorted(errors, key=lambda error: error.line)
        super().__init__(self.errors)

    def __str__(self) -> str:
        """One problem a line."""
        return "\n".join(str(error) for error in self.errors)
