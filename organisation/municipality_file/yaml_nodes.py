"""Reads YAML into nodes with line numbers, and refuses what a configuration has no use for.

The nodes are never turned into Python objects by the YAML library: a scalar stays the text that was typed, so
that § 1.10 is not 1.1, the code 0123 is not 83 and "no" is not False. Aliases are refused (they can expand a
small file without end), and so are tags, several documents in one file, deep nesting and large files.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy as _
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader as CharacterReader
from yaml.resolver import Resolver
from yaml.scanner import Scanner

from organisation.municipality_file.errors import Problem
from organisation.municipality_file.problems import Problems

LARGEST_FILE = 2_000_000  # bytes; five thousand bodies take about a fifth
DEEPEST_NESTING = 20
NULLS = ("", "~", "null", "Null", "NULL")


class ForbiddenYamlError(Exception):
    """YAML that is valid but has no place in a municipality file; `reason` is a key of `FORBIDDEN`."""

    def __init__(self, reason: str, event: yaml.Event) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = event.start_mark.line + 1 if event.start_mark else 1


class NodeComposer(CharacterReader, Scanner, Parser, Composer, Resolver):
    """Composes nodes only; refuses aliases, anchors, tags and deep nesting while it reads."""

    def __init__(self, text: str) -> None:
        CharacterReader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        Resolver.__init__(self)
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node, unless it is something that the format does not use."""
        event: yaml.Event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ForbiddenYamlError("alias", event)
        if getattr(event, "tag", None):
            raise ForbiddenYamlError("tag", event)
        if self.depth >= DEEPEST_NESTING:
            raise ForbiddenYamlError("depth", event)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


FORBIDDEN = {
    "alias": (
        _("Anchors and aliases (& and *) are not allowed."),
        _("Write the value out, or give a group of entries its common values beside “items”."),
    ),
    "tag": (_("Tags (!) are not allowed."), _("Put the text in quotation marks if it begins with “!”.")),
    "depth": (_("The entries are nested too deeply."), _("Look for a bracket or an indentation too many.")),
}


def read_nodes(path: Path, problems: Problems) -> yaml.MappingNode | None:
    """The file's top mapping; None, with the reason among the problems, when there is none to be had."""
    text = _read_text(path, problems)
    if text is None:
        return None
    try:
        node = NodeComposer(text).get_single_node()
    except ForbiddenYamlError as error:
        template, fix = FORBIDDEN[error.reason]
        problems.error(Problem.FORBIDDEN_YAML, error.line, "", template, fix)
        return None
    except yaml.MarkedYAMLError as error:
        fix = _("Check the indentation, and put texts that contain “: ” or begin with a sign in quotation marks.")
        problems.error(
            Problem.NOT_YAML, _line(error), "", _("This is not YAML: %(reason)s."), fix, reason=error.problem or error
        )
        return None
    except yaml.YAMLError as error:
        problems.error(Problem.NOT_YAML, 1, "", _("This is not YAML: %(reason)s."), reason=str(error).splitlines()[0])
        return None
    if not isinstance(node, yaml.MappingNode):
        template = _("The file must hold keys at its top level, not a list, a single text or nothing.")
        problems.error(Problem.WRONG_TYPE, 1, "", template, _("Begin with “municipality:”."))
        return None
    return node


def _read_text(path: Path, problems: Problems) -> str | None:
    try:
        if path.stat().st_size > LARGEST_FILE:
            template = _("The file is larger than %(limit)s bytes.")
            problems.error(Problem.TOO_LARGE, 1, "", template, limit=LARGEST_FILE)
            return None
        raw = path.read_bytes()
    except OSError as error:
        template = _("The file can't be read: %(reason)s.")
        problems.error(Problem.UNREADABLE, 1, "", template, reason=error.strerror or error)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.error(Problem.UNREADABLE, line, "", _("The file is not UTF-8 text."), _("Save it again as UTF-8."))
        return None


def _line(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def line_of(node: yaml.Node) -> int:
    """The line of a node, counted from 1."""
    line: int = node.start_mark.line
    return line + 1


def is_null(node: yaml.Node) -> bool:
    """Whether the value is left empty; a quoted "null" is a text."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in NULLS


def value_of(node: yaml.Node, key: str) -> yaml.Node | None:
    """The value of a key in a mapping, if the node is a mapping that has it."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def expand(node: yaml.Node | None, shorthand: str | None = None) -> list[yaml.Node]:
    """The entries of a list, with groups opened.

    A group is a mapping with `items`; its other keys are the defaults of every item. An item that is written
    as its `shorthand` value becomes a mapping when it has defaults to take.
    """
    if node is None:
        return []
    items = value_of(node, "items")
    if items is not None:
        defaults = [(name, value) for name, value in node.value if name.value != "items"]
        return [_with_defaults(item, defaults, shorthand) for item in expand(items, shorthand)]
    if isinstance(node, yaml.SequenceNode):
        return [entry for item in node.value for entry in _open(item, shorthand)]
    return [node]


def _open(item: yaml.Node, shorthand: str | None) -> list[yaml.Node]:
    return expand(item, shorthand) if value_of(item, "items") is not None else [item]


def _with_defaults(item: yaml.Node, defaults: list[tuple[yaml.Node, yaml.Node]], shorthand: str | None) -> yaml.Node:
    own: list[tuple[yaml.Node, yaml.Node]]
    if isinstance(item, yaml.MappingNode):
        own = item.value
    elif isinstance(item, yaml.ScalarNode) and shorthand and not is_null(item):
        own = [(yaml.ScalarNode("tag:yaml.org,2002:str", shorthand, item.start_mark, item.end_mark), item)]
    else:
        return item
    written = {name.value for name, _value in own if isinstance(name, yaml.ScalarNode)}
    inherited = [(name, value) for name, value in defaults if name.value not in written]
    return yaml.MappingNode(item.tag, own + inherited, item.start_mark, item.end_mark)
