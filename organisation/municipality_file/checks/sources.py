"""What the file adds by itself cites no source, and what it cites is not its own addition."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.nouns import Entry
from organisation.municipality_file.problems import Problems


def entries_in(value: Any) -> Iterator[Entry]:
    """Every entry in a value, the outer ones first."""
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from entries_in(part)
    elif isinstance(value, Entry):
        yield value
        for field in dataclasses.fields(value):
            if field.name not in ("at", "source", "warnings"):
                yield from entries_in(getattr(value, field.name))


def check_sources(sections: dict[str, Any], problems: Problems) -> None:
    """Warn of entries that cite a source and say that they are not from the document."""
    for entry in entries_in(list(sections.values())):
        if entry.source and not entry.from_document:
            template = _("The entry cites %(source)s, but says that it is not from the document.")
            fix = _("Write “from_document: true” on it, or leave the source out.")
            problems.warn_at(entry.at, "source", template, fix, source=", ".join(entry.source))
