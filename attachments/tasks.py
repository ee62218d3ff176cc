"""Tasks of private files: each calls one service and is safe to run twice."""

from celery import shared_task

from attachments import services


@shared_task(expires=60)
def scan_waiting() -> int:
    """Scan what still waits: the scanner was down, or a worker was."""
    return services.scan_waiting()


@shared_task(expires=3600)
def sweep_files() -> int:
    """Delete stored bytes that no row points to."""
    return services.sweep_files()
