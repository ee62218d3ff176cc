"""The files of a run: private, under a folder of the run's own, and gone as soon as it ends."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from organisation.models import ImportRun
from organisation.people_import.columns import FileKind

FOLDER = "imports"


def keep_files(run_id: UUID, files: Mapping[FileKind, File]) -> dict[str, str]:
    """Store the files of the run with that public id; return kind → stored name."""
    return {str(kind): default_storage.save(f"{FOLDER}/{run_id}/{kind}.csv", file) for kind, file in files.items()}


def read_files(run: ImportRun) -> dict[FileKind, bytes]:
    """Return kind → content of the run's files."""
    contents = {}
    for kind, name in run.files.items():
        with default_storage.open(name) as file:
            contents[FileKind(kind)] = file.read()
    return contents


def delete_files(run_id: UUID) -> None:
    """Delete every file of the run with that public id, known to its row or not."""
    folder = f"{FOLDER}/{run_id}"
    for name in _files_in(folder):
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def runs_with_files() -> list[UUID]:
    """Return the public ids of runs whose files are there, whether or not their rows are."""
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [UUID(folder) for folder in folders]


def is_older(run_id: UUID, before: datetime) -> bool:
    """Tell whether every file of the run was stored before ``before``."""
    folder = f"{FOLDER}/{run_id}"
    return all(default_storage.get_modified_time(f"{folder}/{name}") < before for name in _files_in(folder))


def _files_in(folder: str) -> list[str]:
    try:
        return list(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []
