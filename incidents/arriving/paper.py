"""The report on paper: the same questions as on the screen, with boxes to tick."""

from typing import Any

from incidents.catalogue import Asked, Type
from incidents.models import IncidentKind
from incidents.services import set_for
from organisation import clock
from organisation.models import Body

# The set of those who don't know what to call it asks what all kinds have in common.
ASKED_OF_ALL = IncidentKind.OTHER
# What is left of the first side.
WRITING_LINES = 12
LINES = {Type.WORDS: 2, Type.LINE: 1, Type.COUNT: 1, Type.TIME: 1}


def paper_form(body: Body) -> dict[str, Any]:
    """Return what the paper says; it is entered as it stands, question by question."""
    municipality = body.municipality
    asked = list(set_for(municipality, ASKED_OF_ALL))
    return {
        "municipality": municipality,
        "is_demo": municipality.is_demo,
        "body": body,
        "printed_on": clock.today(),
        "kinds": [kind.label for kind in IncidentKind],
        "writing": range(WRITING_LINES),
        "questions": [_question(one) for one in asked],
        "contacts": [one for one in municipality.support_contacts if one.get("phone")][:2],
    }


def _question(asked: Asked) -> dict[str, Any]:
    question = asked.question
    choices = [label for _value, label in question.choices.choices] if question.choices else []
    return {
        "label": asked.label,
        "choices": choices,
        "yes_no": question.type is Type.YES_NO,
        "several": question.type is Type.SEVERAL,
        "lines": range(LINES.get(question.type, 0)),
    }
