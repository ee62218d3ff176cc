"""One run: all files are read and checked, then written in one transaction, or nothing is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from organisation.errors import DomainError
from organisation.loading.comparing import Keys, Plan, compare, keep_apart, standing_rows
from organisation.loading.parts import Noun, parts
from organisation.loading.reading import ReadFile, read_files
from organisation.loading.reports import Kept, LoadError, Report
from organisation.loading.writing import note_digests, write
from organisation.models import LoadedRow, Municipality
from organisation.tree import lock_municipality


def load_files(paths: Sequence[str | Path], *, force: bool = False) -> list[Report]:
    """Load municipality files; the same files again change nothing.

    A row that a person has changed in the portal is kept, and told in the report; ``force`` overwrites it.
    Rows that have gone from a file stay in the portal. Raises ``FilesError`` when a file is wrong and
    ``LoadError`` when the database refuses what the files say; nothing is written then.
    """
    read = read_files(paths)
    with transaction.atomic():
        return [_load(one, force=force) for one in read]


def _load(read: ReadFile, *, force: bool) -> Report:
    municipality, is_new = _municipality(read)
    report = Report(municipality.key, municipality.name, warnings=read.file.warnings)
    keys = Keys()
    loaded = _loaded_rows(municipality)
    for part in parts():
        for noun in part.nouns:
            with _told_by_name(read, noun):
                _load_noun(noun, read, municipality, loaded.get(noun.name, {}), keys, report, force=force)
    for part in parts():
        with _told_by_name(read):
            part.follow(municipality, report.written())
    if is_new:
        report.created, report.unchanged = report.created + report.unchanged, Counter()
    return report


def _municipality(read: ReadFile) -> tuple[Municipality, bool]:
    """The municipality's row, locked, and whether this is the first file about it."""
    key = read.file.municipality.key
    found = Municipality.objects.filter(key=key).first()
    if found is not None:
        return lock_municipality(found), False
    values: dict[str, Any] = {}
    for part in parts():
        for noun in part.nouns:
            if noun.model is Municipality:
                values.update(read.rows[noun.name][0].values)
    return Municipality.objects.create(**values), True


def _loaded_rows(municipality: Municipality) -> dict[str, dict[str, LoadedRow]]:
    by_noun: dict[str, dict[str, LoadedRow]] = {}
    for row in LoadedRow.objects.filter(municipality=municipality):
        by_noun.setdefault(row.noun, {})[row.key] = row
    return by_noun


def _load_noun(
    noun: Noun,
    read: ReadFile,
    municipality: Municipality,
    loaded: dict[str, LoadedRow],
    keys: Keys,
    report: Report,
    *,
    force: bool,
) -> None:
    instances = noun.model._default_manager.filter(**{noun.tenant: municipality.pk})
    standing = standing_rows(noun, instances, keys)
    digests = {key: row.digest for key, row in loaded.items()}
    plan = compare(noun, read.rows[noun.name], standing, digests, keys, force=force)
    keep_apart(plan, keys)
    write(plan, municipality, keys)
    note_digests(plan, municipality, loaded)
    _report(plan, report)


def _report(plan: Plan, report: Report) -> None:
    name = plan.noun.name
    report.created[name] += len(plan.create)
    report.updated[name] += len(plan.update)
    report.unchanged[name] += len(plan.unchanged)
    report.kept += plan.kept
    why = _("no longer in the file; it stays in the portal")
    report.gone += [Kept(plan.noun.label, key, why) for key in plan.gone]


@contextmanager
def _told_by_name(read: ReadFile, noun: Noun | None = None) -> Iterator[None]:
    """Tell a refusal of the domain or the database by the file and noun that met it."""
    try:
        yield
    except (DomainError, IntegrityError) as error:
        where = f"{read.name}: {noun.label}" if noun else read.name
        raise LoadError(f"{where}: {error}") from error
