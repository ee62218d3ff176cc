"""Collects everything that is wrong or odd in one file."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.errors import FileError, Problem
from organisation.municipality_file.nouns.base import Place

DID_YOU_MEAN = _("Did you mean “%(suggestion)s”? Allowed here: %(allowed)s.")
ALLOWED = _("Allowed here: %(allowed)s.")
NOTHING_ALLOWED = _("The file has nothing of the kind yet: add it, or leave this key out.")


def suggest(word: str, allowed: Iterable[str]) -> tuple[Any, dict[str, object]]:
    """The advice to whoever wrote a word that is not among the allowed ones, with its values."""
    words = list(allowed)
    if not words:
        return NOTHING_ALLOWED, {}
    shown = ", ".join(words[:30]) + (" …" if len(words) > 30 else "")
    close = get_close_matches(word.casefold(), words, n=1, cutoff=0.6)
    if close:
        return DID_YOU_MEAN, {"suggestion": close[0], "allowed": shown}
    return ALLOWED, {"allowed": shown}


class Problems:
    """The errors and warnings of one file, in the order they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[FileError] = []
        self.warnings: list[FileError] = []
        self._told: set[tuple[Problem, int, str, str]] = set()

    def error(
        self, problem: Problem, line: int, path: str, template: object, fix: object = "", **values: object
    ) -> None:
        """Add an error; `template` and `fix` are translatable texts with the named values in them.

        A mistake in the common values of a group is one mistake, however many entries inherit it.
        """
        mistake = (problem, line, path.rpartition(".")[2], str(values))
        if mistake not in self._told:
            self._told.add(mistake)
            self.errors.append(FileError(problem, self.file, line, path, template, fix, MappingProxyType(values)))

    def error_at(
        self, problem: Problem, place: Place, key: str, template: object, fix: object = "", **values: object
    ) -> None:
        """Add an error about one key of an entry; an empty key is the entry itself."""
        path = f"{place.path}.{key}" if key else place.path
        self.error(problem, place.line_of(key), path, template, fix, **values)

    def warn_at(self, place: Place, key: str, template: object, fix: object = "", **values: object) -> None:
        """Add a warning: odd, but allowed."""
        path = f"{place.path}.{key}" if key else place.path
        values_ = MappingProxyType(values)
        self.warnings.append(FileError(Problem.ODD, self.file, place.line_of(key), path, template, fix, values_))
