"""What the pages of the import of cases tell: how far a run has come, what it would write, and what is wrong."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.arriving.problems import Problem
from incidents.models import CaseImport
from incidents.permissions import IMPORT_CASES
from notifications.services import worker_is_running
from organisation.access import Scope
from organisation.models import ImportState, User
from organisation.pages.imports import TONES

MOST_SHOWN = 100
UNDER_WAY = (ImportState.READING, ImportState.WRITING)


def imports_seen(user: User) -> "QuerySet[CaseImport]":
    """Return the imports of the person's municipality; none for those who don't import."""
    rows = CaseImport.objects.filter(municipality=user.municipality_id)
    if user.municipality_id is None or not Scope.of(user).holds(IMPORT_CASES):
        return rows.none()
    return rows.select_related("mapping", "by", "municipality")


def listed(run: CaseImport) -> dict[str, Any]:
    """Return one run as a row of the list."""
    return {"run": run, "tone": TONES[ImportState(run.state)], "new": run.found.get("new", 0)}


def problems_of(run: CaseImport) -> list[Problem]:
    """Return what is wrong with the file, line by line."""
    return [Problem.from_json(kept) for kept in run.errors]


def problem_lines(run: CaseImport) -> Iterator[list[Any]]:
    """Yield the problems as rows of a file."""
    for problem in problems_of(run):
        yield [problem.line, problem.column, problem.text, problem.fix]


def run_page(run: CaseImport) -> dict[str, Any]:
    """Return what the page of a run tells when it is not under way."""
    problems, count = problems_of(run), run.found.get("problems", 0)
    return {
        "run": run,
        "tone": TONES[ImportState(run.state)],
        "new": run.found.get("new", 0),
        "known": run.found.get("known", 0),
        "problems": problems[:MOST_SHOWN],
        "problem_count": count,
        "more_problems": max(count - MOST_SHOWN, 0),
        "waits": run.state in (ImportState.WRONG, ImportState.READY),
    }


def progress_of(run: CaseImport) -> dict[str, Any]:
    """Return what ``{% progress %}`` draws: reading, then writing."""
    writing, url = run.state == ImportState.WRITING, reverse("incidents:import", args=[run.public_id])
    return {
        "title": _("What is done"),
        "parts": [
            {"title": _("Read the file and compare it with the portal"), "done": run.state != ImportState.READING},
            *([{"title": _("Write the cases"), "done": False}] if writing else []),
        ],
        "finished": run.state not in UNDER_WAY,
        "failed": "",
        "waiting": "" if worker_is_running() else _("No worker is running: the import waits until one comes."),
        "poll_url": url,
        "result_url": url,
        "result_text": _("See the result"),
    }
