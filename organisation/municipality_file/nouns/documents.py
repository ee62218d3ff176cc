"""Governing documents (styrdokument): their versions, decisions, reviews and clauses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from organisation.municipality_file.kinds import ClauseKind, DocumentKind, Strength
from organisation.municipality_file.nouns.base import Actor, AtMost, Between, Dated, Entry, Key, LongText, Ref
from organisation.municipality_file.nouns.municipality import Review


@dataclass(frozen=True, kw_only=True)
class DecisionNote(Entry):
    """A decision as the document states it; section and registry number are text as typed.

    `body_text` names one who decided and is not in the file, such as a committee closed long ago.
    """

    body: Actor | None = None
    body_text: str = ""
    date: dt.date | None = None
    section: str = ""
    dnr: str = ""


@dataclass(frozen=True, kw_only=True)
class Replaces(Entry):
    """What a version replaces: a document of this file by its key, or one that is only known by name."""

    shorthand: ClassVar[str | None] = "text"

    text: LongText = ""
    document: Annotated[str, Ref("documents")] | None = None
    decision: DecisionNote | None = None


@dataclass(frozen=True, kw_only=True)
class Clause(Entry):
    """What a version says, in the file's own words; never a sentence of the source."""

    key: Key
    kind: ClauseKind
    text: LongText
    strength: Strength = Strength.SHALL
    applies_to: tuple[Actor, ...] = ()
    areas: tuple[Annotated[str, Ref("areas")], ...] = ()
    every_months: Annotated[int, Between(1, 120)] | None = None


@dataclass(frozen=True, kw_only=True)
class Version(Dated):
    """A version of a document, in force in [from, to); an unknown start is left out."""

    unique_by: ClassVar[tuple[str, ...]] = ("version",)

    version: str = "1"
    decision: DecisionNote | None = None
    replaces: tuple[Replaces, ...] = ()
    reviews: tuple[DecisionNote, ...] = ()
    updated: dt.date | None = None
    publisher: Actor | None = None
    clauses: tuple[Clause, ...] = ()
    note: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Document(Entry):
    """A governing document; `parent` is the one it is built on."""

    key: Key
    kind: DocumentKind
    title: Annotated[str, AtMost(300)]
    parent: Annotated[str, Ref("documents")] | None = None
    owner: Actor | None = None
    owner_text: str = ""
    applies_to: tuple[Actor, ...] = ()
    applies_to_text: LongText = ""
    review: Review | None = None
    versions: tuple[Version, ...] = ()
