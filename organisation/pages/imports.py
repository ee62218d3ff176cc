"""What the page of an import tells: how far it has come, what it would change or has changed, and what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notifications.services import worker_is_running
from organisation.models import ImportRun, ImportState
from organisation.people_import import FileKind, Problem

MOST_PROBLEMS_SHOWN = 100
HOWS: dict[str, tuple[str, Promise]] = {
    "adds": ("new", gettext_lazy("New")),
    "changes": ("go", gettext_lazy("Changed")),
    "ends": ("off", gettext_lazy("Ends")),
}
TONES = {
    ImportState.READING: "go",
    ImportState.WRONG: "late",
    ImportState.READY: "wait",
    ImportState.WRITING: "go",
    ImportState.WRITTEN: "done",
    ImportState.DISCARDED: "off",
    ImportState.FAILED: "late",
}
FACTS: dict[str, Promise] = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail"),
    "unit": gettext_lazy("unit"),
    "parent": gettext_lazy("stands under"),
    "successor": gettext_lazy("successor"),
    "seat": gettext_lazy("seat"),
    "from": gettext_lazy("first day"),
    "until": gettext_lazy("last day"),
    "deputy": gettext_lazy("deputy"),
    "decision": gettext_lazy("decision"),
    "employees": gettext_lazy("employees"),
}


# What is told without a before and an after.
ALONE: dict[str, Promise] = {
    "comes_back": gettext_lazy("comes back"),
    "leaves": gettext_lazy("leaves: every seat ends, and the log-in"),
}


@dataclass(frozen=True)
class ChangedRow:
    """One row that the run adds, changes or ends."""

    tone: str
    how: str | Promise
    name: str
    key: str
    facts: list[str]


@dataclass(frozen=True)
class FilePart:
    """What one file does: counts, the first rows of each kind, and its columns that are not used."""

    title: str
    counts: dict[str, int]
    rows: list[ChangedRow]
    unused: list[str]

    @property
    def told(self) -> str:
        """The counts in one sentence."""
        return _("%(adds)s new, %(changes)s changed, %(ends)s ended, %(same)s as they are.") % self.counts

    @property
    def left_out(self) -> int:
        """How many changed rows are counted without being shown; 0 when none is shown any more."""
        changed = self.counts["adds"] + self.counts["changes"] + self.counts["ends"]
        return changed - len(self.rows) if self.rows else 0


def parts_of(run: ImportRun) -> list[FilePart]:
    """Return what each file of the run does, in the order in which they are written."""
    told = run.found.get("files", {})
    return [_part(kind, told[kind.value]) for kind in FileKind if kind.value in told]


def _part(kind: FileKind, told: dict[str, Any]) -> FilePart:
    rows = [
        ChangedRow(tone, word, name, key, [_fact(*fact) for fact in facts])
        for how, (tone, word) in HOWS.items()
        for name, key, facts in told["first"][how]
    ]
    counts = {how: told[how] for how in ("adds", "changes", "ends", "same")}
    return FilePart(capfirst(str(kind.label)), counts, rows, told["unused"])


def _fact(what: str, before: str, after: str) -> str:
    if what in ALONE:
        return str(ALONE[what])
    words = {"what": FACTS[what], "before": _shown(what, before), "after": _shown(what, after)}
    if before:
        return _("%(what)s: %(before)s → %(after)s") % words
    return _("%(what)s: %(after)s") % words


def _shown(what: str, value: str) -> str:
    if what == "deputy":
        return _("yes") if value else _("no")
    if what in ("from", "until") and value:
        # Kept as the day after the last one, and shown as the last one.
        day = date.fromisoformat(value) - timedelta(days=what == "until")
        return date_format(day, "j F Y")
    return value or "–"


def changes_in(run: ImportRun) -> dict[str, int]:
    """Return how many rows of all files are added, changed and ended."""
    told = run.found.get("files", {}).values()
    return {how: sum(one[how] for one in told) for how in HOWS}


def many_leave(run: ImportRun) -> str:
    """Return what must be ticked before so many people lose their log-in; nothing when they are few."""
    leaving, active = run.found.get("leaving", 0), run.found.get("employees", 0)
    if leaving < 10 or leaving * 10 < active:
        return ""
    return ngettext(
        "I have seen that %(count)s of %(all)s employees leaves and is logged out at once",
        "I have seen that %(count)s of %(all)s employees leave and are logged out at once",
        leaving,
    ) % {"count": leaving, "all": active}


def problems_of(run: ImportRun) -> list[Problem]:
    """Return what is wrong with the files, file by file and line by line."""
    return [Problem.from_json(kept) for kept in run.errors]


def problem_lines(run: ImportRun) -> Iterator[list[Any]]:
    """Yield the problems as rows of a file."""
    for problem in problems_of(run):
        yield [problem.file.label, problem.line, problem.column, problem.text, problem.fix]


def progress_of(run: ImportRun) -> dict[str, Any]:
    """Return what ``{% progress %}`` draws: reading, then writing."""
    writing = run.state == ImportState.WRITING
    url = reverse("organisation:import", args=[run.public_id])
    return {
        "title": _("What is done"),
        "parts": [
            {"title": _("Read the files and compare them with the portal"), "done": writing},
            *([{"title": _("Write the changes"), "done": False}] if writing else []),
        ],
        "finished": run.state not in (ImportState.READING, ImportState.WRITING),
        "failed": "",
        "waiting": "" if worker_is_running() else _("No worker is running: the import waits until one comes."),
        "poll_url": url,
        "result_url": url,
        "result_text": _("See the result"),
    }
