"""``manage.py demo_persons``: whom to log in as in each demo municipality, and what to try."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from followup.demo.password import demo_password
from followup.demo.to_try import ToTry, let_in_by, people_to_try
from organisation.models import Municipality


class Command(BaseCommand):
    """Print one invented person per role, with address, password and what to try."""

    help = "Print whom to log in as in each demo municipality: role, e-mail, password and what to try."

    def handle(self, *args: Any, **options: Any) -> None:
        municipalities = Municipality.objects.filter(is_demo=True)
        if not municipalities:
            self.stdout.write(_("No municipality is filled with invented data. Run seed_demo first."))
            return
        password = demo_password()
        for municipality in municipalities:
            let_in_by(password, municipality)
            self.stdout.write(f"\n{municipality.name}")
            self._table(list(people_to_try(municipality)))
        told = _("All of them are invented. They log in with the password: %(password)s")
        self.stdout.write(f"\n{told % {'password': password}}")

    def _table(self, people: list[ToTry]) -> None:
        rows = [(f"{one.title}, {one.body}", one.name, one.email, one.what) for one in people]
        head = (_("Role"), _("Name"), _("E-mail"), _("Try this"))
        widths = [max(len(row[column]) for row in (head, *rows)) for column in range(3)]
        for row in (head, *rows):
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  " + "  ".join([*cells, row[3]]))
