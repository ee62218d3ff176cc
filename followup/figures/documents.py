"""Governing documents: in force, due for review, or with nothing said about review (R31, R53, R134)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from followup.figures.question import Question
from organisation.models import Municipality
from policies.models import DocumentVersion, GoverningDocument


class ReviewState(StrEnum):
    """How a document stands towards the review that it has been promised."""

    CURRENT = "current"
    DUE = "due"
    UNSAID = "unsaid"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True)
class DocumentRow:
    """One document as it stood on the cut-off's day; dates in ISO form, § and dnr as typed."""

    title: str
    kind: str
    state: str
    in_force_from: str
    decided_by: str
    decided_on: str
    section: str
    registry_number: str
    review_year: int | None


@dataclass(frozen=True)
class Documents:
    """Figures of the chapter."""

    rows: list[DocumentRow]
    in_force: int
    due: int
    unsaid: int
    not_in_force: int


def documents(question: Question) -> Documents:
    """List the governing documents and when each is to be reviewed."""
    found = GoverningDocument.objects.filter(municipality=question.municipality).with_versions()
    rows = [_row(document, question) for document in found.order_by("title", "pk")]
    states = [row.state for row in rows]
    return Documents(
        rows=rows,
        in_force=sum(state != ReviewState.NOT_IN_FORCE for state in states),
        due=states.count(ReviewState.DUE),
        unsaid=states.count(ReviewState.UNSAID),
        not_in_force=states.count(ReviewState.NOT_IN_FORCE),
    )


def _row(document: GoverningDocument, question: Question) -> DocumentRow:
    version = document.version_in_force(question.cut_off)
    rule = document.review or question.municipality.rules(question.cut_off).review or {}
    year = _review_year(rule, version, question.municipality) if version else None
    return DocumentRow(
        title=document.title,
        kind=document.kind,
        state=_state(version, year, question),
        in_force_from=_iso(version.valid_from) if version and version.valid_from.year > 1971 else "",
        decided_by=version.decided_by if version else "",
        decided_on=_iso(version.decided_on) if version else "",
        section=version.section if version else "",
        registry_number=version.registry_number if version else "",
        review_year=year,
    )


def _state(version: DocumentVersion | None, year: int | None, question: Question) -> ReviewState:
    if version is None:
        return ReviewState.NOT_IN_FORCE
    if year is None:
        return ReviewState.UNSAID
    return ReviewState.DUE if year <= question.year else ReviewState.CURRENT


def _review_year(rule: dict[str, Any], version: DocumentVersion, municipality: Municipality) -> int | None:
    """Return the first year in which the document is to be reviewed after its last decision or review.

    None where the rule names no year: until further notice, when needed, or nothing said.
    """
    last = _last_looked_at(version)
    match rule.get("rule"):
        case "first_year_of_term" | "every_term" as term:
            return _year_of_term(term, last.year, municipality)
        case "every_n_years" if rule.get("years"):
            return last.year + int(rule["years"])
        case "by_date" if rule.get("date"):
            return date.fromisoformat(str(rule["date"])).year
    return None


def _year_of_term(term: str, last: int, municipality: Municipality) -> int | None:
    """The first year of the term after the year ``last`` (R31), or the last year of that term."""
    if municipality.last_election is None:
        return None
    cycle = municipality.election_cycle_years
    first = municipality.last_election.year + 1
    # The first year of the term that begins after the document was last decided or reviewed.
    while first - cycle > last:
        first -= cycle
    while first <= last:
        first += cycle
    return first if term == "first_year_of_term" else first + cycle - 1


def _last_looked_at(version: DocumentVersion) -> date:
    looked = [version.decided_on or version.valid_from]
    for review in version.reviews:
        if isinstance(review, dict) and (day := review.get("date")):
            looked.append(date.fromisoformat(str(day)))
    return max(looked)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
