"""The words that a municipality sorts, weighs and measures its safety work by; and the laws it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from organisation.municipality_file.kinds import DocumentKind, Trend
from organisation.municipality_file.nouns.base import Actor, AtMost, Between, Dated, Entry, Key, LongText, Pattern, Ref
from organisation.municipality_file.nouns.municipality import Review

Sfs = Annotated[str, Pattern(r"\d{4}:\d{1,4}", '"2006:544"')]


@dataclass(frozen=True, kw_only=True)
class Word(Entry):
    """The municipality's own word for something, in singular and plural."""

    one: str
    many: str


@dataclass(frozen=True, kw_only=True)
class Words(Entry):
    """The municipality's own words; the portal's ordinary word is used where one is left out."""

    area: Word | None = None
    department: Word | None = None
    unit: Word | None = None


@dataclass(frozen=True, kw_only=True)
class Area(Dated):
    """An area (focus area) that measures and follow-up are sorted by; a municipality may have none."""

    key: Key
    name: str
    text: LongText = ""


@dataclass(frozen=True, kw_only=True)
class ProtectedValue(Dated):
    """Something that is worth protecting."""

    key: Key
    name: str
    text: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Dimension(Dated):
    """A dimension that consequences are judged on; `persons` marks the one about people."""

    key: Key
    name: str
    persons: bool = False
    text: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Indicator(Entry):
    """What shows whether a goal is reached."""

    shorthand: ClassVar[str | None] = "text"

    text: LongText
    unit: str = ""
    trend: Trend | None = None
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Goal(Dated):
    """A goal in the file's own words."""

    key: Key
    text: LongText
    document: Annotated[str, Ref("documents")] | None = None
    area: Annotated[str, Ref("areas")] | None = None
    taken_from: str = ""
    indicator: Indicator | None = None


@dataclass(frozen=True, kw_only=True)
class Obligation(Entry):
    """What a law demands, of whom and how often."""

    key: Key
    text: LongText
    document_kind: DocumentKind | None = None
    of: Actor | None = None
    every: Review = Review()


@dataclass(frozen=True, kw_only=True)
class Law(Dated):
    """A law that the safety work stands on; [from, to) are the dates it is in force."""

    key: Key
    sfs: Sfs
    title: Annotated[str, AtMost(300)]
    short: str = ""
    replaced_by: Sfs | None = None
    obligations: tuple[Obligation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LevelMeaning(Entry):
    """What a level of consequence means on one dimension: what it is to people, what it is to the economy."""

    dimension: Annotated[str, Ref("dimensions")]
    text: LongText


@dataclass(frozen=True, kw_only=True)
class Level(Entry):
    """One level of a scale; `text` says what it means, `by_dimension` what it means on each dimension."""

    shorthand: ClassVar[str | None] = "word"

    word: str
    text: LongText = ""
    by_dimension: tuple[LevelMeaning, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Band(Entry):
    """A band of risk levels; `severity` 1–4 decides its look and order, the word is the municipality's."""

    key: Key
    word: Annotated[str, AtMost(40)]
    severity: Annotated[int, Between(1, 4)]
