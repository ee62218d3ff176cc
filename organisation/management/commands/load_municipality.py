"""``manage.py load_municipality FILE… [--force]``: load municipality files (docs/municipality-file.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.loading import FilesError, LoadError, Report, load_files


class Command(BaseCommand):
    """Load municipalities; the same files again change nothing, and what people have changed is kept."""

    help = "Load municipality files. Loading again changes nothing; what people have changed is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--force", action="store_true", help="Overwrite what people have changed in the portal since the last load."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = load_files(options["files"], force=options["force"])
        except FilesError as error:
            told = "\n".join(str(problem) for problem in error.errors)
            last = ngettext(
                "%(count)s error. Nothing was loaded.", "%(count)s errors. Nothing was loaded.", len(error.errors)
            ) % {"count": len(error.errors)}
            raise CommandError(f"{told}\n{last}") from error
        except LoadError as error:
            told = _("Nothing was loaded.")
            raise CommandError(f"{error}\n{told}") from error
        for report in reports:
            self._tell(report, verbosity=options["verbosity"])

    def _tell(self, report: Report, *, verbosity: int) -> None:
        summary = _("%(name)s: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(kept)s kept.")
        counts = {
            "name": report.name,
            "created": report.created.total(),
            "updated": report.updated.total(),
            "unchanged": report.unchanged.total(),
            "kept": len(report.kept),
        }
        self.stdout.write(summary % counts)
        for told in (*report.kept, *report.gone):
            self.stdout.write(f"  {told}")
        if verbosity > 1:
            for warning in report.warnings:
                self.stdout.write(f"  {warning}")
