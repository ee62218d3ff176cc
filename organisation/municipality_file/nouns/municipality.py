"""Who the municipality is, when it votes, and which rules hold in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from organisation.municipality_file.kinds import (
    ArchiveBylaw,
    EscalationChannel,
    EscalationSeat,
    FollowupAnchor,
    PersonsRank,
    ReviewRule,
)
from organisation.municipality_file.nouns.base import (
    UNSAID,
    Actor,
    Between,
    Dated,
    Entry,
    Key,
    LongText,
    Name,
    Pattern,
    Sourced,
)


@dataclass(frozen=True, kw_only=True)
class Election(Entry):
    """When the council is elected (R31): `last` is any known election day, the others follow from the cycle."""

    every_years: Annotated[int, Between(1, 10)] = 4
    last: dt.date

    def first_year_of_term(self, on: dt.date) -> int:
        """The first whole year of the term that is running on the day: the year after its election."""
        election_year = self.last.year + (on.year - self.last.year) // self.every_years * self.every_years
        if on.year == election_year:  # the new term's first whole year is still to come
            election_year -= self.every_years
        return election_year + 1


@dataclass(frozen=True, kw_only=True)
class SourceDocument(Entry):
    """A document that the file was written from."""

    shorthand: ClassVar[str | None] = "title"

    title: str
    dnr: str = ""
    date: dt.date | None = None
    url: str = ""
    note: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Municipality(Entry):
    """The municipality itself."""

    key: Key
    name: Name
    legal_name: Name = ""
    code: Annotated[str, Pattern(r"\d{4}", "0586")]
    colour: Annotated[str, Pattern(r"#[0-9a-fA-F]{6}", '"#005293"')] = ""
    election: Election
    source_documents: tuple[SourceDocument, ...] = ()
    note: LongText = ""


@dataclass(frozen=True, kw_only=True)
class Adopts(Entry):
    """Who adopts what; None where the document doesn't say."""

    policy: Sourced[Actor | None] = UNSAID
    guidelines: Sourced[Actor | None] = UNSAID
    supplements: Sourced[Actor | None] = UNSAID
    programmes: Sourced[Actor | None] = UNSAID
    plans: Sourced[Actor | None] = UNSAID
    instructions: Sourced[Actor | None] = UNSAID
    action_plans: Sourced[Actor | None] = UNSAID
    financial_frames: Sourced[Actor | None] = UNSAID


@dataclass(frozen=True, kw_only=True)
class Review(Entry):
    """When a governing document is reviewed."""

    shorthand: ClassVar[str | None] = "rule"

    rule: ReviewRule = ReviewRule.UNSAID
    years: Annotated[int, Between(1, 20)] | None = None
    date: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class EscalationStep(Entry):
    """One step of the chain that an escalated case is put to: whom, how, and how long the answer may take."""

    unique_by: ClassVar[tuple[str, ...]] = ("seat", "channel")

    seat: EscalationSeat
    channel: EscalationChannel = EscalationChannel.MAIL
    minutes: Annotated[int, Between(1, 1440)] = 15


@dataclass(frozen=True, kw_only=True)
class Ruleset(Dated):
    """The rules that hold in the municipality in [from, to), where municipalities differ."""

    adopts: Adopts = Adopts()
    overall_responsibility: Sourced[Actor | None] = UNSAID
    supplements_notified_to: Sourced[Actor | None] = UNSAID
    persons_rank: Sourced[PersonsRank | None] = UNSAID
    review: Review = Review()
    followup_anchor: Sourced[FollowupAnchor | None] = UNSAID
    followup_every_months: Sourced[Annotated[int, Between(1, 120)] | None] = UNSAID
    followup_reported_to: Sourced[Actor | None] = UNSAID
    companies_in_scope: Sourced[bool | None] = UNSAID
    committee_plans_required: Sourced[bool | None] = UNSAID
    ombud_minimum: Sourced[Annotated[int, Between(0, 99)] | None] = UNSAID
    request_answer_days: Sourced[Annotated[int, Between(1, 90)] | None] = UNSAID
    deductible_fund: Sourced[bool | None] = UNSAID
    escalation: tuple[EscalationStep, ...] = ()
    reports_without_login: Sourced[bool | None] = UNSAID
    archive_bylaw: Sourced[ArchiveBylaw | None] = UNSAID
