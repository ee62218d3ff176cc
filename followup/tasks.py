"""Tasks of the follow-up: each takes an id, calls one service, and is safe to run twice."""

from celery import shared_task
from celery.signals import worker_ready

from followup.services import files, jobs


@shared_task
def run_job(job_id: int) -> None:
    """Do one job."""
    jobs.run_job(job_id)


@shared_task(expires=60)
def reclaim_jobs() -> None:
    """Send what lies waiting or was lost again, and sweep the files that nobody published."""
    jobs.reclaim_jobs()
    files.sweep_orphans()


@worker_ready.connect
def begin_at_once(**_kwargs: object) -> None:
    """A fresh worker takes what waited for it without waiting for the first sweep."""
    jobs.reclaim_jobs()
