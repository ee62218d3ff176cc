"""A job is claimed by one worker at a time, published by the one that holds it, and never lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from notifications import jobs
from notifications.jobs import Claim, LeaseLost, claim_job, does, publishing, reclaim_jobs, run_job
from notifications.models import MAX_FAILURES, MAX_LOST_LEASES, Job, JobQuerySet, JobState
from organisation import clock
from organisation.models import Municipality
from tests.factories.organisation import make_municipality

KIND = "test"


@pytest.fixture
def municipality(db: None) -> Municipality:
    return make_municipality(people=False).municipality


@pytest.fixture
def job(municipality: Municipality) -> Job:
    return Job.objects.create(municipality=municipality, kind=KIND)


@pytest.fixture
def done() -> Iterator[list[Claim]]:
    """What was published, in order; the kind's handler publishes at once."""
    published: list[Claim] = []

    @does(KIND, when_parked=lambda job_id: None)
    def handler(claim: Claim) -> None:
        with publishing(claim):
            published.append(claim)

    yield published
    del jobs._handlers[KIND], jobs._when_parked[KIND]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the jobs that were sent to the broker."""
    ids: list[int] = []
    monkeypatch.setattr(jobs, "hurry_job", ids.append)
    return ids


def let_the_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def test_a_job_is_done_once(job: Job, done: list[Claim]) -> None:
    for _time in range(3):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.lease_until) == (JobState.DONE, 1, None)
    assert [claim.attempt for claim in done] == [1]


def test_a_held_job_cannot_be_claimed(job: Job) -> None:
    assert claim_job(job.pk) is not None
    assert claim_job(job.pk) is None


def test_an_unknown_job_is_without_effect(db: None) -> None:
    run_job(4711)


def test_two_who_read_the_same_row_claim_it_once(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    first = JobQuerySet.first

    def first_while_another_claims(queryset: JobQuerySet) -> Job | None:
        found = first(queryset)
        Job.objects.filter(pk=job.pk).update(attempt=F("attempt") + 1, state=JobState.RUNNING, lease_until=clock.now())
        return found

    monkeypatch.setattr(JobQuerySet, "first", first_while_another_claims)
    assert claim_job(job.pk) is None


def test_a_lease_that_ran_out_is_taken_again_and_counted(job: Job) -> None:
    first = claim_job(job.pk)
    let_the_lease_run_out(job)
    second = claim_job(job.pk)
    job.refresh_from_db()
    assert first is not None
    assert second is not None
    assert (first.attempt, second.attempt, job.lost_leases) == (1, 2, 1)


def test_whoever_lost_the_lease_publishes_nothing(job: Job) -> None:
    first = claim_job(job.pk)
    let_the_lease_run_out(job)
    claim_job(job.pk)
    assert first is not None
    with pytest.raises(LeaseLost), publishing(first):
        pytest.fail("the lost claim was published")
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.RUNNING, 2)


def test_control_without_the_attempt_the_lost_claim_would_be_published(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JobQuerySet, "held", lambda self, pk, attempt: self.filter(pk=pk))
    first = claim_job(job.pk)
    let_the_lease_run_out(job)
    claim_job(job.pk)
    assert first is not None
    published = []
    with publishing(first):
        published.append(first)
    assert published


def test_what_fails_while_publishing_leaves_the_job_undone(job: Job) -> None:
    claim = claim_job(job.pk)
    assert claim is not None
    with pytest.raises(RuntimeError), publishing(claim):
        raise RuntimeError
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_the_heart_beats_while_the_work_goes_on(transactional_db: None, settings: Any, done: list[Claim]) -> None:
    settings.JOB_LEASE_SECONDS = 0.3
    municipality = make_municipality(people=False).municipality
    job = Job.objects.create(municipality=municipality, kind="slow")
    leases = []

    @does("slow", when_parked=lambda job_id: None)
    def slow(claim: Claim) -> None:
        import time

        for _look in range(8):
            time.sleep(0.15)
            leases.append(Job.objects.get(pk=job.pk).lease_until)
        assert claim_job(job.pk) is None
        with publishing(claim):
            pass

    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    # Four leases long, and never up: it was extended several times.
    assert len(set(leases)) >= 4


def test_an_exception_sends_the_job_back_and_the_third_one_parks_it(
    job: Job, done: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    parked: list[int] = []

    @does(KIND, when_parked=parked.append)
    def broken(claim: Claim) -> None:
        raise ValueError("a secret word that must not be kept")

    for time in range(1, MAX_FAILURES + 1):
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.failures, job.error) == (time, "ValueError")
        assert job.state == (JobState.PARKED if time == MAX_FAILURES else JobState.QUEUED)
    assert parked == [job.pk]
    run_job(job.pk)
    assert parked == [job.pk]


def test_ten_lost_leases_park_the_job(job: Job, done: list[Claim]) -> None:
    parked: list[int] = []
    jobs._when_parked[KIND] = parked.append
    for _time in range(MAX_LOST_LEASES):
        assert claim_job(job.pk) is not None
        let_the_lease_run_out(job)
    assert claim_job(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.lost_leases) == (JobState.PARKED, MAX_LOST_LEASES)
    assert parked == [job.pk]


def test_the_sweep_sends_what_lies_waiting_or_was_lost(municipality: Municipality, sent: list[int]) -> None:
    now = clock.now()
    made = {
        name: Job.objects.create(municipality=municipality, kind=KIND, state=state, lease_until=lease)
        for name, state, lease in (
            ("fresh", JobState.QUEUED, None),
            ("waiting", JobState.QUEUED, None),
            ("held", JobState.RUNNING, now + timedelta(seconds=30)),
            ("lost", JobState.RUNNING, now - timedelta(seconds=1)),
            ("done", JobState.DONE, None),
            ("parked", JobState.PARKED, None),
        )
    }
    Job.objects.exclude(pk=made["fresh"].pk).update(created_at=now - timedelta(minutes=2))
    assert reclaim_jobs() == 2
    assert sent == [made["waiting"].pk, made["lost"].pk]


def test_a_job_is_hurried_on_commit_only(
    municipality: Municipality, sent: list[int], django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queued = jobs.queue_job(kind=KIND, municipality=municipality)
        assert sent == []
    assert sent == [queued.pk]


def test_a_broker_that_is_down_does_not_fail_the_caller(
    municipality: Municipality,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: pytest.FixtureRequest,
) -> None:
    from kombu.exceptions import OperationalError

    def refuse(_name: str, **_options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("notifications.services.current_app.send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        queued = jobs.queue_job(kind=KIND, municipality=municipality)
    assert Job.objects.get(pk=queued.pk).state == JobState.QUEUED
