"""Incidents over three years, more in autumn than in July, reported by those who work there and answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup.demo.answers import Answering
from followup.demo.bulk import append, dated, write
from followup.demo.case_life import CaseLife, Handled
from followup.demo.chance import Chance, days, next_weekday, not_to_come, texts
from followup.demo.people import People, Workplace
from incidents.models import (
    PROPERTY_KINDS,
    Identity,
    Incident,
    IncidentCounter,
    IncidentKind,
    IncidentState,
    IncidentStatus,
    Narrative,
    OccurredWhen,
    ReadLog,
)
from incidents.reader import reader_of
from incidents.working_days import add_working_days
from organisation import clock
from organisation.employer import Acting
from organisation.models import Body, BodyKind, Municipality, User

COUNT = 250
# Each year a few more are reported: people learn that it is of use.
SHARE_OF_YEAR = (0.28, 0.33, 0.39)
# After the year: a few each month, and those of the last days, so that there is something to read today.
A_MONTH_SINCE = 4
FRESH = 12
FRESH_DAYS = 9
# Cases that nobody has closed: some of the last months, hardly any older ones.
RECENT_DAYS = 120
STILL_OPEN = {True: 0.12, False: 0.008}
# Of every kind there are so many at least, spread over the years: no page of any kind is empty.
AT_LEAST = 6
ORE = 100


@dataclass
class Case:
    """An incident and what stands beside it, before it is written."""

    incident: Incident
    place: Workplace
    text: str
    reporter: User
    reader: Acting | None
    statuses: list[IncidentStatus]

    def handled(self) -> Handled | None:
        """Return the case as its reader has seen it; none without a reader."""
        if self.reader is None:
            return None
        case = self.incident
        return Handled(case, self.reader.person, self.reader.title, case.read_at, case.closed_at)


def report_incidents(
    municipality: Municipality, year: int, chance: Chance, people: People, places: Sequence[Workplace]
) -> list[Incident]:
    """Write the incidents of three years with their cases, numbers and answers."""
    reporting = _Reporting(municipality, year, chance, people, places)
    if not reporting.places:
        return []
    cases = [reporting.case(day, fresh=False) for day in _days_of(year, chance)]
    cases += [reporting.case(day, fresh=False) for day in _days_since(year, chance)]
    apart = Chance(f"{municipality.key}-{year}-seldom")
    _change_to_seldom_kinds(cases, _Reporting(municipality, year, apart, people, places))
    if clock.today() > date(year, 12, 31):
        cases += [
            reporting.case(clock.today() - days(chance.number(0, FRESH_DAYS)), fresh=True) for _case in range(FRESH)
        ]
    written = _save(municipality, cases)
    CaseLife(municipality, year).write(handled for case in cases if (handled := case.handled()))
    return written


def _change_to_seldom_kinds(cases: list[Case], reporting: "_Reporting") -> None:
    """Put cases of the kinds that were hardly drawn in the place of some others, evenly over the years.

    ``reporting`` draws apart, so that all other cases stay as they were.
    """
    drawn = Counter(case.incident.kind for case in cases)
    seldom = [kind for kind in IncidentKind if drawn[kind] < AT_LEAST]
    others = [place for place, case in enumerate(cases) if drawn[case.incident.kind] > 2 * AT_LEAST]
    step = len(others) // max(1, len(seldom) * AT_LEAST)
    if step:
        for count, place in enumerate(others[::step][: len(seldom) * AT_LEAST]):
            cases[place] = reporting.instead_of(cases[place], seldom[count % len(seldom)])


def _days_of(year: int, chance: Chance) -> list[date]:
    """The days of all incidents, by season, and none to come."""
    found: list[date] = []
    for which, share in zip((year - 2, year - 1, year), SHARE_OF_YEAR, strict=True):
        count = COUNT - len(found) if which == year else round(COUNT * share)
        found += [_day(which, chance) for _incident in range(count)]
    return found


def _days_since(year: int, chance: Chance) -> list[date]:
    """Days after the demo's year, up to those that are fresh."""
    since, until = date(year + 1, 1, 1), clock.today() - days(FRESH_DAYS + 1)
    span = (until - since).days
    return [since + days(chance.number(0, span)) for _incident in range(span * A_MONTH_SINCE // 30)] if span > 0 else []


def _day(year: int, chance: Chance) -> date:
    today = clock.today()
    last_month = today.month if year == today.year else 12
    months = dict(enumerate(texts("incidents")["months"][:last_month], start=1))
    day = date(year, chance.weighted(months), chance.number(1, 28))
    if day.weekday() > 4 and chance.happens(0.6):  # most work is done on weekdays
        day += days(2)
    return min(not_to_come(day), date(year, 12, 31))


class _Reporting:
    """Makes cases at the workplaces that somebody can report from."""

    def __init__(
        self, municipality: Municipality, year: int, chance: Chance, people: People, places: Sequence[Workplace]
    ) -> None:
        self.municipality, self.chance, self.people = municipality, chance, people
        self.answering = Answering(municipality, year)
        self.today = clock.today()
        self.words = texts("incidents")
        self.promise = municipality.rules(self.today).answer_within_days
        self.staff = {place.body.pk: people.at(place.body.pk) for place in places}
        self.places = {
            place: (3.0 if place.body.kind == BodyKind.UNIT else 1.0) * self.chance.number(1, 4)
            for place in places
            if self.staff[place.body.pk]
        }
        self._readers: dict[int, Acting | None] = {}

    def case(self, day: date, *, fresh: bool) -> Case:
        """One case of the day; a fresh one may not have been read yet."""
        standing = {place: weight for place, weight in self.places.items() if place.body.is_in_force(day)}
        place = self.chance.weighted(standing or self.places)
        kind = self.chance.weighted(self.words["mix"][place.theme])
        return self._case(place, kind, day, fresh=fresh)

    def instead_of(self, case: Case, kind: str) -> Case:
        """A case of another kind, on the same day at the same workplace."""
        return self._case(case.place, kind, case.incident.occurred_on, fresh=False)

    def _case(self, place: Workplace, kind: str, day: date, *, fresh: bool) -> Case:
        reporter = self.chance.one(self.staff[place.body.pk])
        reader = self._reader(place.body, reporter)
        incident = self._incident(place, kind, day)
        statuses = [IncidentStatus(incident=incident, to_state=IncidentState.NEW, by=None, at=incident.reported_at)]
        if reader is not None and not (fresh and self.chance.happens(0.6)):
            self._handle(incident, reader.person, statuses, fresh=fresh)
        text = self.chance.one(self.words["texts"][kind])
        return Case(incident, place, text, reporter, reader, statuses)

    def _reader(self, body: Body, reporter: User) -> Acting | None:
        if body.pk not in self._readers:
            self._readers[body.pk] = reader_of(body, reporter, self.today)
        reader = self._readers[body.pk]
        if reader is not None and reader.person == reporter:  # a manager's own report goes to the manager's superior
            return reader_of(body, reporter, self.today)
        return reader

    def _incident(self, place: Workplace, kind: str, day: date) -> Incident:
        wait = self.chance.weighted({0: 60.0, 1: 25.0, 3: 15.0})
        reported = min(not_to_come(next_weekday(day + days(wait))), date(day.year, 12, 31))
        at = self.chance.moment(reported)
        when = OccurredWhen.ANOTHER_DAY
        if reported == day:
            when = self.chance.one((OccurredWhen.JUST_NOW, OccurredWhen.TODAY))
        incident = Incident(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            body=place.body,
            year=reported.year,
            kind=kind,
            occurred_when=when,
            occurred_on=day,
            reported_at=at,
            became_aware_at=at,
            answer_by=add_working_days(reported, self.promise),
            serious=False,
            affects_persons=kind not in PROPERTY_KINDS,
            cost_ore=self._cost(kind),
            submission_key=self.chance.key(),
        )
        self.answering.answer(incident, place.theme)
        return dated(incident, at)

    def _cost(self, kind: str) -> int | None:
        if kind not in self.words["cost"] or self.chance.happens(0.25):
            return None
        low, high = self.words["cost"][kind]
        return self.chance.number(low // 500, high // 500) * 500 * ORE

    def _handle(self, incident: Incident, reader: User, statuses: list[IncidentStatus], *, fresh: bool) -> None:
        """The reader opens the case, may mark it as serious, and answers; mostly within the promised time."""
        read_at = self._later(incident.reported_at, self.chance.number(1, 30))
        statuses.append(_step(incident, IncidentState.NEW, IncidentState.READ, reader, read_at))
        if self.chance.happens(self.words["serious"].get(incident.kind, 0)):
            incident.serious = True
            marked = _step(incident, IncidentState.READ, IncidentState.READ, reader, self._later(read_at, 1))
            marked.change, marked.reason = IncidentStatus.Change.SERIOUS, self.words["serious_reason"]
            statuses.append(marked)
        incident.state, incident.read_at = IncidentState.READ, read_at
        recent = self.today - incident.occurred_on < days(RECENT_DAYS)
        if not self.chance.happens(0.7 if fresh else STILL_OPEN[recent]):
            hours = self.chance.weighted({20: 40.0, 44: 30.0, 70: 15.0, 150: 10.0, 400: 5.0})
            closed = _step(incident, IncidentState.READ, IncidentState.CLOSED, reader, self._later(read_at, hours))
            closed.reason = self.chance.one(self.words["answers"])
            statuses.append(closed)
            incident.state, incident.closed_at = IncidentState.CLOSED, closed.at
            incident.first_answered_at = closed.at

    def _later(self, at: datetime, hours: int) -> datetime:
        """So many hours later, moved to a weekday, and never later than now."""
        later = at + timedelta(hours=hours)
        return min(later + (next_weekday(later.date()) - later.date()), clock.now())


def _step(incident: Incident, before: str, after: str, by: User, at: datetime) -> IncidentStatus:
    return IncidentStatus(incident=incident, from_state=before, to_state=after, by=by, at=at)


def _save(municipality: Municipality, cases: list[Case]) -> list[Incident]:
    """Number the cases in the order they came in, and write them with what is kept apart."""
    cases.sort(key=lambda case: case.incident.reported_at)
    last: dict[int, int] = {}
    for case in cases:
        year = case.incident.year
        case.incident.number = last[year] = last.get(year, 0) + 1
    append(IncidentCounter, [IncidentCounter(municipality=municipality, year=y, last=n) for y, n in last.items()])
    incidents = write([case.incident for case in cases])
    append(Narrative, [Narrative(incident=case.incident, text=case.text) for case in cases])
    reporter = Identity.Role.REPORTER
    append(Identity, [Identity(incident=case.incident, role=reporter, person=case.reporter) for case in cases])
    append(IncidentStatus, [status for case in cases for status in case.statuses])
    read = [
        ReadLog(incident=case.incident, by=status.by, at=status.at)
        for case in cases
        for status in case.statuses
        if status.by is not None and status.to_state == IncidentState.READ and status.from_state == IncidentState.NEW
    ]
    append(ReadLog, read)
    return incidents
