"""Reads and checks all files of a run before the first row is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.loading.parts import Noun, Row, parts
from organisation.municipality_file import FileError, MunicipalityFile, MunicipalityFileError, Problem, parse


class FilesError(Exception):
    """At least one file of the run can't be used; ``errors`` holds everything that is wrong, file by file."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        """One problem a line."""
        return "\n".join(str(error) for error in self.errors)


@dataclass(frozen=True)
class ReadFile:
    """A checked file and the rows that it gives, noun by noun."""

    name: str
    file: MunicipalityFile
    rows: dict[str, list[Row]]


def read_files(paths: Sequence[str | Path]) -> list[ReadFile]:
    """Read and check every file.

    Raises ``FilesError`` with the errors of all files, so that they can be mended in one go.
    """
    read: list[ReadFile] = []
    errors: list[FileError] = []
    for path in paths:
        try:
            file = parse(path)
        except MunicipalityFileError as error:
            errors += error.errors
            continue
        rows = {noun.name: list(noun.rows(file)) for part in parts() for noun in part.nouns}
        errors += [problem for part in parts() for noun in part.nouns for problem in _too_long(noun, rows[noun.name])]
        errors += _already_given(file, read)
        read.append(ReadFile(Path(path).name, file, rows))
    if errors:
        raise FilesError(errors)
    return read


def _too_long(noun: Noun, rows: Sequence[Row]) -> list[FileError]:
    """Texts that the noun's columns have no room for."""
    limits = {
        column.name: column.max_length
        for column in noun.model._meta.concrete_fields
        if isinstance(column, models.CharField) and column.max_length
    }
    template = _("The text is %(length)s characters long.")
    fix = _("Write at most %(limit)s.")
    return [
        FileError(
            Problem.WRONG_VALUE,
            row.at.file,
            row.at.line_of(column),
            f"{row.at.path}.{column}",
            template,
            fix,
            {"length": len(value), "limit": limits[column]},
        )
        for row in rows
        for column, value in row.values.items()
        if column in limits and column not in noun.refs and isinstance(value, str) and len(value) > limits[column]
    ]


def _already_given(file: MunicipalityFile, earlier: Sequence[ReadFile]) -> list[FileError]:
    """The same municipality in two files of one run."""
    other = next((read.name for read in earlier if read.file.municipality.key == file.municipality.key), None)
    if other is None:
        return []
    place = file.municipality.at
    template = _("“%(key)s” is already the municipality of the file %(other)s.")
    fix = _("Load one file for each municipality.")
    values = {"key": file.municipality.key, "other": other}
    path = f"{place.path}.key"
    return [FileError(Problem.DUPLICATE_ENTRY, place.file, place.line_of("key"), path, template, fix, values)]
