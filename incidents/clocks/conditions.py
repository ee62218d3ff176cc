"""The language of a rule's condition: what it may say, and whether it holds for the answers of a case.

``{"all": […]}``, ``{"any": […]}``, ``{"not": {…}}``, ``{"eq": {key: value}}``, ``{"in": {key: [values]}}`` and
``{"gte": {key: number}}``, over the keys of ``incidents/clocks/keys``. An answer that is missing makes a statement
neither true nor false, also through ``not``: no duty begins because nobody answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.clocks.keys import KEYS, UNSAID, Key
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.problems import suggest

# Computed from the kind of event where nothing was answered; alone it is no answer.
FROM_THE_KIND = "affects_persons"

OPERATORS = ("all", "any", "not", "eq", "in", "gte")
DEEPEST = 8

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a condition, and where: ``path`` as in ``condition.all[0].eq``."""

    problem: Problem
    path: str
    message: Any
    fix: Any = ""
    values: Mapping[str, object] = field(default_factory=dict)


def faults_of(condition: Any, path: str = "condition", depth: int = 0) -> Iterator[Fault]:
    """Yield everything that is wrong with a condition; nothing when it can be used."""
    if depth >= DEEPEST:
        yield Fault(Problem.WRONG_VALUE, path, _("The conditions are nested too deeply."))
    elif not isinstance(condition, dict) or len(condition) != 1:
        advice, values = suggest("", OPERATORS)
        yield Fault(Problem.WRONG_TYPE, path, _("A condition is one word with what it is about."), advice, values)
    else:
        ((operator, told),) = condition.items()
        yield from _faults_within(str(operator), told, f"{path}.{operator}", depth)


def _faults_within(operator: str, told: Any, path: str, depth: int) -> Iterator[Fault]:
    if operator in ("all", "any"):
        if not isinstance(told, list) or not told:
            yield Fault(Problem.WRONG_TYPE, path, _("Write a list of conditions."))
            return
        for place, part in enumerate(told):
            yield from faults_of(part, f"{path}[{place}]", depth + 1)
    elif operator == "not":
        yield from faults_of(told, path, depth + 1)
    elif operator in OPERATORS:
        yield from _faults_of_statement(operator, told, path)
    else:
        advice, values = suggest(operator, OPERATORS)
        template = _("“%(word)s” is no condition.")
        yield Fault(Problem.UNKNOWN_KEY, path, template, advice, {"word": operator, **values})


def _faults_of_statement(operator: str, told: Any, path: str) -> Iterator[Fault]:
    if not isinstance(told, dict) or len(told) != 1:
        yield Fault(Problem.WRONG_TYPE, path, _("Write one key and its value."))
        return
    ((name, value),) = told.items()
    key = KEYS.get(str(name))
    where = f"{path}.{name}"
    if key is None:
        advice, values = suggest(str(name), KEYS)
        template = _("No question has the key “%(word)s”.")
        yield Fault(Problem.UNKNOWN_KEY, where, template, advice, {"word": str(name), **values})
    elif operator == "in" and (not isinstance(value, list) or not value):
        yield Fault(Problem.WRONG_TYPE, where, _("Write a list of values."))
    elif operator == "gte" and key.type is not int:
        yield Fault(Problem.WRONG_TYPE, where, _("Only a number can be at least another."))
    else:
        for one in value if operator == "in" else [value]:
            yield from _faults_of_value(key, one, where)


def _faults_of_value(key: Key, value: Any, path: str) -> Iterator[Fault]:
    shown = {"word": value}
    if type(value) is not key.type:
        kinds = {bool: _("Write true or false."), int: _("Write a whole number."), str: _("Write one of the choices.")}
        yield Fault(Problem.WRONG_TYPE, path, _("“%(word)s” can't be an answer here."), kinds[key.type], shown)
    elif key.choices and value not in key.choices:
        advice, values = suggest(str(value), sorted(key.choices))
        template = _("“%(word)s” can't be an answer here.")
        yield Fault(Problem.WRONG_VALUE, path, template, advice, {**shown, **values})


def holds(condition: Any, facts: Facts) -> bool:
    """Tell whether the condition holds for the answers; never raises, and what is not answered is not so."""
    return verdict(condition, facts) is True


def answers_something(facts: Facts) -> bool:
    """Tell whether anything was answered, so that a condition can hold: see ``rests_on_no_answer``."""
    return any(answer not in (None, "") for name, answer in facts.items() if name != FROM_THE_KIND)


def rests_on_no_answer(condition: Any) -> bool:
    """Tell whether the condition can hold although the reporter answered nothing, by the kind of event alone."""
    return any(holds(condition, {FROM_THE_KIND: value}) for value in (True, False))


def verdict(condition: Any, facts: Facts) -> bool | None:
    """Return whether the condition holds; none when that hangs on answers that are missing."""
    operator, told = _taken_apart(condition)
    if operator in ("all", "any"):
        parts = [verdict(part, facts) for part in told] if isinstance(told, list) else []
        return _together(parts, decisive=operator == "any")
    if operator == "not":
        inner = verdict(told, facts)
        return None if inner is None else not inner
    name, wanted = _taken_apart(told)
    return _statement(operator, facts.get(name), wanted)


def missing(condition: Any, facts: Facts) -> set[str]:
    """Return the keys whose answers decide, when the verdict hangs on them; empty when it doesn't."""
    if verdict(condition, facts) is not None:
        return set()
    operator, told = _taken_apart(condition)
    if operator in ("all", "any"):
        return set().union(*(missing(part, facts) for part in told)) if isinstance(told, list) else set()
    if operator == "not":
        return missing(told, facts)
    name, _wanted = _taken_apart(told)
    return {name} & KEYS.keys()


def keys_in(condition: Any) -> set[str]:
    """Return the keys that the condition asks about."""
    operator, told = _taken_apart(condition)
    if operator in ("all", "any"):
        return set().union(*(keys_in(part) for part in told)) if isinstance(told, list) else set()
    if operator == "not":
        return keys_in(told)
    return {_taken_apart(told)[0]} & KEYS.keys()


def _taken_apart(told: Any) -> tuple[str, Any]:
    """Return the one word of a mapping and what stands under it; an empty word where there is none."""
    if isinstance(told, dict) and len(told) == 1:
        ((name, value),) = told.items()
        return str(name), value
    return "", None


def _together(parts: list[bool | None], *, decisive: bool) -> bool | None:
    """One ``decisive`` part decides; else one that is unknown leaves all unknown."""
    if decisive in parts:
        return decisive
    return None if not parts or None in parts else not decisive


def _statement(operator: str, answer: Any, wanted: Any) -> bool | None:
    if answer is None or answer == "":
        return None
    values = wanted if operator == "in" and isinstance(wanted, list) else [wanted]
    # "Don't know" is no answer, unless the rule names it.
    if answer == UNSAID and UNSAID not in values:
        return None
    if operator in ("eq", "in"):
        return any(same_answer(one, answer) for one in values)
    if operator == "gte" and type(answer) is int and type(wanted) is int:
        return answer >= wanted
    return None


def same_answer(one: Any, other: Any) -> bool:
    """Tell whether two answers are the same: yes is not 1, and a choice is the word that it is kept as."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
