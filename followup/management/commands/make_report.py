"""Make a yearly report from the terminal, by the same worker as from the page."""

from argparse import ArgumentParser
from pathlib import Path
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from followup.errors import ReportYearError
from followup.models import Edition, Report, ReportState
from followup.progress import progress_of
from followup.services import start_report
from notifications.services import worker_is_running
from organisation.models import Municipality

# Wrong words on the command line: nothing was started, and no file is written.
USAGE = 2
LOOK_AGAIN = 0.5


class Command(BaseCommand):
    """Start a report, wait for it while telling how far it has come, and write the file."""

    help = "Make the yearly report of one municipality; the worker makes it, and this command waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("municipality", metavar="KEY", help="the municipality's key, for example sodertalje")
        parser.add_argument("--year", type=int, required=True, help="the year that is followed up")
        parser.add_argument("--edition", choices=Edition.values, default=Edition.PUBLIC)
        parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the PDF")
        parser.add_argument("--no-wait", action="store_true", help="start the report and return at once")

    def handle(self, *args: Any, **options: Any) -> None:
        report = self._start(options["municipality"], options["year"], options["edition"])
        if options["no_wait"]:
            self.stdout.write(f"Started: {report.public_id}, version {report.version}")
            return
        ready = self._wait(report)
        self.stdout.write(f"{ready.municipality.name} {ready.year}, {ready.edition}, version {ready.version}")
        self.stdout.write(f"{ready.pages} pages, sha256 {ready.file_digest}")
        if options["out"]:
            with ready.file.open() as content:
                options["out"].write_bytes(content.read())
            self.stdout.write(str(options["out"]))

    def _start(self, key: str, year: int, edition: str) -> Report:
        municipality = Municipality.objects.filter(key=key).first()
        if municipality is None:
            known = ", ".join(Municipality.objects.values_list("key", flat=True)) or "none is loaded"
            raise CommandError(f"No municipality has the key {key!r}. Known keys: {known}.", returncode=USAGE)
        try:
            return start_report(municipality=municipality, year=year, edition=edition, by=None)
        except ReportYearError as error:
            raise CommandError(f"{year}: {error}", returncode=USAGE) from error

    def _wait(self, report: Report) -> Report:
        """Return the finished report, or the equal one that it points to; tell each step once."""
        pause, told = Event(), ""
        while report.state == ReportState.MAKING:
            told = self._tell(report, told)
            pause.wait(LOOK_AGAIN)
            report = Report.objects.select_related("municipality", "render_job", "same_as").get(pk=report.pk)
        if report.state == ReportState.FAILED:
            raise CommandError("The report could not be made; the log says why.")
        if report.same_as is not None:
            self.stderr.write(f"Every figure is the same as in version {report.same_as.version}: no new version.")
            return report.same_as
        self._tell(report, told)
        return report

    def _tell(self, report: Report, told: str) -> str:
        progress = progress_of(report)
        line = f"{progress['done']} of {progress['all']} parts are done."
        if not worker_is_running():
            line += " No worker is running: the report waits and will be made when one comes."
        if line != told:
            self.stderr.write(line)
        return line
