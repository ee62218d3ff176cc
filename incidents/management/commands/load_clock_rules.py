"""``manage.py load_clock_rules [FILE] [--municipality KEY] [--check]``: load clock rules (docs/clocks.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.clocks.rule_file import PACKAGED, RuleFileError, parse_rules
from incidents.clocks.rules import load_rules
from organisation.errors import DomainError
from organisation.models import Municipality


class Command(BaseCommand):
    """Load the rules by which authorities must be notified; the same rules again change nothing."""

    help = "Load clock rules: the packaged ones, or those of a file, for all municipalities or for one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=PACKAGED, metavar="FILE")
        parser.add_argument("--municipality", metavar="KEY", help="Only for the municipality of this key.")
        parser.add_argument("--check", action="store_true", help="Read and check the file, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            versions = parse_rules(options["file"])
        except RuleFileError as error:
            raise CommandError(f"{error}\n{_('Nothing was loaded.')}") from error
        if options["check"]:
            self.stdout.write(_("%(count)s rules, nothing wrong.") % {"count": len(versions)})
            return
        towns = Municipality.objects.order_by("key")
        if key := options["municipality"]:
            towns = towns.filter(key=key)
            if not towns:
                raise CommandError(_("No municipality has the key “%(key)s”.") % {"key": key})
        try:
            with transaction.atomic():
                told = [(town.name, load_rules(town, versions)) for town in towns]
        except DomainError as error:
            raise CommandError(f"{error}\n{_('Nothing was loaded.')}") from error
        for name, counts in told:
            summary = _("%(name)s: %(created)s created, %(changed)s changed, %(unchanged)s unchanged.")
            self.stdout.write(summary % {"name": name, **counts})
