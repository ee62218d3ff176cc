"""Writes the cases of another system: all at once, with their history, and without telling or reminding anybody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from incidents.arriving.fields import FIELDS
from incidents.arriving.planning import Row
from incidents.models import (
    INJURIES,
    PROPERTY_KINDS,
    CaseImport,
    Channel,
    Identity,
    Incident,
    IncidentCounter,
    IncidentState,
    IncidentStatus,
    Narrative,
    OccurredWhen,
    OtherParty,
    Withheld,
)
from incidents.reader import managers_of
from incidents.services.numbering import lock_counter
from organisation import clock
from organisation.models import Body

BATCH = 500
COLUMNS = {field.key: field.column for field in FIELDS if field.column}
TEXTS = {field.key: field.narrative for field in FIELDS if field.narrative}


def write_cases(run: CaseImport, rows: Sequence[Row]) -> int:
    """Write a case of each row, in the transaction of the caller; return how many."""
    counters = _counters(run, rows)
    cases = [_case(run, row, counters[_reported(row).year]) for row in rows]
    for counter in counters.values():
        counter.save(update_fields=["last"])
    # By nobody: the history names no one who could be taken for the reporter.
    made = bulk_create_with_history(cases, Incident, batch_size=BATCH, default_user=None)
    pairs = list(zip(made, rows, strict=True))
    _in_batches(Narrative, _texts(pairs))
    _in_batches(Identity, _reporters(pairs))
    _in_batches(IncidentStatus, _story(run, pairs))
    _in_batches(Withheld, _kept_from(pairs))
    return len(made)


def _counters(run: CaseImport, rows: Sequence[Row]) -> dict[int, IncidentCounter]:
    """Return the locked counter of each year with a report, in order, so that nobody waits in a circle."""
    years = sorted({_reported(row).year for row in rows})
    return {year: lock_counter(run.municipality, year) for year in years}


def _case(run: CaseImport, row: Row, counter: IncidentCounter) -> Incident:
    counter.last += 1
    values, reported = row.values, _noon(_reported(row))
    case = Incident(
        municipality=run.municipality,
        body_id=row.body_id,
        year=counter.year,
        number=counter.last,
        channel=Channel.IMPORT,
        occurred_when=OccurredWhen.ANOTHER_DAY,
        reported_at=reported,
        became_aware_at=reported,
        # It has been read where it came from; nobody is promised an answer here.
        state=IncidentState.CLOSED if values.get("closed_on") else IncidentState.READ,
        closed_at=_noon(values["closed_on"]) if values.get("closed_on") else None,
        foreign_system=run.mapping.system,
        foreign_number=row.number,
    )
    for key, column in COLUMNS.items():
        if key in values:
            setattr(case, column, values[key])
    case.affects_persons = case.kind not in PROPERTY_KINDS or case.injury in INJURIES
    return case


def _reported(row: Row) -> date:
    day: date = row.values.get("reported_on") or row.values["occurred_on"]
    return day


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _texts(pairs: Iterable[tuple[Incident, Row]]) -> Iterator[Narrative]:
    for case, row in pairs:
        for key, narrative in TEXTS.items():
            if text := row.values.get(key):
                yield Narrative(incident=case, key=narrative, text=text)


def _reporters(pairs: Iterable[tuple[Incident, Row]]) -> Iterator[Identity]:
    for case, row in pairs:
        name, contact = row.values.get("reporter_name", ""), row.values.get("reporter_contact", "")
        if name or contact:
            yield Identity(incident=case, role=Identity.Role.REPORTER, name=name, contact=contact)


def _story(run: CaseImport, pairs: Iterable[tuple[Incident, Row]]) -> Iterator[IncidentStatus]:
    for case, _row in pairs:
        yield IncidentStatus(incident=case, from_state="", to_state=IncidentState.NEW, by=run.by, at=case.reported_at)
        if case.closed_at:
            before, after = IncidentState.READ, IncidentState.CLOSED
            yield IncidentStatus(incident=case, from_state=before, to_state=after, by=run.by, at=case.closed_at)


def _kept_from(pairs: Iterable[tuple[Incident, Row]]) -> Iterator[Withheld]:
    """Keep a case about the manager from whoever is that today, and was when it was reported."""
    about = [case for case, _row in pairs if case.other_party == OtherParty.MANAGER]
    bodies = Body.objects.select_related("municipality").in_bulk({case.body_id for case in about})
    now, today = clock.now(), clock.today()
    managers: dict[tuple[int, date], list[Any]] = defaultdict(list)
    for case in about:
        found: dict[int, Any] = {}
        for day in (today, case.reported_on):
            if (case.body_id, day) not in managers:
                managers[case.body_id, day] = managers_of(bodies[case.body_id], None, day)
            found |= {person.pk: person for person in managers[case.body_id, day]}
        for person in found.values():
            yield Withheld(incident=case, person=person, at=now)


def _in_batches(model: Any, rows: Iterator[Any]) -> None:
    model.objects.bulk_create(list(rows), batch_size=BATCH)
