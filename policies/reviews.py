"""When a governing document is to be reviewed next, by the rule that the municipality has set (R31, R53, R134)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from organisation.models import Municipality, Ruleset
from policies.models import DocumentVersion, GoverningDocument

# The council that is elected in September takes office on this day (kommunallagen 5 kap. 7 §).
TERM_BEGINS = (10, 15)
UNSAID = "unsaid"
# The rules that name a day; under the others a review has none.
TERM_RULES = frozenset({"first_year_of_term", "every_term"})


@dataclass(frozen=True)
class NextReview:
    """The last day of the next review, or none with the ``rule`` as the reason why there is none.

    ``last`` is the day of the latest decision or review; ``missed`` are years that have passed without the
    review that fell due in them.
    """

    rule: str
    due: date | None = None
    last: date | None = None
    missed: tuple[int, ...] = ()
    years: int | None = None
    own: bool = False

    @property
    def is_missed(self) -> bool:
        """Whether a review that fell due has not been recorded."""
        return bool(self.missed)


@dataclass(frozen=True)
class _Window:
    """A period, both days included, in which one review is to be made."""

    first: date
    last: date


def next_review(document: GoverningDocument, rules: Ruleset, municipality: Municipality, on: date) -> NextReview:
    """Return when ``document`` is to be reviewed next, seen from the day ``on``; uses prefetched versions.

    The document's own rule comes before the municipality's, which is about its policy. A version that is
    not in force yet counts as nothing done.
    """
    said, own = _rule_of(document, rules)
    rule = str(said.get("rule") or UNSAID)
    days = sorted(day for version in document.versions.all() for day in _looked_at(version) if day <= on)
    last = days[-1] if days else None
    if rule in TERM_RULES and municipality.last_election and municipality.election_cycle_years:
        return _by_windows(NextReview(rule, last=last, own=own), list(_windows(rule, municipality, days, on)), days, on)
    years = said.get("years")
    due = None
    if rule == "every_n_years" and years and last:
        due = _years_after(last, int(years))
    elif rule == "by_date":
        due = parsed(said.get("date"))
    # A review by a set day is done when anything has been decided or reviewed in the year before that day.
    done = rule == "by_date" and due is not None and last is not None and last > _years_after(due, -1)
    missed = (due.year,) if due and due < on and not done else ()
    return NextReview(rule, due=due, last=last, missed=missed, years=years, own=own)


def parsed(day: Any) -> date | None:
    """Return the ISO date ``day`` of a JSON column as a date; none for nothing and for what is no date."""
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(str(day))
    except ValueError:
        return None


def _rule_of(document: GoverningDocument, rules: Ruleset) -> tuple[dict[str, Any], bool]:
    if document.review:
        return document.review, True
    return (rules.review or {}, False) if document.kind == "policy" else ({}, False)


def _looked_at(version: DocumentVersion) -> Iterator[date]:
    days = [version.decided_on or version.stated_from, version.updated_on]
    days += [parsed(review.get("date")) for review in version.reviews]
    yield from (day for day in days if day)


def _by_windows(found: NextReview, windows: list[_Window], days: list[date], on: date) -> NextReview:
    """Set the first window without a review that has not ended, and the years of those that ended without one."""
    empty = [window for window in windows if not any(window.first <= day <= window.last for day in days)]
    ahead = [window.last for window in empty if window.last >= on]
    missed = tuple(window.last.year for window in empty if window.last < on)
    return NextReview(found.rule, due=ahead[0] if ahead else None, last=found.last, missed=missed, own=found.own)


def _windows(rule: str, municipality: Municipality, days: list[date], on: date) -> Iterator[_Window]:
    """The windows that began after the document came to be, up to the second one after the day ``on``."""
    cycle = municipality.election_cycle_years
    election = municipality.last_election.year if municipality.last_election else on.year
    since = days[0] if days else on
    # From the election at or before the first decision, or before today when no day is known.
    election -= cycle * ((election - since.year) // cycle + 1)
    while election <= on.year + 2 * cycle:
        window = _window(rule, election, cycle)
        if window.first > since or window.last >= on:
            yield window
        election += cycle


def _window(rule: str, election: int, cycle: int) -> _Window:
    if rule == "first_year_of_term":
        return _Window(date(election + 1, 1, 1), date(election + 1, 12, 31))
    return _Window(date(election, *TERM_BEGINS), date(election + cycle, *TERM_BEGINS) - timedelta(days=1))


def _years_after(day: date, years: int) -> date:
    """The same day ``years`` later; the first of March for a leap day in a year without one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
