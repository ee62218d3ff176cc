"""Tasks of the incidents app: each calls one service and is safe to run twice."""

from celery import shared_task

from incidents import services


@shared_task(expires=600)
def end_drafts() -> int:
    """Delete unsent reports that are no longer kept."""
    return services.delete_ended_drafts()
