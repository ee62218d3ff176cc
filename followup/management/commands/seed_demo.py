"""``manage.py seed_demo MUNICIPALITY --year Y``: invented people, events, risks and plans."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from followup.demo import DemoRefused, seed_demo
from organisation.models import Municipality


class Command(BaseCommand):
    """Fill a loaded municipality with a demo year; again changes nothing."""

    help = (
        "Fill a municipality with invented people, incidents, risks and action plans. Again changes nothing. "
        "DEMO_PASSWORD in the environment chooses their password; else one is made and kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("municipality", help="The municipality's key in its file.")
        parser.add_argument("--year", type=int, required=True, help="The last year of the demo: a whole one is best.")

    def handle(self, *args: Any, **options: Any) -> None:
        key = options["municipality"]
        municipality = Municipality.objects.filter(key=key).first()
        if municipality is None:
            known = ", ".join(Municipality.objects.order_by("key").values_list("key", flat=True)) or "–"
            raise CommandError(
                _("There is no municipality “%(key)s”. Loaded: %(known)s.") % {"key": key, "known": known}
            )
        try:
            seeded = seed_demo(municipality=municipality, year=options["year"])
        except DemoRefused as error:
            raise CommandError(str(error)) from error
        if not seeded.is_new:
            self.stdout.write(_("%(name)s is already filled with invented data.") % {"name": municipality.name})
            return
        summary = _(
            "%(name)s: %(people)s invented people, %(incidents)s incidents, %(risks)s risks, %(plans)s action plans."
        )
        self.stdout.write(summary % {"name": municipality.name, **seeded.counts})
