"""Reads question sets from their files and says, with file, line and key, what is wrong with one.

A file names the ``kind`` of event and, under ``main``, ``injured`` and ``more``, the questions in order: a key of the
catalogue, or a mapping of ``key`` with words of its own in ``sv`` and ``en``.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy as _

from incidents.catalogue.questions import CATALOGUE, FREE, REQUIRED, Group, Question
from incidents.catalogue.sets import Asked, AskedSet, question_of
from incidents.models import IncidentKind
from organisation.municipality_file.errors import FileError, Problem
from organisation.municipality_file.problems import Problems, suggest
from organisation.municipality_file.yaml_nodes import line_of, read_nodes, value_of

PACKAGED = Path(__file__).parent.parent / "question_sets"
LANGUAGES = ("sv", "en")
LONGEST_WORDS = 300
LONGEST_KEY = 60
# More can't be answered on one screen by somebody who is upset.
MOST_QUESTIONS = 40


class SetsError(Exception):
    """The files can't be used; ``errors`` holds everything that is wrong with them."""

    def __init__(self, errors: list[FileError]) -> None:
        self.errors = errors
        super().__init__(errors)

    def __str__(self) -> str:
        """One problem a line."""
        return "\n".join(str(error) for error in self.errors)


def read_folder(folder: Path) -> dict[str, AskedSet]:
    """Return kind → set of every file in ``folder``. Raises ``SetsError`` with all that is wrong in any of them."""
    found: dict[str, AskedSet] = {}
    errors: list[FileError] = []
    for path in sorted(folder.glob("*.yaml")):
        problems = Problems(str(path))
        asked = _read(path, problems)
        if asked is not None and asked.kind in found:
            problems.error(Problem.DUPLICATE_ENTRY, 1, "kind", _("Another file holds the questions of this kind."))
        elif asked is not None:
            found[asked.kind] = asked
        errors += sorted(problems.errors, key=lambda error: error.line)
    if not found and not errors:
        problems = Problems(str(folder))
        problems.error(Problem.UNREADABLE, 1, "", _("There is no question set in this folder."))
        errors = problems.errors
    if errors:
        raise SetsError(errors)
    return found


@cache
def packaged_sets() -> dict[str, AskedSet]:
    """Return the sets that come with the portal, by kind: they serve until a municipality has loaded its own."""
    return read_folder(PACKAGED)


def _read(path: Path, problems: Problems) -> AskedSet | None:
    top = read_nodes(path, problems)
    if top is None:
        return None
    allowed = ("kind", *Group)
    for name, _value in top.value:
        if name.value not in allowed:
            advice, values = suggest(name.value, allowed)
            problems.error(
                Problem.UNKNOWN_KEY, line_of(name), name.value, _("This key is not known here."), advice, **values
            )
    kind = value_of(top, "kind")
    if kind is None or kind.value not in IncidentKind.values:
        line = line_of(kind) if kind is not None else 1
        advice, values = suggest(str(kind.value) if kind is not None else "", IncidentKind.values)
        problems.error(Problem.WRONG_VALUE, line, "kind", _("This is no kind of event."), advice, **values)
        return None
    asked = tuple(_questions(top, problems))
    _refuse_twice(asked, problems)
    missing = sorted(REQUIRED - {one.key for _line, one in asked})
    for key in missing:
        problems.error(
            Problem.MISSING_KEY,
            line_of(kind),
            key,
            _("The question “%(key)s” is missing."),
            _("Clocks, figures or who reads are computed from its answer: put it under “more” at the least."),
            key=key,
        )
    return AskedSet(kind.value, tuple(one for _line, one in asked))


def _questions(top: yaml.MappingNode, problems: Problems) -> Iterator[tuple[int, Asked]]:
    for group in Group:
        listed = value_of(top, group)
        if listed is None:
            continue
        if not isinstance(listed, yaml.SequenceNode):
            problems.error(Problem.WRONG_TYPE, line_of(listed), group, _("Write a list of questions here."))
            continue
        for node in listed.value:
            if (asked := _question(node, group, problems)) is not None:
                yield line_of(node), asked


def _question(node: yaml.Node, group: Group, problems: Problems) -> Asked | None:
    named = value_of(node, "key") if isinstance(node, yaml.MappingNode) else node
    if not isinstance(named, yaml.ScalarNode):
        problems.error(Problem.MISSING_KEY, line_of(node), f"{group}.key", _("Say which question it is: “key”."))
        return None
    question, line = question_of(named.value), line_of(named)
    if question is None:
        advice, values = suggest(named.value, CATALOGUE)
        problems.error(
            Problem.UNKNOWN_REFERENCE, line, named.value, _("The catalogue has no such question."), advice, **values
        )
        return None
    words = dict(_words(node, question, problems))
    if question.key.startswith(FREE) and not all(words.get(language) for language in LANGUAGES):
        problems.error(Problem.MISSING_KEY, line, question.key, _("A question of your own needs words in sv and en."))
    if len(question.key) > LONGEST_KEY:
        problems.error(Problem.WRONG_VALUE, line, question.key, _("The key is too long."))
    return Asked(question, words, group)


def _words(node: yaml.Node, question: Question, problems: Problems) -> Iterator[tuple[str, str]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for name, value in node.value:
        if name.value == "key":
            continue
        if name.value not in LANGUAGES or not isinstance(value, yaml.ScalarNode):
            problems.error(
                Problem.UNKNOWN_KEY, line_of(name), f"{question.key}.{name.value}", _("Allowed here: key, sv, en.")
            )
        elif not value.value.strip() or len(value.value) > LONGEST_WORDS:
            problems.error(
                Problem.WRONG_VALUE, line_of(value), f"{question.key}.{name.value}", _("Write 1 to 300 characters.")
            )
        else:
            yield name.value, value.value.strip()


def _refuse_twice(asked: tuple[tuple[int, Asked], ...], problems: Problems) -> None:
    seen: set[str] = set()
    for line, one in asked:
        if one.key in seen:
            problems.error(Problem.DUPLICATE_ENTRY, line, one.key, _("The question stands here already."))
        seen.add(one.key)
    if len(asked) > MOST_QUESTIONS:
        problems.error(Problem.WRONG_VALUE, asked[-1][0], "", _("There are more than 40 questions."))
