"""The whole file, and what staff meet when they report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from organisation.municipality_file.errors import FileError
from organisation.municipality_file.nouns.base import UNSAID, Between, Entry, Key, LongText, Pattern, Sourced
from organisation.municipality_file.nouns.bodies import Body, ReadingDuty, Responsibility, SeatType
from organisation.municipality_file.nouns.documents import Document
from organisation.municipality_file.nouns.municipality import Municipality, Ruleset
from organisation.municipality_file.nouns.scales import Scale
from organisation.municipality_file.nouns.vocabulary import Area, Dimension, Goal, Law, ProtectedValue, Words

Url = Annotated[str, Pattern(r"https://\S+", "https://www.example.se/visselblasning")]


@dataclass(frozen=True, kw_only=True)
class SupportContact(Entry):
    """Somewhere to turn after an event: crisis support, occupational health, the duty officer."""

    key: Key
    title: str
    phone: str = ""
    email: str = ""
    url: str = ""
    hours: str = ""
    text: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Reporting(Entry):
    """What the municipality promises whoever reports, and where it points them."""

    promise_days: Sourced[Annotated[int, Between(1, 90)] | None] = UNSAID
    whistleblowing_url: Sourced[Url | None] = UNSAID
    support_contacts: tuple[SupportContact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MunicipalityFile(Entry):
    """One municipality's configuration, read and checked.

    `warnings` holds what looks odd but is allowed; it is filled by the reader and has no key in the file.
    """

    schema: Annotated[int, Between(1, 1)] = 1
    municipality: Municipality
    rulesets: tuple[Ruleset, ...] = ()
    words: Words = Words()
    bodies: tuple[Body, ...]
    seat_types: tuple[SeatType, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    areas: tuple[Area, ...] = ()
    protected_values: tuple[ProtectedValue, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    goals: tuple[Goal, ...] = ()
    laws: tuple[Law, ...] = ()
    scales: tuple[Scale, ...] = ()
    documents: tuple[Document, ...] = ()
    reading_duties: tuple[ReadingDuty, ...] = ()
    reporting: Reporting = Reporting()
    warnings: tuple[FileError, ...] = field(default=(), compare=False)

    def ruleset_on(self, day: dt.date) -> Ruleset | None:
        """The rules in force on the day, if any."""
        return next((ruleset for ruleset in self.rulesets if ruleset.holds_on(day)), None)
