"""Importing cases from another system: given, read by a saved mapping, shown, and written all or not at all.

The run's row is the promise. Reading and writing are jobs: a worker may be killed anywhere, and what it had not
committed is as if it had never begun. No mail is sent and no clock starts: what was to be notified was, or was not,
where the case came from.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from incidents.arriving.fields import BY_KEY, guessed_columns
from incidents.arriving.planning import Plan, make_plan
from incidents.arriving.problems import Problem
from incidents.arriving.sheet import read_sheet
from incidents.arriving.writing import write_cases
from incidents.errors import ChangedSince, MappingNameTaken
from incidents.models import CaseImport, ColumnMapping
from incidents.permissions import IMPORT_CASES
from notifications.jobs import Claim, does, publishing, queue_job
from organisation import clock
from organisation.access import Scope, require
from organisation.errors import NotAllowed, WrongState
from organisation.models import ImportState, Municipality, User, new_public_id
from organisation.tree import lock_municipality

READ_JOB, WRITE_JOB = "case import reading", "case import writing"
FOLDER = "case-imports"
# A run that nobody confirms ends by itself: its file holds what people told.
KEPT_FOR = timedelta(hours=24)
MOST_PROBLEMS_KEPT = 500
WAITING = (ImportState.READING, ImportState.WRONG, ImportState.READY)


@transaction.atomic
def start_case_import(
    *, municipality: Municipality, file: File, mapping: ColumnMapping, by: User, submission_key: uuid.UUID
) -> CaseImport:
    """Take the file and have it read by the mapping; what it would write is shown before anything is written.

    The same ``submission_key`` again is the same run. Raises ``NotAllowed``.
    """
    require(by, IMPORT_CASES)
    if by.municipality_id != municipality.pk or mapping.municipality_id != municipality.pk:
        raise NotAllowed
    municipality = lock_municipality(municipality)
    if started := CaseImport.objects.filter(submission_key=submission_key, by=by).first():
        return started
    public_id = new_public_id()
    return CaseImport.objects.create(
        municipality=municipality,
        public_id=public_id,
        mapping=mapping,
        by=by,
        at=clock.now(),
        file=default_storage.save(f"{FOLDER}/{public_id}.csv", file),
        submission_key=submission_key,
        job=queue_job(kind=READ_JOB, municipality=municipality),
    )


@transaction.atomic
def new_mapping(*, municipality: Municipality, name: str, system: str, file: File, by: User) -> ColumnMapping:
    """Save a mapping under a name, with what the file's headings seem to mean; it can be changed before it is used.

    The same name and system again is the same mapping. Raises ``NotAllowed``, ``MappingNameTaken``.
    """
    require(by, IMPORT_CASES)
    if by.municipality_id != municipality.pk:
        raise NotAllowed
    municipality = lock_municipality(municipality)
    same = ColumnMapping.objects.filter(municipality=municipality, name=name.strip()).first()
    if same is not None:
        if same.system != system.strip():
            raise MappingNameTaken
        return same
    file.seek(0)
    headings = read_sheet(file.read(), []).headings
    file.seek(0)
    return ColumnMapping.objects.create(
        municipality=municipality, name=name.strip(), system=system.strip(), columns=guessed_columns(headings)
    )


@transaction.atomic
def change_mapping(
    *, run: CaseImport, columns: Mapping[str, str], words: Mapping[str, Mapping[str, str]], by: User
) -> CaseImport:
    """Save how the columns and words are read, and have the run's file read again by it.

    ``columns`` is field → heading; ``words`` field → word of the file → choice, added to those known. Raises
    ``NotAllowed``, ``WrongState`` once the run is written or ended.
    """
    run = _locked(run, by)
    if run.state not in WAITING:
        raise WrongState
    mapping = ColumnMapping.objects.select_for_update().get(pk=run.mapping_id)
    mapping.columns = {key: heading for key, heading in columns.items() if key in BY_KEY and heading}
    kept = {key: dict(said) for key, said in mapping.words.items()}
    for key, said in words.items():
        known = BY_KEY[key].choices
        fits = {word: choice for word, choice in said.items() if known and choice in known.values}
        kept[key] = kept.get(key, {}) | fits
    mapping.words = kept
    mapping.save()
    run.state, run.errors, run.found, run.digest = ImportState.READING, [], {}, ""
    run.job = queue_job(kind=READ_JOB, municipality=run.municipality)
    run.save()
    return run


@transaction.atomic
def confirm_case_import(*, run: CaseImport, digest: str, by: User) -> CaseImport:
    """Have the run written as it was shown; sent twice it is written once.

    Raises ``NotAllowed``, ``WrongState`` for a run that is not ready, ``ChangedSince`` when another plan is shown.
    """
    run = _locked(run, by)
    if run.state in (ImportState.WRITING, ImportState.WRITTEN) and run.digest == digest:
        return run
    if run.state != ImportState.READY:
        raise WrongState
    if run.digest != digest:
        raise ChangedSince
    run.state = ImportState.WRITING
    run.job = queue_job(kind=WRITE_JOB, municipality=run.municipality)
    run.save()
    return run


@transaction.atomic
def discard_case_import(*, run: CaseImport, by: User) -> CaseImport:
    """End a run without writing it, and delete its file; raises ``NotAllowed``, ``WrongState``."""
    run = _locked(run, by)
    if run.state not in WAITING:
        raise WrongState
    _end(run, ImportState.DISCARDED)
    return run


def sweep_case_imports() -> int:
    """End runs that nobody has confirmed within a day, and delete files of runs that have ended; return how many."""
    swept, now = 0, clock.now()
    for old in CaseImport.objects.filter(state__in=WAITING, at__lt=now - KEPT_FOR):
        with transaction.atomic():
            run = CaseImport.objects.select_for_update().filter(pk=old.pk, state__in=WAITING).first()
            if run is not None:
                _end(run, ImportState.DISCARDED)
                swept += 1
    for name in _files():
        owner = CaseImport.objects.filter(public_id=name.removesuffix(".csv")).first()
        path = f"{FOLDER}/{name}"
        fresh = default_storage.get_modified_time(path) > now - timedelta(hours=1)
        # Without a row: an upload that was cut off, or one that is being taken just now.
        if (owner is None and not fresh) or (owner is not None and not owner.file):
            default_storage.delete(path)
            swept += 1
    return swept


# --- Jobs --------------------------------------------------------------------------------------


def _given_up(job_id: int) -> None:
    run = CaseImport.objects.select_for_update().get(job_id=job_id)
    if run.state in (ImportState.READING, ImportState.WRITING):
        _end(run, ImportState.FAILED)


@does(READ_JOB, when_parked=_given_up)
def read_case_import(claim: Claim) -> None:
    """Read a run's file and keep what it would write, or what is wrong; nothing is written."""
    run = CaseImport.objects.select_related("municipality", "mapping").filter(job_id=claim.job_id).first()
    if run is None or run.state != ImportState.READING:
        # Discarded meanwhile, or read anew by another mapping.
        with publishing(claim):
            return
    plan, problems = make_plan(run.municipality, run.mapping, _content(run))
    with publishing(claim):
        run = CaseImport.objects.select_for_update().get(pk=run.pk)
        if run.state == ImportState.READING and run.job_id == claim.job_id:
            _note(run, plan, problems)
            if run.state == ImportState.READY and not plan.rows:
                # Every number is known: there is nothing to confirm.
                _end(run, ImportState.WRITTEN)
            run.save()


@does(WRITE_JOB, when_parked=_given_up)
def write_case_import(claim: Claim) -> None:
    """Write a run that was confirmed, if what it would write still is what was shown; else show it again."""
    with transaction.atomic():
        rows = CaseImport.objects.select_for_update(of=("self",)).select_related("by", "mapping")
        run = rows.get(job_id=claim.job_id)
        run.municipality = lock_municipality(run.municipality)
        if not Scope.of(run.by).allows(IMPORT_CASES):
            # The right went away between the confirmation and now.
            _end(run, ImportState.FAILED)
        else:
            _write_or_show(run)
        with publishing(claim):
            run.save()


def _write_or_show(run: CaseImport) -> None:
    plan, problems = make_plan(run.municipality, run.mapping, _content(run))
    if problems or plan.digest() != run.digest:
        _note(run, plan, problems)
        run.found["changed"] = True
        return
    write_cases(run, plan.rows)
    _end(run, ImportState.WRITTEN)


# --- Steps -------------------------------------------------------------------------------------


def _note(run: CaseImport, plan: Plan, problems: list[Problem]) -> None:
    """Keep what a run found: counts, headings, words that are not understood, the first problems, and the digest."""
    run.found = {
        "new": len(plan.rows),
        "known": plan.known,
        "problems": len(problems),
        "headings": plan.headings,
        "words": dict(plan.words),
    }
    run.errors = [problem.as_json() for problem in problems[:MOST_PROBLEMS_KEPT]]
    run.digest = "" if problems else plan.digest()
    run.state = ImportState.WRONG if problems else ImportState.READY


def _end(run: CaseImport, state: ImportState) -> None:
    """End the run: the counts stay; what repeats the file, and the file, don't."""
    name, run.file = run.file, ""
    run.state, run.finished_at, run.errors = state, clock.now(), []
    run.found = {key: value for key, value in run.found.items() if isinstance(value, int)}
    run.save()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def _content(run: CaseImport) -> bytes:
    with default_storage.open(run.file) as file:
        content: bytes = file.read()
    return content


def _files() -> list[str]:
    try:
        return list(default_storage.listdir(FOLDER)[1])
    except FileNotFoundError:
        return []


def _locked(run: CaseImport, by: User) -> CaseImport:
    require(by, IMPORT_CASES)
    run = CaseImport.objects.select_for_update(of=("self",)).select_related("municipality", "mapping").get(pk=run.pk)
    if run.municipality_id != by.municipality_id:
        raise NotAllowed
    return run
