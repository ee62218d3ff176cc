"""Reads a file of clock rules; everything that is wrong is told with its line, its key and what would be right."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from incidents.clocks.conditions import faults_of, rests_on_no_answer
from organisation.models import ALWAYS
from organisation.municipality_file.errors import FileError, Problem
from organisation.municipality_file.problems import Problems, suggest
from organisation.municipality_file.yaml_nodes import is_null, line_of, read_nodes

PACKAGED = Path(__file__).with_name("rules.yaml")
LANGUAGES = ("sv", "en")
TEXTS = {"authority": 120, "basis": 200}
FLAGS = ("needs_decision", "unconfirmed")
TIES = ("decided_with", "together")
NEEDED = ("key", "title", "authority", "basis", "condition", "due")
KEYS_OF_A_RULE = (*NEEDED, "url", "valid_from", *FLAGS, *TIES)
A_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Ten years: whatever lies beyond is a slip of the finger.
MOST = {"hours": 87_600, "months": 120}


class RuleFileError(Exception):
    """The file can't be used; ``errors`` holds everything that is wrong with it, in the order of the lines."""

    def __init__(self, errors: list[FileError]) -> None:
        self.errors = sorted(errors, key=lambda error: error.line)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


@dataclass(frozen=True)
class RuleVersion:
    """One rule as it holds from ``valid_from`` on; the fields are the columns of ``ClockRule``."""

    key: str
    valid_from: date
    position: int
    title: Mapping[str, str]
    authority: str
    basis: str
    condition: Mapping[str, Any]
    due: Mapping[str, Any]
    url: str = ""
    needs_decision: bool = False
    decided_with: str = ""
    together: str = ""
    unconfirmed: bool = False


@dataclass
class _Reading:
    """A file while it is read: its problems, and the line on which each key stands."""

    problems: Problems
    lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, problem: Problem, path: str, template: Any, fix: Any = "", **values: object) -> None:
        at = path
        while at and at not in self.lines:
            at = re.sub(r"(\.[^.\[]*|\[\d+\])$", "", at) if re.search(r"[.\[]", at) else ""
        self.problems.error(problem, self.lines.get(at, 1), path, template, fix, **values)

    def plain(self, node: yaml.Node, path: str) -> Any:
        """Return a node as Python: true and false, whole numbers, texts, lists and mappings; nothing cleverer."""
        self.lines[path] = line_of(node)
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for name, value in node.value:
                key = str(name.value)
                where = f"{path}.{key}" if path else key
                if key in found:
                    self.wrong(Problem.DUPLICATE_KEY, where, _("“%(word)s” stands here twice."), word=key)
                found[key] = self.plain(value, where)
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(part, f"{path}[{place}]") for place, part in enumerate(node.value)]
        return _scalar(node)


def parse_rules(path: Path) -> list[RuleVersion]:
    """Return the rules of a file, in its order. Raises ``RuleFileError``."""
    problems = Problems(path.name)
    node = read_nodes(path, problems)
    if node is None:
        raise RuleFileError(problems.errors)
    reading = _Reading(problems)
    told = reading.plain(node, "")
    for key in told.keys() - {"rules"}:
        reading.wrong(Problem.UNKNOWN_KEY, key, _("A file of rules has “rules” and nothing else."))
    entries = told.get("rules")
    if not isinstance(entries, list) or not entries:
        reading.wrong(Problem.WRONG_TYPE, "rules", _("“rules” must be a list of rules."))
        entries = []
    rules = [_rule(entry, f"rules[{place}]", place, reading) for place, entry in enumerate(entries)]
    found = [rule for rule in rules if rule is not None]
    if not problems.errors:
        _check_ties(found, reading)
    if problems.errors:
        raise RuleFileError(problems.errors)
    return found


def _scalar(node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode) or is_null(node):
        return None
    if node.style is None and node.value in ("true", "false"):
        return node.value == "true"
    if node.style is None and re.fullmatch(r"-?[0-9]{1,9}", node.value):
        return int(node.value)
    return node.value


def _rule(entry: Any, path: str, position: int, reading: _Reading) -> RuleVersion | None:
    """Return one rule, or none when something in it is wrong."""
    before = len(reading.problems.errors)
    if not isinstance(entry, dict):
        reading.wrong(Problem.WRONG_TYPE, path, _("A rule is a mapping of keys."))
        return None
    for key in entry.keys() - set(KEYS_OF_A_RULE):
        advice, values = suggest(key, KEYS_OF_A_RULE)
        reading.wrong(Problem.UNKNOWN_KEY, f"{path}.{key}", _("A rule has no “%(word)s”."), advice, word=key, **values)
    for key in NEEDED:
        if entry.get(key) in (None, ""):
            reading.wrong(Problem.MISSING_KEY, path, _("The rule lacks “%(word)s”."), word=key)
    columns: dict[str, Any] = dict(_values(entry, path, reading))
    if len(reading.problems.errors) > before:
        return None
    return RuleVersion(position=position, **columns)


def _values(entry: dict[str, Any], path: str, reading: _Reading) -> Iterator[tuple[str, Any]]:
    for name in ("key", *TIES):
        yield name, _key(entry.get(name) or "", f"{path}.{name}", reading)
    for name, most in TEXTS.items():
        yield name, _text(entry.get(name) or "", f"{path}.{name}", most, reading)
    for name in FLAGS:
        yield name, _flag(entry.get(name, False), f"{path}.{name}", reading)
    yield "url", _url(entry.get("url") or "", f"{path}.url", reading)
    yield "valid_from", _day(entry.get("valid_from"), f"{path}.valid_from", reading)
    yield "title", _words(entry.get("title") or {}, f"{path}.title", reading)
    yield "due", _due(entry.get("due") or {}, f"{path}.due", reading)
    condition = entry.get("condition")
    faults = list(faults_of(condition, f"{path}.condition")) if condition else []
    for fault in faults:
        reading.wrong(fault.problem, fault.path, fault.message, fault.fix, **fault.values)
    if not faults and rests_on_no_answer(condition):
        template = _("The condition holds although nobody has answered anything.")
        reading.wrong(
            Problem.WRONG_VALUE, f"{path}.condition", template, _("Let it ask for an answer, with “all” around both.")
        )
    yield "condition", condition


def _key(told: Any, path: str, reading: _Reading) -> str:
    if told and not (isinstance(told, str) and len(told) <= 60 and A_KEY.fullmatch(told)):
        fix = _("Write small letters, digits and hyphens.")
        reading.wrong(Problem.WRONG_VALUE, path, _("“%(word)s” can't be a key."), fix, word=told)
    return str(told)


def _text(told: Any, path: str, most: int, reading: _Reading) -> str:
    if not isinstance(told, str) or len(told) > most:
        reading.wrong(Problem.WRONG_VALUE, path, _("Write a text of at most %(most)s characters."), most=most)
    return str(told)


def _flag(told: Any, path: str, reading: _Reading) -> bool:
    if not isinstance(told, bool):
        reading.wrong(Problem.WRONG_TYPE, path, _("Write true or false."))
    return told is True


def _url(told: Any, path: str, reading: _Reading) -> str:
    try:
        if told:
            URLValidator(schemes=["https"])(told)
    except ValidationError:
        reading.wrong(Problem.WRONG_VALUE, path, _("Write an address that begins with https://."))
    return str(told)


def _day(told: Any, path: str, reading: _Reading) -> date:
    if told is None:
        return ALWAYS
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        reading.wrong(Problem.WRONG_VALUE, path, _("“%(word)s” is no date. Write it as 2026-11-26."), word=told)
        return ALWAYS


def _words(told: Any, path: str, reading: _Reading) -> dict[str, str]:
    if not isinstance(told, dict) or any(not isinstance(told.get(language), str) for language in LANGUAGES):
        reading.wrong(Problem.WRONG_TYPE, path, _("Write the words in Swedish (sv) and in English (en)."))
        return {}
    return {language: told[language] for language in LANGUAGES}


def _due(told: Any, path: str, reading: _Reading) -> dict[str, Any]:
    """``hours``, or ``months`` after another rule is done; either is a whole number above nought."""
    units = [unit for unit in MOST if isinstance(told, dict) and unit in told]
    if len(units) != 1 or told.keys() - {"hours", "months", "after", "words"}:
        fix = _("Write hours, or months and after, and what the law says as words.")
        reading.wrong(Problem.WRONG_TYPE, path, _("It is not said by when."), fix)
        return {}
    unit = units[0]
    if type(told[unit]) is not int or not 0 < told[unit] <= MOST[unit]:
        fix = _("Write a whole number from 1 to %(most)s.")
        reading.wrong(
            Problem.WRONG_VALUE, f"{path}.{unit}", _("“%(word)s” is no such number."), fix, word=told[unit],
            most=MOST[unit],
        )  # fmt: skip
    due = {unit: told[unit]}
    if "after" in told:
        due["after"] = _key(told["after"], f"{path}.after", reading)
    if "words" in told:
        due["words"] = _words(told["words"], f"{path}.words", reading)
    return due


def _check_ties(rules: list[RuleVersion], reading: _Reading) -> None:
    """No rule twice from the same day, and every rule that another leans on is there and leans on none itself."""
    seen: set[tuple[str, date]] = set()
    keys = {rule.key for rule in rules}
    leaning = {rule.key for rule in rules if rule.decided_with}
    for rule in rules:
        path = f"rules[{rule.position}]"
        if (rule.key, rule.valid_from) in seen:
            reading.wrong(Problem.DUPLICATE_ENTRY, path, _("The rule stands here twice from the same day."))
        seen.add((rule.key, rule.valid_from))
        for name, told in (("decided_with", rule.decided_with), ("due.after", rule.due.get("after", ""))):
            if told and (told not in keys or told == rule.key or (name == "decided_with" and told in leaning)):
                advice, values = suggest(told, sorted(keys - {rule.key}))
                template = _("“%(word)s” is no rule that this one can lean on.")
                reading.wrong(Problem.UNKNOWN_REFERENCE, f"{path}.{name}", template, advice, word=told, **values)
