"""Report files: written under a key with the attempt, published by the row, swept when nobody did.

A key is ``reports/<report>/<attempt>.pdf``: two workers that make the same report never write the same
file, and a file whose row never came is known by its attempt.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from followup.models import Report
from notifications.models import JobState
from organisation import clock

# Long enough for a worker that hung through its lease to notice and clear away its own file.
SWEPT_FOR = timedelta(days=1)


def folder_of(report: Report) -> str:
    """The folder that holds every attempt's file of one report."""
    return f"reports/{report.public_id}"


def write_file(report: Report, attempt: int, content: bytes) -> str:
    """Store ``content`` as the file of one attempt and return its name; nothing points to it yet."""
    return default_storage.save(f"{folder_of(report)}/{attempt}.pdf", ContentFile(content))


def sweep_report(report: Report) -> int:
    """Delete the files of attempts that can never be published; return how many."""
    swept = 0
    for name, attempt in _files_of(report):
        job = report.render_job
        may_come = job is not None and job.state == JobState.RUNNING and job.attempt == attempt
        if name != report.file.name and not may_come:
            default_storage.delete(name)
            swept += 1
    return swept


def sweep_orphans() -> int:
    """Sweep the reports whose making was interrupted lately; return how many files were deleted."""
    interrupted = Report.objects.filter(
        render_job__attempt__gt=1, render_job__finished_at__gte=clock.now() - SWEPT_FOR
    ).select_related("render_job")
    return sum(sweep_report(report) for report in interrupted)


def _files_of(report: Report) -> Iterator[tuple[str, int]]:
    folder = folder_of(report)
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        # "3.pdf", or "3_a1b2c3d.pdf" when the storage had to find another name.
        attempt = name.split(".")[0].split("_")[0]
        yield f"{folder}/{name}", int(attempt) if attempt.isdecimal() else 0
