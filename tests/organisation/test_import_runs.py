"""A run from its files to its end: read, shown, confirmed and written once; or discarded; never half."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from notifications.jobs import LeaseLost, claim_job
from notifications.models import MAX_FAILURES, Job, JobState
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import Appointment, Headcount, ImportRun, ImportState, User
from organisation.people_import import FileKind, storing
from organisation.services import importing
from organisation.services.importing import (
    ImportRefused,
    confirm_import,
    discard_import,
    start_import,
    sweep_imports,
    write_run,
)
from tests.factories.importing import carry_out, csv_of
from tests.factories.organisation import Town, make_municipality

pytestmark = pytest.mark.django_db

ANNA, BO = "100;Anna;anna@exempelby.example.se;care-north", "101;Bo;bo@exempelby.example.se;care-north"


@pytest.fixture
def town() -> Town:
    return make_municipality()


def start(town: Town, *rows: str, full: bool = False, key=None, by=None, kind: str = "people") -> ImportRun:
    return start_import(
        municipality=town.municipality,
        files={FileKind(kind): ContentFile(csv_of(kind, *rows))},
        is_full=full,
        by=by or town.administrator,
        submission_key=key or uuid4(),
    )


def done(run: ImportRun) -> ImportRun:
    """Do the run's job in this process, and return the run as it stands."""
    carry_out(run)
    return ImportRun.objects.get(pk=run.pk)


def read(town: Town, *rows: str, **options) -> ImportRun:
    return done(start(town, *rows, **options))


def confirm(run: ImportRun) -> ImportRun:
    assert run.by is not None
    return confirm_import(run=run, digest=run.digest, by=run.by)


def files_of(run: ImportRun) -> list[str]:
    try:
        return default_storage.listdir(f"imports/{run.public_id}")[1]
    except FileNotFoundError:
        return []


def test_a_run_is_read_shown_and_written(town, django_capture_on_commit_callbacks):
    run = start(town, ANNA, BO)
    assert (run.state, files_of(run)) == (ImportState.READING, ["people.csv"])
    run = done(run)
    assert run.state == ImportState.READY
    assert run.found["files"]["people"]["adds"] == 2
    assert not User.objects.filter(external_id="100").exists()
    run = confirm(run)
    assert run.state == ImportState.WRITING
    with django_capture_on_commit_callbacks(execute=True):
        run = done(run)
    assert (run.state, run.files, files_of(run)) == (ImportState.WRITTEN, {}, [])
    assert run.finished_at is not None
    assert User.objects.filter(external_id__in=("100", "101")).count() == 2
    written = User.objects.get(external_id="100").history.get()
    assert written.history_user == town.administrator


def test_what_is_wrong_is_kept_and_nothing_can_be_confirmed(town):
    run = read(town, ANNA, "101;;bo@exempelby.example.se;nowhere")
    assert (run.state, run.digest, run.found["problems"]) == (ImportState.WRONG, "", 1)
    assert run.errors == [["people", 3, "namn", "missing", {}]]
    with pytest.raises(WrongState):
        confirm(run)


def test_a_file_that_changes_nothing_ends_the_run(town, django_capture_on_commit_callbacks):
    done(confirm(read(town, ANNA)))
    with django_capture_on_commit_callbacks(execute=True):
        run = read(town, ANNA)
    assert (run.state, files_of(run)) == (ImportState.WRITTEN, [])
    assert run.found["files"]["people"]["same"] == 1


def test_the_same_form_sent_twice_is_one_run(town):
    key = uuid4()
    assert start(town, ANNA, key=key) == start(town, ANNA, key=key)
    assert Job.objects.count() == 1


def test_confirming_twice_writes_once(town):
    run = read(town, ANNA)
    confirm(run)
    confirm(run)
    run.refresh_from_db()
    done(run)
    confirm_import(run=run, digest=run.digest, by=town.administrator)
    assert Job.objects.filter(kind=importing.WRITE_JOB).count() == 1
    assert User.objects.filter(external_id="100").count() == 1


def test_what_is_confirmed_is_what_is_written_else_it_is_shown_anew(town):
    """Somebody changes the portal between the dry run and the writing: the new dry run is shown instead."""
    run = read(town, ANNA)
    confirm(run)
    other = read(town, "100;Anna Annan;anna@exempelby.example.se;care-north")
    confirm(other)
    done(ImportRun.objects.get(pk=other.pk))
    run = done(ImportRun.objects.get(pk=run.pk))
    assert (run.state, run.found["changed"]) == (ImportState.READY, True)
    assert run.found["files"]["people"]["changes"] == 1
    assert User.objects.get(external_id="100").name == "Anna Annan"
    confirm(run)
    done(ImportRun.objects.get(pk=run.pk))
    assert User.objects.get(external_id="100").name == "Anna"


def test_another_plan_than_the_one_shown_is_not_confirmed(town):
    run = read(town, ANNA)
    with pytest.raises(ImportRefused):
        confirm_import(run=run, digest="0" * 64, by=town.administrator)


def test_a_failure_in_the_middle_leaves_nothing(town, monkeypatch):
    run = read(town, ANNA, kind="people")
    confirm(run)

    def fail(_self) -> None:
        raise RuntimeError

    monkeypatch.setattr("organisation.people_import.writing.Writer._begin_appointments", fail)
    for _time in range(MAX_FAILURES):
        run = done(ImportRun.objects.get(pk=run.pk))
    assert not User.objects.filter(external_id="100").exists()
    assert (run.state, Job.objects.get(pk=run.job_id).state) == (ImportState.FAILED, JobState.PARKED)


def test_a_worker_that_lost_its_lease_writes_nothing(town):
    run = confirm(read(town, ANNA))
    claim = claim_job(run.job_id)
    # Another worker took the job meanwhile.
    Job.objects.filter(pk=run.job_id).update(attempt=claim.attempt + 1)
    with pytest.raises(LeaseLost), transaction.atomic():
        write_run(claim)
    assert not User.objects.filter(external_id="100").exists()
    assert ImportRun.objects.get(pk=run.pk).state == ImportState.WRITING


def test_who_is_no_administrator_any_more_writes_nothing(town):
    run = confirm(read(town, ANNA))
    Appointment.objects.filter(person=town.administrator).update(valid_to=clock.today())
    run = done(run)
    assert run.state == ImportState.FAILED
    assert not User.objects.filter(external_id="100").exists()


@pytest.mark.parametrize("role", ["employee", "head", "safety_coordinator", "chief_executive", "board_chair"])
def test_others_may_not_import(town, role):
    with pytest.raises(NotAllowed):
        start(town, ANNA, by=town.people[role])
    run = read(town, ANNA)
    with pytest.raises(NotAllowed):
        confirm_import(run=run, digest=run.digest, by=town.people[role])
    with pytest.raises(NotAllowed):
        discard_import(run=run, by=town.people[role])
    assert ImportRun.objects.get(pk=run.pk).state == ImportState.READY


def test_another_municipalitys_administrator_neither(town):
    other = make_municipality("Grannby kommun")
    with pytest.raises(NotAllowed):
        start(town, ANNA, by=other.administrator)
    run = read(town, ANNA)
    with pytest.raises(NotAllowed):
        discard_import(run=run, by=other.administrator)


class TestHowItEnds:
    """Files hold people's names: they are gone when the run ends, or after a day."""

    def test_discarded(self, town, django_capture_on_commit_callbacks):
        run = read(town, ANNA)
        with django_capture_on_commit_callbacks(execute=True):
            discard_import(run=run, by=town.administrator)
        run.refresh_from_db()
        assert (run.state, run.files, files_of(run)) == (ImportState.DISCARDED, {}, [])
        assert run.found["files"]["people"]["adds"] == 1
        assert "Anna" not in str(run.found)
        with pytest.raises(WrongState):
            discard_import(run=run, by=town.administrator)

    def test_discarded_before_it_was_read(self, town):
        run = start(town, ANNA)
        discard_import(run=run, by=town.administrator)
        assert done(run).state == ImportState.DISCARDED
        assert Job.objects.get(pk=run.job_id).state == JobState.DONE

    def test_after_a_day(self, town, django_capture_on_commit_callbacks):
        fresh, old = read(town, ANNA), read(town, BO)
        ImportRun.objects.filter(pk=old.pk).update(at=clock.now() - timedelta(hours=25))
        with django_capture_on_commit_callbacks(execute=True):
            sweep_imports()
        assert [ImportRun.objects.get(pk=run.pk).state for run in (fresh, old)] == [
            ImportState.READY,
            ImportState.DISCARDED,
        ]
        assert (files_of(fresh), files_of(old)) == (["people.csv"], [])

    def test_files_whose_row_never_came(self, town, monkeypatch):
        orphan = uuid4()
        storing.keep_files(orphan, {FileKind.PEOPLE: ContentFile(b"x")})
        kept = read(town, ANNA)
        sweep_imports()
        assert default_storage.listdir(f"imports/{orphan}")[1] == ["people.csv"]
        monkeypatch.setattr(importing, "ORPHANS_KEPT_FOR", timedelta(seconds=-5))
        sweep_imports()
        with pytest.raises(FileNotFoundError):
            default_storage.listdir(f"imports/{orphan}")
        assert files_of(kept) == ["people.csv"]


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_municipality_write_one_after_the_other():
    """Confirmed at once, the second one finds what the first one wrote, and shows it."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    town = make_municipality()
    runs = [confirm(read(town, f"100;Anna {number};anna@exempelby.example.se;care-north")) for number in range(3)]

    def work(run: ImportRun) -> None:
        try:
            carry_out(run)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = sorted(ImportRun.objects.get(pk=run.pk).state for run in runs)
    assert states == [ImportState.READY, ImportState.READY, ImportState.WRITTEN]
    person = User.objects.get(external_id="100")
    assert person.history.count() == 1
    assert person.appointments.count() == 1


def test_all_four_files_at_once(town):
    files = {
        "bodies": ["east;Östra;enhet;care-dept"],
        "people": ["100;Anna;anna@exempelby.example.se;east"],
        "seats": ["100;;unit-manager;east"],
        "headcounts": ["east;2026-10-31;12"],
    }
    run = start_import(
        municipality=town.municipality,
        files={FileKind(kind): ContentFile(csv_of(kind, *rows)) for kind, rows in files.items()},
        is_full=True,
        by=town.administrator,
        submission_key=uuid4(),
    )
    confirm(done(run))
    run = done(ImportRun.objects.get(pk=run.pk))
    assert run.state == ImportState.WRITTEN
    assert Headcount.objects.get(body__key="east").employees == 12
    assert User.objects.get(external_id="100").appointments.count() == 2
