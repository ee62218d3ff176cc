"""Answers as people read them."""

from datetime import time
from typing import Any

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from incidents.catalogue.questions import Question, Type


def in_words(question: Question, answer: Any) -> str:
    """Return an answer, as it was cleaned or as it is kept, in words; empty where there is none."""
    if answer in (None, "", []):
        return ""
    if question.type is Type.SEVERAL:
        return ", ".join(question.word_of(value) for value in answer)
    if question.type is Type.CHOICE:
        return question.word_of(answer)
    if question.type is Type.YES_NO:
        return _("Yes") if answer else _("No")
    if isinstance(answer, time):
        return time_format(answer)
    return str(answer)
