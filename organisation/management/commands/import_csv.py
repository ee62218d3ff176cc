"""``manage.py import_csv MUNICIPALITY --people FILE …``: import CSV files at the terminal (docs/import.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.models import Municipality, User
from organisation.people_import import LARGEST, FileKind, Problem
from organisation.services.importing import Imported, import_files


class Command(BaseCommand):
    """Import bodies, people, seats and headcounts: all or nothing, and the same files again write nothing."""

    help = "Import bodies, people, seats and headcounts from CSV files. All or nothing; the same files write nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("municipality", metavar="MUNICIPALITY", help="Key of the municipality, such as sodertalje.")
        for kind in FileKind:
            parser.add_argument(f"--{kind.value}", metavar="FILE", type=Path, help=f"CSV file of {kind.value}.")
        parser.add_argument("--full", action="store_true", help="Whoever is missing from the people has left.")
        parser.add_argument("--dry-run", action="store_true", help="Tell what would change, and write nothing.")
        parser.add_argument("--by", metavar="EMAIL", help="The administrator in whose name it is done.")

    def handle(self, *args: Any, **options: Any) -> None:
        municipality = Municipality.objects.filter(key=options["municipality"]).first()
        if municipality is None:
            raise CommandError(_("There is no municipality “%(key)s”.") % {"key": options["municipality"]})
        paths = {kind: options[kind.value] for kind in FileKind if options[kind.value]}
        if not paths:
            raise CommandError(_("Name at least one file, for example --people people.csv."))
        if options["full"] and FileKind.PEOPLE not in paths:
            raise CommandError(_("--full takes a file of people."))
        imported = import_files(
            municipality=municipality,
            files={kind: _content(path) for kind, path in paths.items()},
            is_full=options["full"],
            by=_administrator(municipality, options["by"]),
            dry_run=options["dry_run"],
        )
        if imported.problems:
            self._refuse(imported.problems, paths)
        self._tell(imported)

    def _refuse(self, problems: list[Problem], paths: dict[FileKind, Path]) -> None:
        lines = [f"{paths[one.file]}:{one.line}:{one.column}: {one.text} {one.fix}" for one in problems]
        count = len(problems)
        last = ngettext("%(count)s error. Nothing was written.", "%(count)s errors. Nothing was written.", count)
        raise CommandError("\n".join([*lines, last % {"count": count}]))

    def _tell(self, imported: Imported) -> None:
        words = _("%(file)s: %(adds)s added, %(changes)s changed, %(ends)s ended, %(same)s unchanged.")
        for kind, told in imported.plan.told.items():
            counts = {"adds": told.adds, "changes": told.changes, "ends": told.ends, "same": told.same}
            self.stdout.write(words % {"file": FileKind(kind).label.capitalize(), **counts})
            if told.unused:
                self.stdout.write(_("  Not used: %(columns)s") % {"columns": ", ".join(told.unused)})
        if imported.run is None:
            self.stdout.write(_("Nothing was written."))
        elif imported.run.handover:
            count = len(imported.run.handover)
            last = ngettext(
                "%(count)s person who left had open tasks: see the import's page.",
                "%(count)s people who left had open tasks: see the import's page.",
                count,
            )
            self.stdout.write(last % {"count": count})


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte too many is enough to tell that the file is too large.
            return file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def _administrator(municipality: Municipality, email: str | None) -> User | None:
    if not email:
        return None
    found = User.objects.filter(municipality=municipality, email=email.lower(), is_active=True).first()
    if found is None:
        raise CommandError(_("Nobody in the municipality has the e-mail address %(email)s.") % {"email": email})
    return found
