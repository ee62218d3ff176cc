"""How far a paper has come, in the words of its page: read from its job's row."""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from notifications.models import JobState
from notifications.services import worker_is_running
from organisation.models import ChartPaper

TONES = {JobState.QUEUED: "wait", JobState.RUNNING: "go", JobState.DONE: "done", JobState.PARKED: "late"}


def progress_of(paper: ChartPaper) -> dict[str, Any]:
    """Return what ``{% progress %}`` draws."""
    state = JobState(paper.job.state)
    failed = _("The paper could not be made. Ask for it again, or tell the operator if it fails once more.")
    waits = _("No worker is running: the paper waits and will be made when one comes.")
    done = {"title": _("What the paper says is read"), "done": True, "state": capfirst(str(JobState.DONE.label))}
    made = {"title": _("The PDF"), "done": state == JobState.DONE, "state": capfirst(str(state.label))}
    return {
        "title": _("What is done"),
        "parts": [done | {"tone": "done"}, made | {"tone": TONES[state]}],
        "finished": state == JobState.DONE,
        "failed": failed if state == JobState.PARKED else "",
        "waiting": waits if state == JobState.QUEUED and not worker_is_running() else "",
        "poll_url": reverse("organisation:chart_paper", args=[paper.public_id]),
        "result_url": reverse("organisation:chart_file", args=[paper.public_id]),
        "result_text": _("Open the PDF"),
    }
