"""Load question sets: ``manage.py load_question_sets [FOLDER] [--municipality KEY] [--check]``.

See docs/question-sets.md.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.catalogue import SetsError, read_folder
from incidents.catalogue.reading import PACKAGED
from incidents.services import load_question_sets
from organisation.models import Municipality


class Command(BaseCommand):
    """Load the questions of each kind of event; the same files again change nothing, changed ones are new versions."""

    help = "Load question sets: the packaged ones, or those of a folder, for all municipalities or for one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=PACKAGED, metavar="FOLDER")
        parser.add_argument("--municipality", metavar="KEY", help="Only for the municipality of this key.")
        parser.add_argument("--check", action="store_true", help="Read and check the files, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sets = read_folder(options["folder"])
        except SetsError as error:
            raise CommandError(f"{error}\n{_('Nothing was loaded.')}") from error
        if options["check"]:
            self.stdout.write(_("%(count)s question sets, nothing wrong.") % {"count": len(sets)})
            return
        towns = Municipality.objects.order_by("key")
        if key := options["municipality"]:
            towns = towns.filter(key=key)
            if not towns:
                raise CommandError(_("No municipality has the key “%(key)s”.") % {"key": key})
        with transaction.atomic():
            told = [(town.name, load_question_sets(municipality=town, sets=sets.values())) for town in towns]
        for name, written in told:
            versions = ", ".join(f"{one.kind} {one.version}" for one in written) or _("nothing changed")
            self.stdout.write(f"{name}: {versions}")
