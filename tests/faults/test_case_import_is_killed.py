"""The worker is killed in the midst of reading and of writing cases from another system: each row is written once."""

import uuid

import pytest
from django.core.files.storage import default_storage

from incidents.models import CaseImport, Identity, Incident, IncidentCounter, IncidentStatus, Narrative
from incidents.services.importing import confirm_case_import, start_case_import, sweep_case_imports
from notifications.models import Job, JobState, OutboxMessage
from organisation.models import ImportState
from tests.factories.case_import import csv_of, make_mapping
from tests.factories.organisation import make_municipality
from tests.faults.mortal import MortalWorker
from tests.services.worker import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

PLANNED = "incidents.services.importing.make_plan"
NOTED = "incidents.services.importing._note"
CASES_WRITTEN = "incidents.arriving.writing.bulk_create_with_history"
ALL_WRITTEN = "incidents.services.importing.write_cases"
ENDED = "incidents.services.importing._end"
JOB_DONE = "notifications.jobs.run_job"
READING = (PLANNED, NOTED, JOB_DONE)
WRITING = (PLANNED, CASES_WRITTEN, ALL_WRITTEN, ENDED, JOB_DONE)
QUICK = {"JOB_LEASE_SECONDS": "1", "SWEEP_SECONDS": "0.5"}
ROWS = 300


@pytest.fixture
def town(transactional_db):
    return make_municipality()


@pytest.fixture
def worker(town, tmp_path):
    made = MortalWorker(tmp_path, dict.fromkeys((*READING, *WRITING)), **QUICK)
    yield made
    made.child.stop()


@pytest.fixture
def file():
    rows = (f"A-{n};care-north;Hot;2023-04-05;2023-05-01;Text {n}.;;Anna Attrappson" for n in range(ROWS))
    return csv_of(*rows)


def given(town, file):
    file.seek(0)
    return start_case_import(
        municipality=town.municipality,
        file=file,
        mapping=make_mapping(town, file),
        by=town.safety_coordinator,
        submission_key=uuid.uuid4(),
    )


def wait_for(run, *states):
    """Return the run as it stands when it has come to one of the states, with its job done."""
    at_end = CaseImport.objects.filter(pk=run.pk, state__in=states, job__state=JobState.DONE)
    return wait_until(at_end.first, seconds=45, what=" or ".join(states))


def test_killed_anywhere_each_row_is_written_once(town, file, worker):
    worker.kill_after(*READING)
    run = wait_for(given(town, file), ImportState.READY)
    worker.wait_for_kills()
    assert (run.found["new"], Incident.objects.count()) == (ROWS, 0)

    worker.kill_after(*WRITING)
    run = confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
    run = wait_for(run, ImportState.WRITTEN)
    worker.wait_for_kills()

    assert Incident.objects.count() == Incident.history.count() == IncidentCounter.objects.get().last == ROWS
    assert set(Incident.objects.values_list("foreign_number", flat=True)) == {f"A-{n}" for n in range(ROWS)}
    for model, each in ((Narrative, 1), (Identity, 1), (IncidentStatus, 2)):
        assert model.objects.count() == each * ROWS
    assert not OutboxMessage.objects.exists()
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    # A kill between the commit and the deletion leaves the file, until the next sweep.
    sweep_case_imports()
    assert not default_storage.exists(f"case-imports/{run.public_id}.csv")

    again = wait_for(given(town, file), ImportState.WRITTEN)
    assert (again.found["new"], again.found["known"], Incident.objects.count()) == (0, ROWS, ROWS)


def test_control_without_one_transaction_a_kill_leaves_cases_without_their_texts(town, file, worker):
    run = wait_for(given(town, file), ImportState.READY)
    worker.kill_after(CASES_WRITTEN, commits=True)
    confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
    worker.wait_for_kills()
    wait_for(run, ImportState.READY, ImportState.WRITTEN)
    assert Incident.objects.count() == ROWS
    assert not Narrative.objects.exists()
