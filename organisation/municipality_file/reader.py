"""Reads YAML nodes into the typed nouns: the dataclasses are the schema, and this is the one place that applies it.

Everything wrong is collected and reading goes on: a broken value of an optional key leaves the key's default, a
broken value of a required key leaves its entry out, so that one mistake hides no other.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import yaml
from django.utils.translation import gettext_lazy as _

from organisation.municipality_file import scalars
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.kinds import ActorKind, BodyKind
from organisation.municipality_file.nouns.base import Actor, Dated, Entry, Place, Ref
from organisation.municipality_file.problems import Problems, suggest
from organisation.municipality_file.yaml_nodes import expand, is_null, line_of, value_of

NOT_IN_FILE = ("at", "warnings")
INVALID: Any = object()  # stands for a value that could not be read; its error is already reported


@dataclasses.dataclass(frozen=True)
class KeyRule:
    """What a class says about one key of its entries."""

    field: str
    hint: Any
    required: bool


def schema_of(cls: type[Entry]) -> dict[str, KeyRule]:
    """The keys that entries of a class have in the file, in the order of the class."""
    hints = get_type_hints(cls, include_extras=True)
    rules = {}
    for field in dataclasses.fields(cls):
        if field.name not in NOT_IN_FILE:
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            rules[field.metadata.get("key", field.name)] = KeyRule(field.name, hints[field.name], required)
    return rules


def optional_part(hint: Any) -> Any:
    """The type beside None in `T | None`; None for any other type."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return None


class Reader:
    """Reads one file; `known` holds the keys that references may name, by section."""

    def __init__(self, top: yaml.MappingNode, problems: Problems) -> None:
        self.top = top
        self.problems = problems
        self._schemas: dict[type[Entry], dict[str, KeyRule]] = {}
        self.known = {
            name: self._keys_in(name) for name in ("bodies", "seat_types", "areas", "dimensions", "documents")
        }

    def _keys_in(self, section: str) -> dict[str, None]:
        nodes = (value_of(entry, "key") for entry in expand(value_of(self.top, section)))
        return {node.value: None for node in nodes if isinstance(node, yaml.ScalarNode)}

    def _schema(self, cls: type[Entry]) -> dict[str, KeyRule]:
        if cls not in self._schemas:
            self._schemas[cls] = schema_of(cls)
        return self._schemas[cls]

    def entry(self, cls: type[Entry], node: yaml.Node, path: str, inherited: bool, value_hint: Any = None) -> Any:
        """One entry; INVALID when something it can't be without is missing or broken.

        `inherited` is the enclosing entry's `from_document`; `value_hint` the type of a `Sourced` value.
        """
        if isinstance(node, yaml.ScalarNode) and cls.shorthand:
            rule = self._schema(cls)[cls.shorthand]
            value = self.value(value_hint or rule.hint, node, path, inherited)
            fields = {rule.field: value, "at": Place(self.problems.file, line_of(node), path)}
            return INVALID if value is INVALID else cls(from_document=inherited, **fields)
        if not isinstance(node, yaml.MappingNode):
            template = _("An entry with keys was expected here.")
            self.problems.error(Problem.WRONG_TYPE, line_of(node), path, template, _("Write “key: value” lines."))
            return INVALID
        values = self.fields(cls, node, path, inherited, value_hint)
        if any(rule.required and rule.field not in values for rule in self._schema(cls).values()):
            return INVALID
        made = cls(**values)
        if isinstance(made, Dated):
            self._check_dates(made)
        return made

    def fields(
        self, cls: type[Entry], node: yaml.MappingNode, path: str, inherited: bool = True, value_hint: Any = None
    ) -> dict[str, Any]:
        """The fields of an entry that could be read; what is wrong with the others is reported."""
        rules = self._schema(cls)
        written = self._written(node, rules, path)
        origin = written.get("from_document")
        if origin is not None and isinstance(origin, yaml.ScalarNode) and origin.value in ("true", "false"):
            inherited = origin.value == "true"
        values: dict[str, Any] = {"from_document": inherited}
        for key, rule in rules.items():
            here = f"{path}.{key}" if path else key
            hint = value_hint if rule.field == "value" and value_hint else rule.hint
            value_node = written.get(key)
            if value_node is not None and not is_null(value_node):
                value = self.value(hint, value_node, here, inherited)
                if value is not INVALID:
                    values[rule.field] = value
            elif rule.required and value_node is not None and optional_part(hint):
                values[rule.field] = None
            elif rule.required:
                template = _("“%(key)s” is missing.")
                line = line_of(value_node or node)
                self.problems.error(Problem.MISSING_KEY, line, here, template, _("Write it here."), key=key)
        lines = {name.value: line_of(name) for name, _node in node.value if isinstance(name, yaml.ScalarNode)}
        values["at"] = Place(self.problems.file, line_of(node), path, types.MappingProxyType(lines))
        return values

    def _written(self, node: yaml.MappingNode, rules: dict[str, KeyRule], path: str) -> dict[str, yaml.Node]:
        written: dict[str, yaml.Node] = {}
        for name, value in node.value:
            key = name.value if isinstance(name, yaml.ScalarNode) else "?"
            here = f"{path}.{key}" if path else key
            if key in written:
                template = _("“%(key)s” is written twice in the same entry.")
                fix = _("Keep one of them.")
                self.problems.error(Problem.DUPLICATE_KEY, line_of(name), here, template, fix, key=key)
            elif key not in rules:
                fix, values = suggest(key, rules)
                if is_null(value) and " " in key:
                    fix = _("It looks like the end of a text with a comma in it: put that text in quotation marks.")
                template = _("“%(key)s” is not a key known here.")
                self.problems.error(Problem.UNKNOWN_KEY, line_of(name), here, template, fix, key=key, **values)
            else:
                written[key] = value
        return written

    def value(self, hint: Any, node: yaml.Node, path: str, inherited: bool) -> Any:
        """A value of the type that the schema gives; INVALID, with the error reported, when it isn't one."""
        marks: tuple[Any, ...] = ()
        if optional_part(hint):
            if is_null(node):
                return None
            hint = optional_part(hint)
        if get_origin(hint) is Annotated:
            hint, *found = get_args(hint)
            marks = tuple(found)
        if get_origin(hint) is tuple:
            return self.list_of(get_args(hint)[0], node, path, inherited)
        cls, value_hint = get_origin(hint) or hint, (get_args(hint) or (None,))[0]
        if issubclass(cls, Entry):
            return self.entry(cls, node, path, inherited, value_hint)
        return self.single(cls, marks, node, path)

    def single(self, cls: type, marks: tuple[Any, ...], node: yaml.Node, path: str) -> Any:
        """A single value: text, number, date, word, actor."""
        line = line_of(node)
        if not isinstance(node, yaml.ScalarNode):
            template = _("A single value was expected here, not a list or an entry with keys.")
            self.problems.error(Problem.WRONG_TYPE, line, path, template)
            return INVALID
        try:
            if cls is str:
                return self._reference(scalars.read_text(node.value, marks), marks, line, path)
            if cls is Actor:
                return self._actor(scalars.read_text(node.value, marks), line, path)
            if cls is bool:
                return scalars.read_bool(node.value)
            if cls is int:
                return scalars.read_int(node.value, marks)
            if cls is dt.date:
                return scalars.read_date(node.value)
            if issubclass(cls, StrEnum):
                return scalars.read_word(node.value, cls)
        except scalars.BadValueError as bad:
            self.problems.error(Problem.WRONG_VALUE, line, path, bad.template, bad.fix, **bad.values)
            return INVALID
        raise TypeError(f"the schema has a type that can't be read: {cls}")

    def _reference(self, text: str, marks: tuple[Any, ...], line: int, path: str) -> Any:
        section = next((mark.section for mark in marks if isinstance(mark, Ref)), None)
        if section is None or text in self.known[section]:
            return text
        fix, values = suggest(text, self.known[section])
        template = _("There is no “%(word)s” among the file's %(section)s.")
        self.problems.error(Problem.UNKNOWN_REFERENCE, line, path, template, fix, word=text, section=section, **values)
        return INVALID

    def _actor(self, word: str, line: int, path: str) -> Any:
        if word in self.known["bodies"]:
            return Actor(ActorKind.BODY, word)
        if word in self.known["seat_types"]:
            return Actor(ActorKind.SEAT_TYPE, word)
        kinds = [str(kind) for kind in BodyKind]
        if word in kinds:
            return Actor(ActorKind.BODY_KIND, word)
        fix, values = suggest(word, [*kinds, *self.known["seat_types"], *self.known["bodies"]])
        template = _("“%(word)s” is neither a kind of body, nor the key of a body or of a seat type.")
        self.problems.error(Problem.UNKNOWN_REFERENCE, line, path, template, fix, word=word, **values)
        return INVALID

    def list_of(self, hint: Any, node: yaml.Node, path: str, inherited: bool) -> Any:
        """A list; a single text stands for a list of one, and groups are opened."""
        cls = get_origin(hint) or hint
        of_entries = isinstance(cls, type) and issubclass(cls, Entry)
        if isinstance(node, yaml.MappingNode) and not (of_entries and value_of(node, "items") is not None):
            template = _("A list was expected here.")
            self.problems.error(Problem.WRONG_TYPE, line_of(node), path, template, _("Begin each entry with “- ”."))
            return INVALID
        nodes = expand(node, cls.shorthand) if of_entries else getattr(node, "value", [])
        if isinstance(node, yaml.ScalarNode):
            nodes = [node]
        paths = [f"{path}[{self._name_of(item, number)}]" for number, item in enumerate(nodes, start=1)]
        made = [self.value(hint, item, here, inherited) for item, here in zip(nodes, paths, strict=True)]
        if of_entries:
            self._check_unique(cls, [entry for entry in made if entry is not INVALID])
        return tuple(entry for entry in made if entry is not INVALID)

    @staticmethod
    def _name_of(node: yaml.Node, number: int) -> str:
        key = value_of(node, "key")
        return key.value if isinstance(key, yaml.ScalarNode) and key.value else str(number)

    def _check_unique(self, cls: type[Entry], entries: list[Entry]) -> None:
        if not set(cls.unique_by) <= {rule.field for rule in self._schema(cls).values()}:
            return
        first: dict[tuple[Any, ...], Entry] = {}
        for entry in entries:
            name = tuple(getattr(entry, field) for field in cls.unique_by)
            if name in first:
                template = _("“%(name)s” is already the name of the entry on line %(other)s.")
                self.problems.error_at(
                    Problem.DUPLICATE_ENTRY,
                    entry.at,
                    cls.unique_by[-1],
                    template,
                    _("Give each entry its own."),
                    name=" ".join(str(part) for part in name),
                    other=first[name].at.line,
                )
            first.setdefault(name, entry)

    def _check_dates(self, entry: Dated) -> None:
        if entry.valid_from and entry.valid_to and entry.valid_to <= entry.valid_from:
            template = _("The period ends (%(to)s) before it has begun (%(from)s).")
            fix = _("“to” is the first day on which it no longer holds, and must be later than “from”.")
            values = {"from": entry.valid_from, "to": entry.valid_to}
            self.problems.error_at(Problem.DATES_REVERSED, entry.at, "to", template, fix, **values)
