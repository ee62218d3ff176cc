"""What comes along of an earlier case when the same has happened again."""

from typing import Any

from django.utils.translation import gettext as _

from incidents.case.way import way_to_part
from incidents.catalogue import question_of
from incidents.forms import AgainForm
from incidents.models import TOLD, Incident
from incidents.services.copying import what_comes_along
from incidents.sight import Sight
from organisation.models import User


def again_page(incident: Incident, person: User, form: AgainForm) -> dict[str, Any]:
    """Return the context of the page; the choice to take the text along only where there is one."""
    sight = Sight.of(incident, person)
    return {
        "case": incident,
        "form": form,
        "has_text": incident.narratives.filter(key=TOLD).exists(),
        "facts": [
            {"key": _("What"), "value": incident.get_kind_display()},
            {"key": _("Workplace"), "value": incident.body.name},
            *_answers(incident),
        ],
        "way_here": way_to_part(incident, sight),
    }


def _answers(incident: Incident) -> list[dict[str, Any]]:
    rows = []
    for key, answer in what_comes_along(incident).items():
        question = question_of(key)
        if question is not None:
            spoken = question.word_of(answer) if isinstance(answer, str) else _("Yes") if answer else _("No")
            rows.append({"key": question.label, "value": spoken})
    return rows
