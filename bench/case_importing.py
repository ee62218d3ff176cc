"""Importing cases of another system from a CSV file, against the same rows written in bulk by plain ORM."""

import uuid
from collections.abc import Iterator
from functools import partial
from itertools import count

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from bench.city import City
from bench.measure import Result, ratios, result
from incidents.models import CaseImport, ColumnMapping, Incident, IncidentKind, IncidentState, IncidentStatus, Narrative
from incidents.services.importing import confirm_case_import, new_mapping, start_case_import
from notifications.jobs import run_job
from organisation.models import ImportState

CASES, RUNS, BATCH = 1_000, 7, 500
TEXT = "En person blev arg och skrek i receptionen."
HEADINGS = "Ärendenummer;Enhet;Händelsetyp;Händelsedatum;Avslutad;Beskrivning"


def importing_cases(city: City, small: City) -> list[Result]:
    """A file of a thousand cases read, confirmed and written, and the same file again."""
    number = count(1)
    first = _file(city, number)
    by, municipality = city.coordinator, city.municipality
    mapping = new_mapping(municipality=municipality, name="Annat system", system="annat", file=first, by=by)
    _import(city, mapping, first)
    anew = ratios(lambda: _import(city, mapping, _file(city, number)), partial(_write_plainly, city, number), runs=RUNS)
    again = ratios(partial(_import, city, mapping, first), partial(_write_plainly, city, number), runs=RUNS)
    return [
        result(f"import of {CASES:,} cases ÷ plain ORM in bulk", city.scale, anew),
        result("the same file again ÷ plain ORM in bulk", city.scale, again),
    ]


def _file(city: City, number: Iterator[int]) -> ContentFile:
    """A file of cases whose numbers are new."""
    lines = [
        f"N-{next(number)};{city.units[place % len(city.units)].key};Hot;2023-04-05;2023-05-01;{TEXT}"
        for place in range(CASES)
    ]
    return ContentFile("\r\n".join((HEADINGS, *lines)).encode(), name="cases.csv")


def _import(city: City, mapping: ColumnMapping, file: ContentFile) -> None:
    """Give the file, let a worker read it, confirm it if it has anything new, and let it be written."""
    file.seek(0)
    run = start_case_import(
        municipality=city.municipality, file=file, mapping=mapping, by=city.coordinator, submission_key=uuid.uuid4()
    )
    _work_on(run)
    if run.errors:
        raise RuntimeError(f"the file is not understood: {run.errors[:3]}")
    if run.digest and run.found.get("new"):
        run = confirm_case_import(run=run, digest=run.digest, by=city.coordinator)
        _work_on(run)
    if run.state != ImportState.WRITTEN:
        raise RuntimeError(f"the file was not written: {run.state}")


@transaction.atomic
def _write_plainly(city: City, number: Iterator[int]) -> None:
    """Write as many cases with history, text and story in bulk, with nothing asked and nothing checked."""
    now = timezone.now()
    cases = [
        Incident(
            municipality=city.municipality,
            body=city.units[place % len(city.units)],
            year=1990,
            number=next(number),
            kind=IncidentKind.THREAT,
            occurred_on=now.date(),
            reported_at=now,
            became_aware_at=now,
            state=IncidentState.CLOSED,
        )
        for place in range(CASES)
    ]
    made = Incident.objects.bulk_create(cases, batch_size=BATCH)
    columns = [field.attname for field in Incident._meta.concrete_fields]
    Incident.history.model.objects.bulk_create(
        [
            Incident.history.model(
                **{name: getattr(case, name) for name in columns}, history_date=now, history_type="+"
            )
            for case in made
        ],
        batch_size=BATCH,
    )
    Narrative.objects.bulk_create([Narrative(incident=case, text=TEXT) for case in made], batch_size=BATCH)
    steps = [(case, state) for case in made for state in (IncidentState.NEW, IncidentState.CLOSED)]
    IncidentStatus.objects.bulk_create(
        [IncidentStatus(incident=case, to_state=state, at=now) for case, state in steps], batch_size=BATCH
    )


def _work_on(run: CaseImport) -> None:
    """Do the run's job as a worker does it."""
    assert run.job_id is not None
    run_job(run.job_id)
    run.refresh_from_db()
