"""What is to be done in a case: its row on the first page, and its own page."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.forms import OutcomeForm, TaskForm
from incidents.line import those_who_may_have
from incidents.models import CaseTask, Incident
from incidents.sight import Sight
from organisation import clock


def tasks_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return the row of tasks for those who handle the case; one query."""
    if not sight.handles:
        return None
    tasks = list(incident.tasks.all())
    waiting = [task for task in tasks if task.done_at is None]
    late = [task for task in waiting if is_late(task)]
    address = reverse("incidents:tasks", args=[incident.public_id])
    if late:
        words = ngettext("%(count)s task overdue", "%(count)s tasks overdue", len(late)) % {"count": len(late)}
        return CaseRow(_("To do"), address, words, "late")
    if waiting:
        words = ngettext("%(count)s task left", "%(count)s tasks left", len(waiting)) % {"count": len(waiting)}
        return CaseRow(_("To do"), address, words, "go")
    return CaseRow(_("To do"), address, _("All done") if tasks else _("Nothing yet"), "done" if tasks else "")


def is_late(task: CaseTask) -> bool:
    """Tell whether the day by which it should be done has passed."""
    return task.done_at is None and task.due_on is not None and task.due_on < clock.today()


def tasks_page(incident: Incident, sight: Sight, *, new: TaskForm | None = None, ended: Any = None) -> dict[str, Any]:
    """Return the context of the page; ``new`` and ``ended`` are forms to show again with their errors."""
    tasks = list(incident.tasks.select_related("assigned_to", "done_by"))
    waiting = sorted((task for task in tasks if task.done_at is None), key=_by_day)
    forms = [ended if ended is not None and ended.of.pk == task.pk else OutcomeForm(task=task) for task in waiting]
    return {
        "case": incident,
        "waiting": [{"task": form.of, "form": form, "late": is_late(form.of)} for form in forms],
        "ended": [task for task in tasks if task.done_at is not None],
        "form": None if incident.is_closed else new or TaskForm(among=those_who_may_have(incident)),
        "wrong": new if new is not None and new.errors else ended,
        "way_here": way_to_part(incident, sight),
    }


def _by_day(task: CaseTask) -> tuple[bool, date, int]:
    return (task.due_on is None, task.due_on or clock.today(), task.pk)
