"""Jobs with a lease: claimed by one conditional update, published only while the claim still holds.

A worker may be killed anywhere. What it had not committed is as if it had never begun: its lease runs
out, ``reclaim_jobs`` sends the job again, and the next worker claims it with the next attempt.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from notifications.models import MAX_FAILURES, MAX_LOST_LEASES, Job, JobState
from notifications.services import send_quietly

log = logging.getLogger(__name__)

# A fresh job's own message is on its way; only one that lies longer is sent again.
PATIENCE = timedelta(seconds=5)


class LeaseLost(Exception):
    """Another worker holds the job now; what this one made must not be published."""


@dataclass(frozen=True)
class Claim:
    """The right to do one job: it holds as long as the row still carries this ``attempt``."""

    job_id: int
    kind: str
    attempt: int


Handler = Callable[[Claim], None]
_handlers: dict[str, Handler] = {}
_when_parked: dict[str, Callable[[int], None]] = {}


def does(kind: str, *, when_parked: Callable[[int], None]) -> Callable[[Handler], Handler]:
    """Register the decorated function as the one that does jobs of ``kind``.

    It must publish within ``publishing(claim)`` and be safe to be killed anywhere. ``when_parked`` is
    called with the job's id, in the transaction that gives the job up.
    """

    def keep(handler: Handler) -> Handler:
        _handlers[kind] = handler
        _when_parked[kind] = when_parked
        return handler

    return keep


def queue_job(*, kind: str, municipality: Any) -> Job:
    """Write a job and hurry it along on commit: the row is the promise, the message only the hurry."""
    job = Job.objects.create(kind=kind, municipality=municipality)
    transaction.on_commit(lambda: hurry_job(job.pk))
    return job


def hurry_job(job_id: int) -> None:
    """Ask a worker to do the job now; when no broker answers, ``reclaim_jobs`` will."""
    send_quietly("notifications.tasks.run_job", job_id)


def run_job(job_id: int) -> None:
    """Claim one job and do it; without effect when another worker holds it or it is done."""
    claim = claim_job(job_id)
    if claim is None:
        return
    try:
        with _heartbeat(claim):
            _handlers[claim.kind](claim)
    except LeaseLost:
        log.warning("lease lost", extra={"job_id": claim.job_id, "attempt": claim.attempt})
    except Exception as error:
        # Whatever a handler raises is kept with the row; the job is tried again or parked, never lost.
        log.exception("job failed", extra={"job_id": claim.job_id, "kind": claim.kind})
        _note_failure(claim, error)


def claim_job(job_id: int) -> Claim | None:
    """Take the job by one conditional update on the attempt that was read; none when it can't be taken.

    Whoever takes a job whose lease ran out counts one lost lease; after ten the job is parked, because
    it seems to take its workers down with it.
    """
    now = timezone.now()
    job = Job.objects.claimable(now).filter(pk=job_id).first()
    if job is None:
        return None
    lost = job.lost_leases + (job.state == JobState.RUNNING)
    if lost >= MAX_LOST_LEASES:
        _park(Job.objects.claimable(now).filter(pk=job_id, attempt=job.attempt), job, "lost leases", lost_leases=lost)
        return None
    taken = Job.objects.claimable(now).filter(pk=job_id, attempt=job.attempt)
    mine = taken.update(
        state=JobState.RUNNING,
        attempt=job.attempt + 1,
        lost_leases=lost,
        lease_until=now + _lease(),
        heartbeat_at=now,
        started_at=job.started_at or now,
    )
    return Claim(job_id=job_id, kind=job.kind, attempt=job.attempt + 1) if mine else None


@contextmanager
def publishing(claim: Claim) -> Iterator[None]:
    """A transaction in which the job becomes done together with what it made, if the claim still holds.

    Raises ``LeaseLost``, and writes nothing, when another worker has taken the job meanwhile.
    """
    with transaction.atomic():
        done = Job.objects.held(claim.job_id, claim.attempt).update(
            state=JobState.DONE, finished_at=timezone.now(), lease_until=None, error=""
        )
        if not done:
            raise LeaseLost
        yield


def reclaim_jobs() -> int:
    """Send every job that lies waiting or whose worker was lost; return how many were sent."""
    now = timezone.now()
    lying = Job.objects.claimable(now).exclude(state=JobState.QUEUED, created_at__gt=now - PATIENCE)
    job_ids = list(lying.values_list("pk", flat=True)[:500])
    for job_id in job_ids:
        hurry_job(job_id)
    return len(job_ids)


def _note_failure(claim: Claim, error: Exception) -> None:
    held = Job.objects.held(claim.job_id, claim.attempt)
    job = held.first()
    if job is None:
        return
    failures = job.failures + 1
    if failures >= MAX_FAILURES:
        _park(held, job, type(error).__name__, failures=failures)
    else:
        # Back in the queue; the next sweep sends it, which gives the cause a moment to go away.
        held.update(state=JobState.QUEUED, failures=F("failures") + 1, error=type(error).__name__, lease_until=None)


@transaction.atomic
def _park(condition: "object", job: Job, error: str, **counts: int) -> None:
    parked = condition.update(  # type: ignore[attr-defined]
        state=JobState.PARKED, error=error, lease_until=None, finished_at=timezone.now(), **counts
    )
    if parked:
        log.error("job parked", extra={"job_id": job.pk, "kind": job.kind, "error": error})
        _when_parked[job.kind](job.pk)


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


@contextmanager
def _heartbeat(claim: Claim) -> Iterator[None]:
    """Extend the lease from a thread of its own while the work goes on, until it is done or lost."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
                now = timezone.now()
                held = Job.objects.held(claim.job_id, claim.attempt)
                if not held.update(lease_until=now + _lease(), heartbeat_at=now):
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{claim.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
