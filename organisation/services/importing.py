"""Importing bodies, people, seats and headcounts: given, read, shown, and written all or not at all.

The run's row is the promise. Reading and writing are jobs: a worker may be killed anywhere, and what it had not
committed is as if it had never begun.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from notifications.jobs import Claim, does, publishing, queue_job
from organisation import clock, handover
from organisation.access import Scope, require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.models import ImportRun, ImportState, Municipality, User, new_public_id
from organisation.people_import import FileKind, Plan, Problem, Writer, make_plan
from organisation.people_import.storing import delete_files, is_older, keep_files, read_files, runs_with_files
from organisation.permissions import ADMINISTER
from organisation.tree import lock_municipality

READ_JOB, WRITE_JOB = "import reading", "import writing"
# A run that nobody confirms ends by itself: its files hold people's names.
KEPT_FOR = timedelta(hours=24)
# Files whose row never came, because the request was cut off.
ORPHANS_KEPT_FOR = timedelta(hours=1)
MOST_PROBLEMS_KEPT = 1_000
WAITING = (ImportState.READING, ImportState.WRONG, ImportState.READY)
UNENDED = (*WAITING, ImportState.WRITING)


class ImportRefused(DomainError):
    """The run can't be written as it was shown."""

    message = _("The import can't be written now. Look at it again.")


@dataclass(frozen=True)
class Imported:
    """What was found, and the run's row if it wrote: nothing is written while anything is wrong, or nothing differs."""

    plan: Plan
    problems: list[Problem]
    run: ImportRun | None = None


@transaction.atomic
def start_import(
    *, municipality: Municipality, files: Mapping[FileKind, File], is_full: bool, by: User, submission_key: UUID
) -> ImportRun:
    """Take the files and have them read; what they would change is shown before anything is written.

    ``is_full``: the file of people is a full list. The same ``submission_key`` again is the same run. Raises
    ``NotAllowed``.
    """
    require(by, ADMINISTER)
    if by.municipality_id != municipality.pk:
        raise NotAllowed
    municipality = lock_municipality(municipality)
    started = ImportRun.objects.filter(submission_key=submission_key, by=by).first()
    if started is not None:
        return started
    public_id = new_public_id()
    return ImportRun.objects.create(
        municipality=municipality,
        public_id=public_id,
        is_full=is_full,
        by=by,
        at=clock.now(),
        files=keep_files(public_id, files),
        submission_key=submission_key,
        job=queue_job(kind=READ_JOB, municipality=municipality),
    )


@transaction.atomic
def confirm_import(*, run: ImportRun, digest: str, by: User) -> ImportRun:
    """Have the run written as it was shown: ``digest`` is that of the plan that the person saw.

    Sent twice it is written once. Raises ``NotAllowed``, ``WrongState`` for a run that is not ready, ``ImportRefused``
    when another plan is shown meanwhile.
    """
    run = _locked(run, by)
    if run.state in (ImportState.WRITING, ImportState.WRITTEN) and run.digest == digest:
        return run
    if run.state != ImportState.READY:
        raise WrongState
    if run.digest != digest:
        raise ImportRefused
    run.state = ImportState.WRITING
    run.job = queue_job(kind=WRITE_JOB, municipality=run.municipality)
    run.save()
    return run


@transaction.atomic
def discard_import(*, run: ImportRun, by: User) -> ImportRun:
    """End a run without writing it, and delete its files; raises ``NotAllowed``, ``WrongState``."""
    run = _locked(run, by)
    if run.state not in WAITING:
        raise WrongState
    _end(run, ImportState.DISCARDED)
    return run


def import_files(
    *,
    municipality: Municipality,
    files: Mapping[FileKind, bytes],
    is_full: bool = False,
    by: User | None = None,
    dry_run: bool = False,
) -> Imported:
    """Read and write the files at once, for the operator at the terminal; ``dry_run`` writes nothing.

    The same files again write no row. ``by`` is the administrator in whose name it is done (none: the operator).
    """
    with transaction.atomic():
        municipality = lock_municipality(municipality)
        plan, problems = _plan(municipality, files, is_full=is_full, by=by)
        if problems or dry_run or plan.is_empty:
            return Imported(plan, problems)
        Writer(municipality, plan, by).write()
        run = ImportRun(municipality=municipality, is_full=is_full, by=by, at=clock.now(), state=ImportState.WRITTEN)
        _note(run, plan, problems)
        _note_handover(run, plan)
        run.finished_at = clock.now()
        run.save()
    return Imported(plan, problems, run)


def sweep_imports() -> int:
    """End runs that nobody has confirmed within a day, and delete files that belong to no run; return how many."""
    now, swept = clock.now(), 0
    for run in ImportRun.objects.filter(state__in=WAITING, at__lt=now - KEPT_FOR):
        with transaction.atomic():
            waiting = ImportRun.objects.select_for_update().filter(pk=run.pk, state__in=WAITING).first()
            if waiting is not None:
                _end(waiting, ImportState.DISCARDED)
                swept += 1
    folders = runs_with_files()
    states = dict(ImportRun.objects.filter(public_id__in=folders).values_list("public_id", "state"))
    for run_id in folders:
        # Without a row: an upload that was cut off, or one that is being taken just now.
        ended = states[run_id] not in UNENDED if run_id in states else is_older(run_id, now - ORPHANS_KEPT_FOR)
        if ended:
            delete_files(run_id)
            swept += 1
    return swept


# --- Jobs --------------------------------------------------------------------------------------


def _given_up(job_id: int) -> None:
    run = ImportRun.objects.select_for_update().get(job_id=job_id)
    if run.state in (ImportState.READING, ImportState.WRITING):
        _end(run, ImportState.FAILED)


@does(READ_JOB, when_parked=_given_up)
def read_run(claim: Claim) -> None:
    """Read a run's files and keep what they would change, or what is wrong; nothing is written."""
    run = ImportRun.objects.select_related("municipality", "by").get(job_id=claim.job_id)
    if run.state != ImportState.READING:
        # Discarded meanwhile: its files are gone.
        with publishing(claim):
            return
    plan, problems = _plan(run.municipality, read_files(run), is_full=run.is_full, by=run.by)
    with publishing(claim):
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state == ImportState.READING:
            _note(run, plan, problems)
            if run.state == ImportState.READY and plan.is_empty:
                # The portal stands as the files say: there is nothing to confirm.
                _end(run, ImportState.WRITTEN)
            run.save()


@does(WRITE_JOB, when_parked=_given_up)
def write_run(claim: Claim) -> None:
    """Write a run that was confirmed, if its plan still is what was shown; else show the plan of now."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("by").get(job_id=claim.job_id)
        municipality = lock_municipality(run.municipality)
        if run.by is None or not Scope.of(run.by).allows(ADMINISTER):
            # The right went away between the confirmation and now.
            _end(run, ImportState.FAILED)
        else:
            _write_or_show(run, municipality)
        with publishing(claim):
            run.save()


def _write_or_show(run: ImportRun, municipality: Municipality) -> None:
    plan, problems = _plan(municipality, read_files(run), is_full=run.is_full, by=run.by)
    if problems or plan.digest() != run.digest:
        _note(run, plan, problems)
        run.found["changed"] = True
        return
    Writer(municipality, plan, run.by).write()
    _note_handover(run, plan)
    _end(run, ImportState.WRITTEN)


# --- Steps -------------------------------------------------------------------------------------


def _plan(
    municipality: Municipality, files: Mapping[FileKind, bytes], *, is_full: bool, by: User | None
) -> tuple[Plan, list[Problem]]:
    return make_plan(municipality, files, is_full=is_full, by=by, on=clock.today())


def _note(run: ImportRun, plan: Plan, problems: list[Problem]) -> None:
    """Keep what a run found: counts, the first rows, the first problems, and the digest of the plan."""
    run.found = {
        "files": {str(kind): told.as_json() for kind, told in plan.told.items()},
        "problems": len(problems),
        "leaving": len(plan.leaving),
        "employees": _employees(run.municipality),
    }
    run.errors = [problem.as_json() for problem in problems[:MOST_PROBLEMS_KEPT]]
    run.digest = "" if problems else plan.digest()
    if run.state != ImportState.WRITTEN:
        run.state = ImportState.WRONG if problems else ImportState.READY


def _employees(municipality: Municipality) -> int:
    """Return how many people of the staff lists may log in: what those who leave are compared with."""
    return User.objects.filter(municipality=municipality, is_active=True).exclude(external_id="").count()


def _note_handover(run: ImportRun, plan: Plan) -> None:
    """Note who of those who left had something that others must take over."""
    run.handover = [str(public_id) for public_id in handover.those_with_tasks(run.municipality, plan.leaving)]


def _end(run: ImportRun, state: ImportState) -> None:
    run.state, run.finished_at, run.files = state, clock.now(), {}
    if state != ImportState.WRITTEN:
        # Nothing came of it: the counts stay, the names don't.
        run.errors = []
        for told in run.found.get("files", {}).values():
            told["first"] = {how: [] for how in told["first"]}
    run.save()
    public_id = run.public_id
    transaction.on_commit(lambda: delete_files(public_id))


def _locked(run: ImportRun, by: User) -> ImportRun:
    require(by, ADMINISTER)
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=run.pk)
    if run.municipality_id != by.municipality_id:
        raise NotAllowed
    return run
