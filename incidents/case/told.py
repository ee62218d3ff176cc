"""What the reporter told: the answers in the words of the questions that were asked, each only to those who may."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.catalogue import Asked, Kept
from incidents.catalogue.words import in_words
from incidents.models import TOLD, Identity, Incident
from incidents.services import set_of
from incidents.sight import Sight


def told_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return the row of what was told; to those who handle the case also whether it is kept from the manager."""
    count = sum(1 for _question, answer in _answers(incident, sight) if answer)
    words = ngettext("%(count)s answer", "%(count)s answers", count) % {"count": count} if count else _("Short report")
    hint = _("Kept from the workplace's manager: tell them nothing of it.") if _is_kept(incident, sight) else ""
    return CaseRow(_("What the reporter told"), reverse("incidents:told", args=[incident.public_id]), words, hint=hint)


def told_page(incident: Incident, sight: Sight) -> dict[str, Any]:
    """Return the context of the page."""
    text = incident.narratives.filter(key=TOLD).values_list("text", flat=True).first() if sight.reads_text else ""
    return {
        "case": incident,
        "sight": sight,
        "text": text,
        "answers": [
            {"key": question.label, "value": answer} for question, answer in _answers(incident, sight) if answer
        ],
        "way_here": way_to_part(incident, sight),
        "kept": _is_kept(incident, sight),
        "version": incident.question_set,
    }


def _is_kept(incident: Incident, sight: Sight) -> bool:
    return sight.handles and incident.withheld.exists()


def _answers(incident: Incident, sight: Sight) -> Iterator[tuple[Asked, str]]:
    """Yield each question that was asked with its answer in words, as far as ``sight`` reaches; three queries."""
    kept: dict[str, Any] = dict(incident.open_answers.values_list("key", "value"))
    if sight.reads_text:
        kept |= dict(incident.narratives.exclude(key=TOLD).values_list("key", "text"))
    names = _names(incident) if sight.sees_reporter else {}
    # Also what was answered while it was called something else.
    for asked in set_of(incident).with_more(kept):
        question = asked.question
        if question.kept is Kept.IDENTITY:
            yield asked, names.get(question.role, "")
        else:
            answer = getattr(incident, question.column) if question.column else kept.get(question.key)
            yield asked, in_words(question, answer)


def _names(incident: Incident) -> dict[str, str]:
    """Return role → name of those who were named beside the reporter."""
    others = incident.identities.exclude(role=Identity.Role.REPORTER).exclude(name="")
    return dict(others.values_list("role", "name"))
