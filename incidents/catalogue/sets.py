"""A set of questions as it is asked: of one version, in order, in its own words."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from incidents.catalogue.questions import CATALOGUE, FREE, Group, Kept, Question, Type


@dataclass(frozen=True)
class Asked:
    """One question as a set asks it: ``words`` by language, where the set has its own; ``group`` is where it stands."""

    question: Question
    words: Mapping[str, str] = field(default_factory=dict)
    group: Group = Group.MAIN

    @property
    def key(self) -> str:
        """The question's key."""
        return self.question.key

    @property
    def label(self) -> str | Promise:
        """Its words in the reader's language, else in Swedish, else the catalogue's."""
        language = (get_language() or "sv").split("-")[0]
        return self.words.get(language) or self.words.get("sv") or self.question.label

    def stored(self) -> dict[str, Any]:
        """Return it as a version of the set keeps it."""
        return {"key": self.key, "words": dict(self.words), "group": str(self.group)}


@dataclass(frozen=True)
class AskedSet:
    """The questions about one kind of event, in order."""

    kind: str
    asked: tuple[Asked, ...]

    def __iter__(self) -> Iterator[Asked]:
        return iter(self.asked)

    def of_group(self, group: Group) -> list[Asked]:
        """Return the questions that stand in ``group``."""
        return [one for one in self.asked if one.group == group]

    def with_more(self, keys: Iterable[str]) -> "AskedSet":
        """Return the set with those questions of the catalogue that it lacks, folded: what was answered is not lost."""
        own = {one.key for one in self.asked}
        more = (Asked(CATALOGUE[key], group=Group.MORE) for key in keys if key in CATALOGUE and key not in own)
        return AskedSet(self.kind, (*self.asked, *more))

    def stored(self) -> list[dict[str, Any]]:
        """Return the questions as a version keeps them."""
        return [one.stored() for one in self.asked]

    @property
    def digest(self) -> str:
        """The same for the same questions, in the same words and order."""
        text = json.dumps(self.stored(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def question_of(key: str) -> Question | None:
    """Return the question of that key; a municipality's own are answered in own words; none when there is none."""
    if key.startswith(FREE):
        return Question(key, Type.WORDS, key, kept=Kept.NARRATIVE)
    return CATALOGUE.get(key)


def set_from(kind: str, stored: Sequence[Mapping[str, Any]]) -> AskedSet:
    """Return the set that a version keeps; a question that the catalogue no longer has is left out."""
    rows = ((question_of(row["key"]), row) for row in stored)
    asked = (Asked(found, row.get("words", {}), Group(row.get("group", "main"))) for found, row in rows if found)
    return AskedSet(kind, tuple(asked))
