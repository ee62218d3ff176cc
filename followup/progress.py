"""How far a report has come, in the words of its page: read from rows, never from the broker."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from followup.figures import title_of
from followup.models import Report, ReportState
from notifications.models import Job, JobState
from notifications.services import worker_is_running

TONES = {JobState.QUEUED: "wait", JobState.RUNNING: "go", JobState.DONE: "done", JobState.PARKED: "late"}


def progress_of(report: Report) -> dict[str, Any]:
    """Return what ``{% progress %}`` draws: the chapters, then the PDF."""
    chapters = report.chapters.select_related("job")
    parts = [_part(title_of(chapter.key), chapter.job) for chapter in chapters]
    parts.append(_part(_("The PDF"), report.render_job))
    return {
        "title": _("What is done"),
        "parts": parts,
        "done": sum(part["done"] for part in parts),
        "all": len(parts),
        "finished": report.state in (ReportState.READY, ReportState.SAME),
        "failed": _failed(report),
        "waiting": _waiting(report),
        "poll_url": reverse("followup:report", args=[report.public_id]),
        "result_url": _result_url(report),
        "result_text": _("Read the summary"),
    }


def _part(title: str, job: Job | None) -> dict[str, Any]:
    state = JobState(job.state) if job else JobState.QUEUED
    return {
        "title": title,
        "done": state == JobState.DONE,
        "state": str(state.label).capitalize(),
        "tone": TONES[state],
    }


def _failed(report: Report) -> str:
    if report.state != ReportState.FAILED:
        return ""
    return _("The report could not be made. Start it again, or tell the operator if it fails once more.")


def _waiting(report: Report) -> str:
    if report.state != ReportState.MAKING or worker_is_running():
        return ""
    return _("No worker is running: the report waits and will be made when one comes.")


def _result_url(report: Report) -> str:
    ready = report.same_as or report
    return reverse("followup:summary", args=[ready.public_id]) if ready.state == ReportState.READY else ""
