"""Files to import into Exempelby."""

from collections.abc import Sequence
from uuid import uuid4

from django.core.files.base import ContentFile

from notifications.jobs import run_job
from organisation.models import ImportRun, Municipality, User
from organisation.people_import import FileKind
from organisation.services.importing import Imported, import_files, start_import
from tests.factories.organisation import Town

HEADINGS = {
    FileKind.BODIES: "nyckel;namn;slag;överordnad;första dag;sista dag;efterträdare;beslut",
    FileKind.PEOPLE: "anställningsnummer;namn;e-post;enhet;första dag;sista dag",
    FileKind.SEATS: "anställningsnummer;e-post;uppdragstyp;enhet;första dag;sista dag;ersättare;beslut",
    FileKind.HEADCOUNTS: "enhet;datum;anställda",
}


def csv_of(kind: str, *rows: str) -> bytes:
    """Return a file of the kind with its Swedish headings."""
    return "\n".join([HEADINGS[FileKind(kind)], *rows]).encode()


def run(municipality: Municipality, by: User | None = None, *, full: bool = False, dry_run: bool = False, **rows):
    """Import rows given by kind: ``run(town.municipality, people=["1;Ny Nysson;ny@example.se;care-north"])``."""
    files = {FileKind(kind): _content(kind, given) for kind, given in rows.items()}
    return import_files(municipality=municipality, files=files, is_full=full, by=by, dry_run=dry_run)


def _content(kind: str, given: bytes | Sequence[str]) -> bytes:
    return given if isinstance(given, bytes) else csv_of(kind, *given)


def codes(imported: Imported) -> list[tuple[int, str, str]]:
    """Return (line, column, code) of everything that is wrong."""
    return [(one.line, one.column, one.code) for one in imported.problems]


def counts(imported: Imported, kind: str) -> tuple[int, int, int, int]:
    """Return how many rows of the file are added, changed, ended and unchanged."""
    told = imported.plan.told[FileKind(kind)]
    return told.adds, told.changes, told.ends, told.same


def make_ready(town: Town, *rows: str) -> ImportRun:
    """Give a file of people (one new person, when nothing is said) and read it: a run that waits to be confirmed."""
    rows = rows or ("100;Anna Provgren;anna@exempelby.example.se;care-north",)
    run = start_import(
        municipality=town.municipality,
        files={FileKind.PEOPLE: ContentFile(csv_of("people", *rows))},
        is_full=False,
        by=town.administrator,
        submission_key=uuid4(),
    )
    carry_out(run)
    return ImportRun.objects.get(pk=run.pk)


def carry_out(run: ImportRun) -> None:
    """Do the job of ``run`` as a worker would."""
    assert run.job_id is not None
    run_job(run.job_id)
