"""Tasks of the outbox and of jobs: each takes an id, calls one service, and is safe to run twice."""

import socket

from celery import shared_task
from celery.signals import worker_ready

from notifications import jobs, services


@shared_task
def deliver(message_id: int) -> None:
    """Deliver one outbox message."""
    services.deliver_message(message_id)


@shared_task(expires=60)
def sweep_outbox() -> None:
    """Send every message that is left lying."""
    services.send_waiting()


@shared_task
def run_job(job_id: int) -> None:
    """Do one job."""
    jobs.run_job(job_id)


@shared_task(expires=60)
def reclaim_jobs() -> None:
    """Send the jobs again that lie waiting or whose worker was lost."""
    jobs.reclaim_jobs()


@shared_task(expires=60)
def beat_heart() -> None:
    """Note that this worker is alive."""
    services.note_heartbeat(socket.gethostname())


@worker_ready.connect
def show_at_once(**_kwargs: object) -> None:
    """Note a fresh worker without waiting for the first beat, and give it what lay waiting for one."""
    services.note_heartbeat(socket.gethostname())
    jobs.reclaim_jobs()
