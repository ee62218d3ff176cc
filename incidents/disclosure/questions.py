"""What a stored answer is an answer to, in words: the question's, or the part of the investigation's."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.catalogue import CATALOGUE
from incidents.models import TOLD

# Keys that the portal itself writes.
OWN: Mapping[str, str | Promise] = {
    TOLD: _("In the reporter's own words"),
    "cause_people": _("Cause: people"),
    "cause_technology": _("Cause: technology"),
    "cause_organisation": _("Cause: organisation"),
    "cause_change": _("Cause: what we change"),
}


def question_words(key: str) -> str:
    """Return what ``key`` asks; a municipality's own question, or a key that nobody knows, is said as it stands."""
    asked = CATALOGUE.get(key)
    return str(asked.label) if asked else str(OWN.get(key, key.removeprefix("free_").replace("_", " ")))


def answer_words(key: str, value: Any) -> Any:
    """Return what the stored ``value`` is called, where the question has choices."""
    asked = CATALOGUE.get(key)
    if asked is None or not asked.values:
        return value
    return [asked.word_of(str(one)) for one in value] if isinstance(value, list) else asked.word_of(str(value))
