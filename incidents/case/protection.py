"""The pages of the data-protection officer: exports about persons, and how far one has come."""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from incidents.disclosure.items import moment
from incidents.models import PersonExport
from notifications.models import JobState
from notifications.services import worker_is_running

TONES = {JobState.QUEUED: "wait", JobState.RUNNING: "go", JobState.DONE: "done", JobState.PARKED: "late"}


def export_told(export: PersonExport) -> dict[str, Any]:
    """Return one line of the list: about whom, by whom, when, and whether the files are still there."""
    if export.swept_at is not None:
        tone, words = "off", _("Deleted")
    else:
        state = JobState(export.job.state) if export.job else JobState.DONE
        tone, words = TONES[state], str(capfirst(state.label))
    return {
        "export": export,
        "about": export.about.name,
        "by": export.asked_by.name,
        "when": moment(export.asked_at),
        "tone": tone,
        "words": words,
    }


def progress_of(export: PersonExport) -> dict[str, Any]:
    """Return what ``{% progress %}`` draws."""
    state = JobState(export.job.state) if export.job else JobState.DONE
    failed = _("The export could not be made. Ask for it again, or tell the operator if it fails once more.")
    waits = _("No worker is running: the export waits and will be made when one comes.")
    word = capfirst(str(state.label))
    return {
        "title": _("What is done"),
        "parts": [{"title": _("Collected"), "done": state == JobState.DONE, "tone": TONES[state], "state": word}],
        "finished": state == JobState.DONE,
        "failed": failed if state == JobState.PARKED else "",
        "waiting": waits if state == JobState.QUEUED and not worker_is_running() else "",
        "poll_url": reverse("incidents:person_export", args=[export.public_id]),
    }
