"""Tasks of the follow-up: safe to run twice."""

from celery import shared_task

from followup.services import files


@shared_task(expires=60)
def sweep_files() -> None:
    """Delete the report files that nobody published."""
    files.sweep_orphans()
