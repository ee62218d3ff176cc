"""Which questions are asked, in which version, and where their answers go."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from incidents.catalogue import AskedSet, Kept, packaged_sets, question_of, set_from
from incidents.models import Identity, Incident, IncidentKind, Narrative, OpenAnswer, QuestionSet
from organisation import clock
from organisation.models import Municipality

# An answer by the key of its question, as the form cleaned it: a word of the choices, a list of them, true or false,
# a number, a time of day or a text. What was not answered is left out, or none.
Answers = Mapping[str, Any]


def set_for(municipality: Municipality, kind: str) -> AskedSet:
    """Return the questions asked about ``kind`` today: the municipality's newest version, else the portal's own."""
    kept = _newest(municipality, kind)
    return set_from(kind, kept.questions) if kept else packaged_sets()[kind]


def set_of(incident: Incident) -> AskedSet:
    """Return the questions that were asked when the case was reported, in the words of that version."""
    kept = incident.question_set
    return set_from(kept.kind, kept.questions) if kept else packaged_sets()[incident.kind]


def version_used(municipality: Municipality, kind: str) -> QuestionSet:
    """Return the version that a report of today is answered by, and write it down when it is the first to be.

    Called while the municipality's counter is locked, so that two reports don't write it twice.
    """
    if kept := _newest(municipality, kind):
        return kept
    first = _made(municipality, packaged_sets()[kind], 1)
    first.save()
    return first


@transaction.atomic
def load_question_sets(
    *, municipality: Municipality, sets: Iterable[AskedSet], only_missing: bool = False
) -> list[QuestionSet]:
    """Write a new version of each set that differs from the municipality's newest; return what was written.

    ``only_missing`` leaves kinds that have a version as they are.
    """
    Municipality.objects.select_for_update().only("pk").get(pk=municipality.pk)
    rows = QuestionSet.objects.filter(municipality=municipality).order_by("kind", "version")
    newest = {kind: (version, digest) for kind, version, digest in rows.values_list("kind", "version", "digest")}
    written = []
    for asked in sets:
        version, digest = newest.get(asked.kind, (0, ""))
        if not version or (digest != asked.digest and not only_missing):
            written.append(_made(municipality, asked, version + 1))
    return QuestionSet.objects.bulk_create(written)


def _newest(municipality: Municipality, kind: str) -> QuestionSet | None:
    return QuestionSet.objects.filter(municipality=municipality, kind=kind).order_by("-version").first()


def _made(municipality: Municipality, asked: AskedSet, version: int) -> QuestionSet:
    return QuestionSet(
        municipality=municipality,
        kind=IncidentKind(asked.kind),
        version=version,
        questions=asked.stored(),
        digest=asked.digest,
        loaded_at=clock.now(),
    )


def fill_columns(incident: Incident, answers: Answers) -> None:
    """Put the answers that are counted into the case's own columns; nothing is saved."""
    for key, answer in answers.items():
        question = question_of(key)
        if question is not None and question.column and answer not in (None, ""):
            setattr(incident, question.column, answer)


def keep_answers(incident: Incident, answers: Answers) -> None:
    """Write the answers that have no column, each kind in its own table; ``fill_columns`` came before the save."""
    for key, answer in answers.items():
        question = question_of(key)
        if question is None or question.column or answer in (None, "", []):
            continue
        if question.kept is Kept.OPEN:
            OpenAnswer.objects.create(incident=incident, key=key, value=answer)
        elif question.kept is Kept.NARRATIVE:
            Narrative.objects.create(incident=incident, key=key, text=str(answer).strip())
        else:
            Identity.objects.create(incident=incident, role=question.role, name=str(answer).strip())
