"""Files of cases from another system, and runs that have read them."""

import uuid
from typing import Any

from django.core.files.base import ContentFile

from incidents.models import CaseImport, ColumnMapping
from incidents.services import importing
from notifications.jobs import run_job
from tests.factories.organisation import Town

HEADINGS = "Ärendenummer;Enhet;Händelsetyp;Händelsedatum;Avslutad;Beskrivning;Motpart;Anmälare"
ROWS = (
    "A-1;Ängsgläntans hemtjänst;Hot;2023-04-05;2023-05-01;Hotad i trappan.;Relative;Anna Attrappson",
    'A-2;care-north;Våld;6.4.2023;;"Slag.\nFlera rader.";Unknown person;',
    "A-3;Tallmons gruppboende;Tillbud;2023-12-31;2024-01-09;;;",
)


def csv_of(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8") -> ContentFile:
    """Return a file of the rows below the headings."""
    return ContentFile("\r\n".join((headings, *rows)).encode(encoding), name="arenden.csv")


def make_mapping(town: Town, file: ContentFile | None = None, **fields: Any) -> ColumnMapping:
    """Save a mapping, guessed from the file's headings."""
    said = {"name": "Gamla systemet", "system": "gamla"} | fields
    file = file or csv_of()
    return importing.new_mapping(municipality=town.municipality, file=file, by=town.safety_coordinator, **said)


def make_read(town: Town, *rows: str, mapping: ColumnMapping | None = None, **file: Any) -> CaseImport:
    """Give a file and let it be read in this process."""
    content = csv_of(*(rows or ROWS), **file)
    run = importing.start_case_import(
        municipality=town.municipality,
        file=content,
        mapping=mapping or make_mapping(town, content),
        by=town.safety_coordinator,
        submission_key=uuid.uuid4(),
    )
    assert run.job_id is not None
    run_job(run.job_id)
    run.refresh_from_db()
    return run


def write(town: Town, run: CaseImport) -> CaseImport:
    """Confirm the run as it is shown, and let it be written in this process."""
    run = importing.confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
    assert run.job_id is not None
    run_job(run.job_id)
    run.refresh_from_db()
    return run
